import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyStep, newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { openWorld } from './world.ts'

const steps = Number(process.env.MODEL_STEPS ?? 2_200)
const seed = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const perRun = 60

test(`${steps} steps of random lives of parcels, seed ${seed}`, { timeout: steps * 200 }, async () => {
  const database = await timelessDatabase()
  let played = 0
  let runs = 0
  const life = fc.commands([anyStep.map(step => new Play(step))], { maxCommands: perRun, size: 'max' })
  await fc.assert(
    fc.asyncProperty(life, async commands => {
      const world = await openWorld(database.sql, ++runs)
      await fc.asyncModelRun(() => ({ model: newModel(), real: world }), commands)
      played += [...commands].length
      await world.close()
    }),
    { seed, numRuns: 1_000_000, markInterruptAsFailure: false, interruptAfterTimeLimit: undefined as never },
  )
  await database.close()
  console.log(`model: ${played} steps in ${runs} lives, seed ${seed}`)
  expect(played).toBeGreaterThanOrEqual(steps)
})
