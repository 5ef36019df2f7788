import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { newModel, Play, type Step } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { buildHouse, openWorld } from './world.ts'

let database: Awaited<ReturnType<typeof timelessDatabase>>
let house: Awaited<ReturnType<typeof buildHouse>>
beforeAll(async () => {
  database = await timelessDatabase()
  house = await buildHouse(database.sql)
})
afterAll(() => database.close())

/** Lives that the random ones once found to go wrong. */
const lives: [string, Step[]][] = [
  [
    'a sensor cut off in the middle says "occupied" of a box that was looked into since',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'power cut', afterEffects: 2 },
      { type: 'collect', which: 0, takes: true, shuts: false, wrong: false },
      { type: 'look', door: 1 },
    ],
  ],
  [
    'what was laid into a box since the restored copy was made',
    [
      { type: 'time', ms: 310_000 },
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: false },
      { type: 'back up' },
      { type: 'network cut' },
      { type: 'time', ms: 310_000 },
      { type: 'network on' },
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'put back' },
      { type: 'time', ms: 1_000 },
    ],
  ],
  [
    'a reserved box is forced while its order came too late',
    [
      { type: 'time', ms: 310_000 },
      { type: 'look', door: 2 },
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: false },
      { type: 'force', door: 2 },
      { type: 'time', ms: 86_400_000 },
    ],
  ],
  [
    'a box was looked into while the bank was without power and its door stood open',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: false },
      { type: 'power cut', afterEffects: 12 },
      { type: 'time', ms: 310_000 },
      { type: 'force', door: 2 },
      { type: 'look', door: 2 },
      { type: 'power on' },
    ],
  ],
]

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
