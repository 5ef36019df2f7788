import type { Static } from 'typebox'
import type { Correct, CounterParcel } from './counter.ts'

type State = CounterParcel['state']
export type CorrectState = Static<typeof Correct>['state']

/** What a caretaker may say a parcel is instead, with a reason. */
export const corrections: Record<State, readonly CorrectState[]> = {
  // a deposit under way is ended by its courier, by time, or by a look
  placing: [],
  waiting: ['collected', 'returned', 'cancelled'],
  expired: ['collected', 'returned', 'cancelled'],
  contested: ['waiting', 'collected', 'returned', 'cancelled'],
  collected: ['waiting', 'returned'],
  cancelled: ['waiting', 'collected', 'returned'],
  returned: ['waiting', 'collected'],
}
