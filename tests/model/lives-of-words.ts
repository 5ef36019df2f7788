import type { Step } from './steps.ts'

/** What was said of a parcel by its resident or a caretaker, and of those that lie beside one another. */
export const livesOfWords: [string, Step[]][] = [
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
    'given to somebody else, whose code opens and not the first one’s',
    [
      { type: 'deposit', who: 0, size: 'S', steps: 4, end: 'walks away', honest: true },
      { type: 'counter', does: 'reassigns', which: 0, who: 1 },
      { type: 'collect', which: 0, pulls: true, takes: true, shuts: true, wrong: false },
      { type: 'time', ms: 310_000 },
    ],
  ],
]
