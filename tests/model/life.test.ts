import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { anyStep } from './steps.ts'
import { buildHouse, openWorld } from './world.ts'

const steps = Number(process.env.MODEL_STEPS ?? 2_000)
/** the same lives in every `npm test`; a soak is given another one */
const seed = Number(process.env.MODEL_SEED ?? 1)
const stepsPerLife = 100
const livesPerRound = 10
const tellEvery = 5_000
/** by then a life that goes wrong is short enough to read */
const shortenMs = 300_000

test(`${steps} steps of random lives of parcels, seed ${seed}`, { timeout: 60_000 + steps * 200 }, async () => {
  const database = await timelessDatabase()
  const house = await buildHouse(database.sql)
  const began = Date.now()
  let played = 0
  let lives = 0
  const life = fc.commands([anyStep.map(step => new Play(step))], { maxCommands: stepsPerLife, size: 'max' })
  const property = fc.asyncProperty(life, async commands => {
    const world = await openWorld(house)
    lives += 1
    try {
      await fc.asyncModelRun(() => ({ model: newModel(), real: world }), commands)
      played += world.steps
    } finally {
      await world.close()
    }
  })
  const tell = (to: number) =>
    console.log(`model: ${played} steps in ${lives} lives, seeds ${seed} to ${to}, ${(Date.now() - began) / 1000} s`)
  try {
    for (let now = seed, told = 0; played < steps; now++) {
      await fc.assert(property, { seed: now, numRuns: livesPerRound, interruptAfterTimeLimit: shortenMs })
      if (played < told + tellEvery && played < steps) continue
      told = played
      tell(now)
    }
  } finally {
    await database.close()
  }
  expect(played).toBeGreaterThanOrEqual(steps)
})
