import type fc from 'fast-check'
import { markAllAway } from '../../server/store/controllers.ts'
import { atCounter } from './caretaker.ts'
import { deposit, layBeside, saysDeposited, shelve, takeBack } from './couriers.ts'
import { backUp, putBack } from './database.ts'
import { copyOf, nothingSeen, type Seen } from './evidence.ts'
import { judge } from './invariants.ts'
import { collect, look, openByOrder, saysNotMine, sendsSomebody, shut } from './people.ts'
import type { Step } from './steps.ts'
import type { World } from './world.ts'

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
  const { device, faults } = world
  switch (step.type) {
    case 'deposit':
      return deposit(world, step)
    case 'collect':
      return collect(world, step)
    case 'sends somebody':
      return sendsSomebody(world, step)
    case 'look':
      return look(world, step.door)
    case 'open':
      return openByOrder(world, step)
    case 'lay beside':
      return layBeside(world, step)
    case 'shelf':
      return shelve(world, step)
    case 'take back':
      return takeBack(world, step)
    case 'counter':
      return atCounter(world, step)
    case 'shut':
      return shut(world, step.door)
    case 'says deposited':
    case 'says not mine': {
      const id = world.parcels[step.which % world.parcels.length]
      if (!id) return
      return step.type === 'says deposited' ? saysDeposited(world, id) : saysNotMine(world, id)
    }
    case 'power cut':
      if (step.afterEffects === 0) device.losePower()
      else device.effectsLeft = step.afterEffects
      return
    case 'power on':
      return world.powerOn()
    case 'network cut':
      return world.disconnect()
    case 'network on':
      return world.connect()
    case 'messages':
      faults[step.fault] += 1
      return
    case 'late wills':
      faults.lateWill = step.on
      return
    case 'jam':
      return device.hardware.jam(step.door, step.jammed)
    case 'force':
      if (device.state.on) device.senses(device.hardware.open(step.door))
      return
    case 'time':
      return world.pass(step.ms)
    case 'back up':
      await backUp(world.sql, 'kept')
      model.backup = copyOf(model.seen)
      return
    case 'put back':
      return restore(model, world, step.late)
    default:
      step satisfies never
  }
}

/** The server is stopped, an older database is put back, the server starts again: the device connects anew. */
async function restore(model: Model, world: World, late: boolean): Promise<void> {
  if (!model.backup) return
  await world.disconnect()
  await putBack(world.sql, 'kept')
  model.seen = copyOf(model.backup)
  await markAllAway(world.sql)
  world.jobsAt = 0
  if (late) world.faults.loseEvents += 1
  await world.connect()
}
