import fc from 'fast-check'
import type { AtCounter } from './caretaker.ts'
import type { Courier, Second, Shelf, TakesBack } from './couriers.ts'
import type { Collector, Inspection, Sends } from './people.ts'
import type { Faults } from './world.ts'

export type Step =
  | ({ type: 'deposit' } & Courier)
  | ({ type: 'collect' } & Collector)
  | ({ type: 'sends somebody' } & Sends)
  | { type: 'look'; door: number }
  | ({ type: 'open' } & Inspection)
  | ({ type: 'counter' } & AtCounter)
  | ({ type: 'lay beside' } & Second)
  | ({ type: 'shelf' } & Shelf)
  | ({ type: 'take back' } & TakesBack)
  | { type: 'shut'; door: number }
  | { type: 'says deposited'; which: number }
  | { type: 'says not mine'; which: number }
  | { type: 'power cut'; afterEffects: number }
  | { type: 'power on' }
  | { type: 'network cut' }
  | { type: 'network on' }
  | { type: 'messages'; fault: Exclude<keyof Faults, 'lateWill'> }
  | { type: 'late wills'; on: boolean }
  | { type: 'jam'; door: number; jammed: boolean }
  | { type: 'force'; door: number }
  | { type: 'time'; ms: number }
  | { type: 'back up' }
  /** `late`: what the bank has to tell comes only 10 s after it is back */
  | { type: 'put back'; late: boolean }

const door = fc.integer({ min: 1, max: 4 })
const often = fc.boolean()
const mostly = fc.integer({ min: 0, max: 5 }).map(n => n > 0)
const rarely = fc.integer({ min: 0, max: 9 }).map(n => n === 0)
const which = fc.nat(40)
const who = fc.nat(3)
const oneOf = <T extends string>(...words: T[]) => fc.constantFrom(...words)
/** How far a courier gets; most get to the end. */
const steps = fc.constantFrom(4, 4, 4, 3, 2, 1, 0)

const atCounter: fc.Arbitrary<AtCounter> = fc.oneof(
  fc.record({ does: oneOf('retires', 'returns'), door }),
  fc.record({ does: oneOf('gives a new code', 'gives more time'), which }),
  fc.record({ does: oneOf('reassigns'), which, who }),
  fc.record({ does: oneOf('opens for them'), which, takes: mostly, shuts: mostly }),
  fc.record({ does: oneOf('corrects'), which, state: oneOf('waiting', 'collected', 'cancelled', 'returned') }),
)

const is = <T extends Step['type']>(type: T) => fc.constant(type)
const weighed: [weight: number, step: fc.Arbitrary<Step>][] = [
  [
    6,
    fc.record({
      ...{ type: is('deposit'), who, size: oneOf('S', 'M', 'L'), steps },
      ...{ end: oneOf('walks away', 'cancels', 'swaps'), honest: mostly },
    }),
  ],
  [6, fc.record({ type: is('collect'), which, pulls: mostly, takes: mostly, shuts: mostly, wrong: rarely })],
  [1, fc.record({ type: is('sends somebody'), which, revokes: rarely })],
  [3, fc.record({ type: is('look'), door })],
  [2, fc.record({ type: is('open'), door, does: oneOf('nothing', 'leaves junk', 'clears'), shuts: mostly })],
  [5, atCounter.map(does => ({ type: 'counter' as const, ...does }))],
  [3, fc.record({ type: is('lay beside'), who, steps, honest: mostly, cancels: often })],
  [1, fc.record({ type: is('shelf'), who, goesTo: oneOf('stays', 'resident', 'carrier') })],
  [
    2,
    fc.record({
      ...{ type: is('take back'), which, takes: mostly, shuts: mostly },
      says: oneOf('taken', 'taken', 'not there', 'nothing'),
    }),
  ],
  [2, fc.record({ type: is('shut'), door })],
  [1, fc.record({ type: is('says deposited'), which })],
  [1, fc.record({ type: is('says not mine'), which })],
  [1, fc.record({ type: is('power cut'), afterEffects: fc.nat(12) })],
  [2, fc.record({ type: is('power on') })],
  [1, fc.record({ type: is('network cut') })],
  [2, fc.record({ type: is('network on') })],
  [1, fc.record({ type: is('messages'), fault: oneOf('loseUp', 'loseDown', 'doubleUp', 'doubleDown', 'loseEvents') })],
  [1, fc.record({ type: is('late wills'), on: often })],
  [1, fc.record({ type: is('jam'), door, jammed: often })],
  [1, fc.record({ type: is('force'), door })],
  [
    4,
    fc.record({
      type: is('time'),
      ms: fc.constantFrom(1_000, 11_000, 61_000, 130_000, 310_000, 86_400_000, 6 * 86_400_000),
    }),
  ],
  [1, fc.record({ type: is('back up') })],
  [1, fc.record({ type: is('put back'), late: often })],
]

export const anyStep: fc.Arbitrary<Step> = fc.oneof(...weighed.map(([weight, arbitrary]) => ({ weight, arbitrary })))
