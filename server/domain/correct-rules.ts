import { type CorrectState, corrections } from '../../schema/api/corrections.ts'
import type { ParcelRow } from '../store/rows.ts'

type State = ParcelRow['state']
const ended: State[] = ['collected', 'cancelled', 'returned']

export const hasEnded = (state: State): boolean => ended.includes(state)

export const mayCorrect = (from: State, to: CorrectState): boolean => corrections[from].includes(to)

type Box = { from: State; offer: string; holdsAnother: boolean }

/** A word about a parcel is no look into a box: one that it should have left is looked into before it is offered. */
export function boxAfterCorrection(to: CorrectState, box: Box): 'in-use' | 'contested' | 'refused' | 'as it was' {
  const taken = box.holdsAnother || box.offer === 'reserved' || box.offer === 'retired'
  if (to === 'waiting') return taken ? 'refused' : 'in-use'
  // opened again after it was collected, or its sensor has not said what is left: nobody waits for that any more
  const isSettled = hasEnded(box.from) && box.offer !== 'in-use'
  return taken || isSettled ? 'as it was' : 'contested'
}
