import { codeOfGrant } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { openDoor } from '../../server/domain/orders.ts'
import { cancelParcel, parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { pickupGrantOf } from '../../server/store/wall.ts'
import type { World } from './world.ts'

export type Size = 'S' | 'M' | 'L'
const person = '00000000-0000-7000-8000-00000000000c'

const canReach = (world: World, door: number): boolean => {
  const steel = world.device.hardware.door(door)
  return steel.leaf === 'open' || steel.bolt === 'unlocked'
}

/** Opens a door that was unlocked; false when it was not. */
export function pull(world: World, door: number): boolean {
  if (!canReach(world, door)) return false
  if (world.device.hardware.door(door).leaf === 'closed') world.device.senses(world.device.hardware.open(door))
  return true
}

export function shut(world: World, door: number): void {
  if (world.device.hardware.door(door).leaf === 'open') world.device.senses(world.device.hardware.shut(door))
}

export function put(world: World, door: number, thing: string): void {
  world.inside.get(door)!.add(thing)
  world.device.senses(world.device.hardware.fill(door, true))
}

export function take(world: World, door: number, things: string[]): void {
  const inside = world.inside.get(door)!
  for (const thing of things) inside.delete(thing)
  world.device.senses(world.device.hardware.fill(door, inside.size > 0))
}

export type Courier = {
  who: number
  size: Size
  /** how far they get: 0 asks for a box … 4 says that it is in */
  steps: number
  end: 'walks away' | 'cancels' | 'swaps'
  /** puts it in, or only says so */
  honest: boolean
}

/** A courier who looks before putting anything in, and says what they see. */
export async function deposit(world: World, { who, size, steps, end, honest }: Courier): Promise<void> {
  const residentId = world.residents[who % world.residents.length]!
  let box = await world.tries(placeParcel(world.ctx, { controllerId: world.controllerId, residentId, size }))
  if (!box) return
  world.parcels.push(box.id)
  await world.pass(300)
  if (steps >= 1 && pull(world, box.door) && world.inside.get(box.door)!.size > 0) {
    shut(world, box.door)
    await world.settle()
    box = await world.tries(swapParcel(world.ctx, box.id, { size, found: 'something' }))
    if (!box) return
    await world.pass(300)
  }
  const reached = steps >= 1 && pull(world, box.door) && world.inside.get(box.door)!.size === 0
  if (reached && steps >= 2 && honest) put(world, box.door, box.id)
  if (reached && steps >= 3) shut(world, box.door)
  await world.pass(300)
  if (steps >= 4) {
    await saysDeposited(world, box.id)
    return
  }
  if (end === 'cancels') await world.tries(cancelParcel(world.ctx, box.id))
  if (end === 'swaps')
    await world.tries(swapParcel(world.ctx, box.id, { size: 'L', found: honest ? undefined : 'empty' }))
}

export async function saysDeposited(world: World, id: string): Promise<void> {
  const done = await world.tries(parcelPlaced(world.ctx, id))
  // "we do not see it": said again
  if (!done) await world.tries(parcelPlaced(world.ctx, id))
  await learnCode(world, id)
}

/** The notice that a resident gets. */
export async function learnCode(world: World, parcel: string): Promise<void> {
  const grant = await pickupGrantOf(world.sql, parcel)
  if (!grant || world.codes.some(each => each.grant === grant)) return
  const [{ door } = { door: 0 }] = await world.sql<{ door: number }[]>`
    select d.door from grants g join doors d on d.id = g.door_id where g.id = ${grant}`
  world.codes.push({ grant, code: await codeOfGrant(world.ctx, grant), door, parcel, firstAt: null })
}

export type Collector = { which: number; takes: boolean; shuts: boolean; wrong: boolean }

export async function collect(world: World, { which, takes, shuts, wrong }: Collector): Promise<void> {
  const told = world.codes[which % world.codes.length]
  if (!told) return
  const code = wrong ? String((Number(told.code) + 1) % 10 ** 8).padStart(8, '0') : told.code
  if (world.device.state.on) world.device.type(code)
  await world.settle()
  await world.pass(300)
  if (wrong || !pull(world, told.door)) return
  if (takes) take(world, told.door, [told.parcel])
  if (shuts) shut(world, told.door)
  await world.pass(300)
}

/** A caretaker's look is the truth: nothing else is positive evidence. */
export async function look(world: World, door: number): Promise<void> {
  const doorId = world.doorIds.get(door)!
  const inside = world.inside.get(door)!
  const [expected] = await world.sql<{ id: string }[]>`
    select id from parcels where door_id = ${doorId} and state in ('waiting', 'expired', 'contested')
    order by made_at desc limit 1`
  const found = inside.size === 0 ? 'empty' : expected && inside.has(expected.id) ? 'parcel' : 'something-else'
  await world.tries(doorLooked(world.ctx, { doorId, found, actorId: person }))
  if (expected) await learnCode(world, expected.id)
}

export type Inspection = { door: number; does: 'nothing' | 'leaves junk' | 'clears'; shuts: boolean }

export async function openByOrder(world: World, { door, does, shuts }: Inspection): Promise<void> {
  const doorId = world.doorIds.get(door)!
  await world.tries(openDoor(world.ctx, { doorId, actorId: person, reason: 'look' }))
  await world.pass(300)
  if (!pull(world, door)) return
  if (does === 'leaves junk') put(world, door, 'junk')
  if (does === 'clears') take(world, door, [...world.inside.get(door)!])
  if (shuts) shut(world, door)
  await world.pass(300)
}
