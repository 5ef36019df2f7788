import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { livesAtBoxes } from './lives-at-boxes.ts'
import { livesOfWords } from './lives-of-words.ts'
import { buildHouse, openWorld } from './world.ts'

let database: Awaited<ReturnType<typeof timelessDatabase>>
let house: Awaited<ReturnType<typeof buildHouse>>
beforeAll(async () => {
  database = await timelessDatabase()
  house = await buildHouse(database.sql)
})
afterAll(() => database.close())

/** Lives that the random ones once found to go wrong. */
const lives = [...livesAtBoxes, ...livesOfWords]

test.each(lives)('%s', async (_name, steps) => {
  const world = await openWorld(house)
  try {
    await fc.asyncModelRun(
      () => ({ model: newModel(), real: world }),
      steps.map(step => new Play(step)),
    )
  } finally {
    await world.close()
  }
})
