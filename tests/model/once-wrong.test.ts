import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import type { Step } from './steps.ts'
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
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: false, wrong: false },
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
      { type: 'put back', late: false },
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
  [
    'an opening for a deposit of before is told while the box is another courier’s, whose order came too late',
    [
      { type: 'power cut', afterEffects: 8 },
      { type: 'time', ms: 518_400_000 },
      { type: 'deposit', who: 0, size: 'L', steps: 0, end: 'swaps', honest: false },
      { type: 'look', door: 4 },
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: false },
      { type: 'power on' },
      { type: 'time', ms: 310_000 },
    ],
  ],
  [
    'the first parcel is collected while a courier lays a second one beside it',
    [
      { type: 'deposit', who: 2, size: 'L', steps: 4, end: 'walks away', honest: false },
      { type: 'lay beside', who: 2, steps: 3, honest: false, cancels: false },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: false, wrong: false },
      { type: 'time', ms: 310_000 },
    ],
  ],
  [
    'opened at the counter after a restore, before the bank has told that the parcel was collected',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'back up' },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: false, wrong: false },
      { type: 'time', ms: 86_400_000 },
      { type: 'messages', fault: 'loseUp' },
      { type: 'put back', late: false },
      { type: 'counter', does: 'opens for them', which: 0, takes: false, shuts: false },
    ],
  ],
  [
    'opened at the counter when the bank is back, and has not told yet that the parcel was collected meanwhile',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'network cut' },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: false, wrong: false },
      { type: 'time', ms: 310_000 },
      { type: 'messages', fault: 'loseEvents' },
      { type: 'network on' },
      { type: 'counter', does: 'opens for them', which: 0, takes: false, shuts: false },
    ],
  ],
  [
    'unlocked again within the two minutes and not opened: the box is not lost',
    [
      { type: 'deposit', who: 0, size: 'M', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'collect', which: 0, pulls: false, takes: false, shuts: false, wrong: false },
      { type: 'time', ms: 310_000 },
    ],
  ],
  [
    'out of service, and told late of an opening for a deposit that was cancelled',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 0, end: 'walks away', honest: true },
      { type: 'messages', fault: 'loseEvents' },
      { type: 'deposit', who: 1, size: 'S', steps: 0, end: 'cancels', honest: true },
      { type: 'counter', does: 'retires', door: 2 },
      { type: 'time', ms: 11_000 },
    ],
  ],
  [
    'a box asked for after a restore, before the bank has told what was laid into it since',
    [
      { type: 'back up' },
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'put back', late: true },
      { type: 'deposit', who: 1, size: 'L', steps: 4, end: 'walks away', honest: true },
    ],
  ],
  [
    'a box unlocked again by who collected from it is not given to a courier',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: false, takes: false, shuts: false, wrong: false },
      { type: 'collect', which: 0, pulls: false, takes: false, shuts: false, wrong: false },
      { type: 'deposit', who: 1, size: 'L', steps: 0, end: 'walks away', honest: true },
    ],
  ],
  [
    'looked into while a courier is at it, who got it before an opening of before was told',
    [
      { type: 'deposit', who: 3, size: 'L', steps: 1, end: 'cancels', honest: true },
      { type: 'messages', fault: 'loseEvents' },
      { type: 'deposit', who: 1, size: 'S', steps: 1, end: 'swaps', honest: true },
      { type: 'look', door: 1 },
      { type: 'deposit', who: 2, size: 'S', steps: 1, end: 'walks away', honest: true },
      { type: 'time', ms: 130_000 },
      { type: 'look', door: 1 },
    ],
  ],
  [
    'taken back by its carrier from a box in which something else was found',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: false },
      { type: 'open', door: 4, does: 'leaves junk', shuts: true },
      { type: 'look', door: 4 },
      { type: 'time', ms: 518_400_000 },
      { type: 'take back', which: 0, says: 'taken', takes: true, shuts: true },
    ],
  ],
  [
    'collected, and what was left in it was fetched after somebody had looked',
    [
      { type: 'deposit', who: 1, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: true, wrong: false },
      { type: 'look', door: 1 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
    ],
  ],
  [
    'a parcel beside another is not theirs, the other was collected, and somebody looked',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 0, steps: 4, honest: true, cancels: false },
      { type: 'network cut' },
      { type: 'says not mine', which: 1 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: false, wrong: false },
      { type: 'look', door: 4 },
    ],
  ],
  [
    'a second parcel was never said to be laid beside the first, which is collected',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 0, steps: 2, honest: true, cancels: false },
      { type: 'time', ms: 310_000 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
    ],
  ],
  [
    'the same, and the first is taken back by its carrier',
    [
      { type: 'deposit', who: 0, size: 'M', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 0, steps: 3, honest: true, cancels: false },
      { type: 'time', ms: 518_400_000 },
      { type: 'take back', which: 0, says: 'taken', takes: true, shuts: true },
    ],
  ],
  [
    'a second parcel waits after all when both were said to be collected',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 0, steps: 4, honest: true, cancels: false },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: true, wrong: false },
      { type: 'counter', does: 'corrects', which: 1, state: 'waiting' },
    ],
  ],
  [
    '"not mine" of a parcel whose box is out of service, and empty when it comes back',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'counter', does: 'retires', door: 4 },
      { type: 'says not mine', which: 0 },
      { type: 'counter', does: 'returns', door: 4 },
    ],
  ],
  [
    '"not mine" while a courier lays another one beside it',
    [
      { type: 'deposit', who: 0, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 0, steps: 2, honest: true, cancels: false },
      { type: 'says not mine', which: 0 },
      { type: 'says deposited', which: 1 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
    ],
  ],
  [
    'said to be returned, and the box that its courier left open was shut after that',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 1, end: 'walks away', honest: false },
      { type: 'time', ms: 310_000 },
      { type: 'counter', does: 'corrects', which: 0, state: 'returned' },
      { type: 'shut', door: 1 },
    ],
  ],
  [
    'said to wait after all in a box from which a later parcel was collected',
    [
      { type: 'deposit', who: 1, size: 'M', steps: 0, end: 'cancels', honest: true },
      { type: 'look', door: 2 },
      { type: 'deposit', who: 1, size: 'M', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: false, shuts: true, wrong: false },
      { type: 'counter', does: 'corrects', which: 0, state: 'waiting' },
      { type: 'time', ms: 86_400_000 },
    ],
  ],
  [
    'the same, and its sensor sees nothing in the box',
    [
      { type: 'deposit', who: 1, size: 'M', steps: 0, end: 'cancels', honest: true },
      { type: 'look', door: 2 },
      { type: 'deposit', who: 1, size: 'M', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'counter', does: 'corrects', which: 0, state: 'waiting' },
      { type: 'open', door: 2, does: 'nothing', shuts: true },
    ],
  ],
  [
    'a deposit beside another was cancelled, and so was the other, which waits after all',
    [
      { type: 'deposit', who: 1, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 1, steps: 2, honest: true, cancels: true },
      { type: 'counter', does: 'corrects', which: 0, state: 'cancelled' },
      { type: 'counter', does: 'corrects', which: 0, state: 'waiting' },
    ],
  ],
  [
    'not theirs, and said to be returned with what lies beside it',
    [
      { type: 'deposit', who: 1, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'lay beside', who: 1, steps: 4, honest: true, cancels: false },
      { type: 'says not mine', which: 0 },
      { type: 'counter', does: 'corrects', which: 0, state: 'returned' },
    ],
  ],
  [
    'said to be returned when its box was unlocked again by who had collected it',
    [
      { type: 'deposit', who: 2, size: 'L', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'counter', does: 'corrects', which: 0, state: 'returned' },
      { type: 'time', ms: 86_400_000 },
    ],
  ],
  [
    'unlocked again by who collected from it, after a deposit that its bank refused',
    [
      { type: 'deposit', who: 1, size: 'L', steps: 3, end: 'cancels', honest: true },
      { type: 'deposit', who: 2, size: 'M', steps: 4, end: 'swaps', honest: false },
      { type: 'time', ms: 310_000 },
      { type: 'collect', which: 39, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'deposit', who: 3, size: 'M', steps: 0, end: 'swaps', honest: true },
      { type: 'collect', which: 21, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'time', ms: 310_000 },
    ],
  ],
  [
    'said to be cancelled while a courier lays another one beside it, and is refused',
    [
      { type: 'deposit', who: 0, size: 'M', steps: 4, end: 'swaps', honest: true },
      { type: 'time', ms: 130_000 },
      { type: 'lay beside', who: 0, steps: 4, honest: true, cancels: true },
      { type: 'counter', does: 'corrects', which: 12, state: 'cancelled' },
      { type: 'time', ms: 518_400_000 },
    ],
  ],
  [
    'opened, as its bolt had stayed back, while the order for it was refused',
    [
      { type: 'look', door: 1 },
      { type: 'deposit', who: 2, size: 'L', steps: 1, end: 'cancels', honest: true },
      { type: 'time', ms: 310_000 },
      { type: 'look', door: 4 },
      { type: 'power cut', afterEffects: 10 },
      { type: 'deposit', who: 0, size: 'S', steps: 2, end: 'swaps', honest: true },
      { type: 'power on' },
      { type: 'time', ms: 518_400_000 },
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
