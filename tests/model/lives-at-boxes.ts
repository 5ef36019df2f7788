import type { Step } from './steps.ts'

/** What happened at a box, told late, twice, or in the middle of something else. */
export const livesAtBoxes: [string, Step[]][] = [
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
  [
    'unlocked again by who had collected from it, while the order of its next courier was refused',
    [
      { type: 'deposit', who: 3, size: 'L', steps: 4, end: 'swaps', honest: false },
      { type: 'time', ms: 310_000 },
      { type: 'collect', which: 17, pulls: true, takes: true, shuts: false, wrong: false },
      { type: 'look', door: 4 },
      { type: 'deposit', who: 2, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'collect', which: 3, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'time', ms: 310_000 },
    ],
  ],
  [
    'a full box that is offered',
    [
      { type: 'look', door: 1 },
      { type: 'open', door: 1, does: 'leaves junk', shuts: true },
    ],
  ],
  [
    'returned to service as empty, after a sensor had said that something lies in it',
    [
      { type: 'deposit', who: 3, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'counter', does: 'corrects', which: 0, state: 'returned' },
      { type: 'counter', does: 'retires', door: 1 },
      { type: 'network cut' },
      { type: 'force', door: 1 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'counter', does: 'returns', door: 1 },
    ],
  ],
]
