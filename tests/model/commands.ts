import fc from 'fast-check'
import { type AtCounter, atCounter } from './caretaker.ts'
import { backUp, putBack } from './database.ts'
import { judge, nothingSeen, type Seen } from './invariants.ts'
import {
  type Collector,
  type Courier,
  collect,
  deposit,
  type Inspection,
  look,
  openByOrder,
  saysDeposited,
  shut,
} from './people.ts'
import type { Faults, World } from './world.ts'

export type Step =
  | ({ type: 'deposit' } & Courier)
  | ({ type: 'collect' } & Collector)
  | { type: 'look'; door: number }
  | ({ type: 'open' } & Inspection)
  | ({ type: 'counter' } & AtCounter)
  | { type: 'shut'; door: number }
  | { type: 'says deposited'; which: number }
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
  | { type: 'put back' }

const door = fc.integer({ min: 1, max: 4 })
const often = fc.boolean()
const mostly = fc.integer({ min: 0, max: 5 }).map(n => n > 0)

const which = fc.nat(40)
const atTheCounter: fc.Arbitrary<AtCounter> = fc.oneof(
  fc.record({ does: fc.constantFrom('retires' as const, 'returns' as const), door }),
  fc.record({ does: fc.constantFrom('gives a new code' as const, 'gives more time' as const), which }),
  fc.record({ does: fc.constant('reassigns' as const), which, who: fc.nat(2) }),
  fc.record({ does: fc.constant('opens for them' as const), which, takes: mostly, shuts: mostly }),
  fc.record({
    does: fc.constant('corrects' as const),
    which,
    state: fc.constantFrom('waiting' as const, 'collected' as const, 'cancelled' as const, 'returned' as const),
  }),
)

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('deposit' as const),
      who: fc.integer({ min: 0, max: 2 }),
      size: fc.constantFrom('S' as const, 'M' as const, 'L' as const),
      steps: fc.constantFrom(4, 4, 4, 3, 2, 1, 0),
      end: fc.constantFrom('walks away' as const, 'cancels' as const, 'swaps' as const),
      honest: mostly,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('collect' as const),
      which,
      takes: mostly,
      shuts: mostly,
      wrong: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('look' as const), door }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('open' as const),
      door,
      does: fc.constantFrom('nothing' as const, 'leaves junk' as const, 'clears' as const),
      shuts: mostly,
    }),
  },
  { weight: 5, arbitrary: atTheCounter.map(does => ({ type: 'counter' as const, ...does })) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('shut' as const), door }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('says deposited' as const), which }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('power cut' as const), afterEffects: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.constant({ type: 'power on' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'network cut' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'network on' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('messages' as const),
      fault: fc.constantFrom('loseUp' as const, 'loseDown' as const, 'doubleUp' as const, 'doubleDown' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('late wills' as const), on: often }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('jam' as const), door, jammed: often }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('force' as const), door }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('time' as const),
      ms: fc.constantFrom(1_000, 11_000, 61_000, 130_000, 310_000, 86_400_000, 6 * 86_400_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'back up' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'put back' as const }) },
)

type Model = { backup: Seen | null; seen: Seen }
export const newModel = (): Model => ({ backup: null, seen: nothingSeen() })

export class Play implements fc.AsyncCommand<Model, World> {
  readonly step: Step
  constructor(step: Step) {
    this.step = step
  }
  check = () => true
  toString = () => JSON.stringify(this.step)
  async run(model: Model, world: World): Promise<void> {
    world.steps += 1
    await world.pass(200)
    await play(this.step, model, world)
    await world.settle()
    const wrong = await judge(world, model.seen)
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
  }
}

async function play(step: Step, model: Model, world: World): Promise<void> {
  switch (step.type) {
    case 'deposit':
      return deposit(world, step)
    case 'collect':
      return collect(world, step)
    case 'look':
      return look(world, step.door)
    case 'open':
      return openByOrder(world, step)
    case 'counter':
      return atCounter(world, step)
    case 'shut':
      return shut(world, step.door)
    case 'says deposited': {
      const id = world.parcels[step.which % world.parcels.length]
      return id ? saysDeposited(world, id) : undefined
    }
    case 'power cut':
      if (step.afterEffects === 0) world.device.losePower()
      else world.device.effectsLeft = step.afterEffects
      return
    case 'power on':
      return world.powerOn()
    case 'network cut':
      return world.disconnect()
    case 'network on':
      return world.connect()
    case 'messages':
      world.faults[step.fault] += 1
      return
    case 'late wills':
      world.faults.lateWill = step.on
      return
    case 'jam':
      return world.device.hardware.jam(step.door, step.jammed)
    case 'force':
      if (world.device.state.on) world.device.senses(world.device.hardware.open(step.door))
      return
    case 'time':
      return world.pass(step.ms)
    case 'back up':
      await backUp(world.sql, 'kept')
      model.backup = structuredCopy(model.seen)
      return
    case 'put back':
      return restore(model, world)
    default:
      step satisfies never
  }
}

const structuredCopy = ({ n, hash, boxes, parcels }: Seen): Seen => ({
  n,
  hash,
  boxes: new Map([...boxes].map(([id, box]) => [id, { ...box }])),
  parcels: new Map(parcels),
})

/** The server is stopped, an older database is put back, the server starts again: the device connects anew. */
async function restore(model: Model, world: World): Promise<void> {
  if (!model.backup) return
  await world.disconnect()
  await putBack(world.sql, 'kept')
  model.seen = structuredCopy(model.backup)
  await world.connect()
}
