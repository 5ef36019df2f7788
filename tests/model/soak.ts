import { spawnSync } from 'node:child_process'

/** The model's test with many more steps: `npm run soak:model`, or `MODEL_STEPS=… MODEL_SEED=…` for others. */
const anySeed = String(Math.floor(Math.random() * 2 ** 30))
const env = { MODEL_STEPS: '100000', MODEL_SEED: anySeed, ...process.env }
const command = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'tests/vitest.config.ts',
  'tests/model/life.test.ts',
]
process.exitCode = spawnSync(process.execPath, command, { env, stdio: 'inherit' }).status ?? 1
