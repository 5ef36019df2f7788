import type { ParcelRow } from '../store/rows.ts'

type State = ParcelRow['state']
export const correctStates = ['waiting', 'collected', 'cancelled', 'returned'] as const
export type CorrectState = (typeof correctStates)[number]

const corrections: Record<State, readonly CorrectState[]> = {
  // a deposit under way is ended by its courier, by time, or by a look
  placing: [],
  waiting: ['collected', 'cancelled', 'returned'],
  expired: ['collected', 'cancelled', 'returned'],
  contested: ['waiting', 'collected', 'cancelled', 'returned'],
  collected: ['waiting', 'returned'],
  cancelled: ['waiting', 'collected', 'returned'],
  returned: ['waiting', 'collected'],
}

/** What a caretaker may say a parcel is instead, with a reason. */
export const mayCorrect = (from: State, to: CorrectState): boolean => corrections[from].includes(to)

const ended: State[] = ['collected', 'cancelled', 'returned']

type Box = { from: State; offer: string; holdsAnother: boolean }

/** A word about a parcel is no look into a box: one that it should have left is looked into before it is offered. */
export function boxAfterCorrection(to: CorrectState, box: Box): 'in-use' | 'contested' | 'refused' | 'as it was' {
  const taken = box.holdsAnother || box.offer === 'reserved' || box.offer === 'retired'
  if (to === 'waiting') return taken ? 'refused' : 'in-use'
  return taken || ended.includes(box.from) ? 'as it was' : 'contested'
}
