import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyStep, newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { buildHouse, openWorld } from './world.ts'

const steps = Number(process.env.MODEL_STEPS ?? 2_000)
/** the same lives in every `npm test`; a soak is given another one */
const seed = Number(process.env.MODEL_SEED ?? 1)
const stepsPerLife = 100
const livesPerRound = 10

test(`${steps} steps of random lives of parcels, seed ${seed}`, { timeout: 60_000 + steps * 200 }, async () => {
  const database = await timelessDatabase()
  const house = await buildHouse(database.sql)
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
  try {
    for (let round = 0; played < steps; round++)
      await fc.assert(property, { seed: seed + round, numRuns: livesPerRound })
  } finally {
    await database.close()
  }
  console.log(`model: ${played} steps in ${lives} lives, seed ${seed}`)
  expect(played).toBeGreaterThanOrEqual(steps)
})
