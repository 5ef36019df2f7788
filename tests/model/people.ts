import { makeAlert } from '../../server/domain/alerts.ts'
import { addDelegate, revokeDelegate } from '../../server/domain/delegates.ts'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { openDoor } from '../../server/domain/orders.ts'
import { pickupGrantOf } from '../../server/store/wall.ts'
import type { World } from './world.ts'

export const person = '00000000-0000-7000-8000-00000000000c'

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

export const parcelsIn = (world: World, door: number) => [...world.inside.get(door)!].filter(thing => thing !== 'junk')

/** The notice that a resident gets. */
export async function learnCode(world: World, parcel: string): Promise<void> {
  const grant = await pickupGrantOf(world.sql, parcel)
  if (grant) await learn(world, grant, parcel)
}

async function learn(world: World, grant: string, parcel: string): Promise<void> {
  if (world.codes.some(each => each.grant === grant)) return
  const [{ door } = { door: 0 }] = await world.sql<{ door: number }[]>`
    select d.door from grants g join doors d on d.id = g.door_id where g.id = ${grant}`
  world.codes.push({ grant, code: await codeOfGrant(world.ctx, grant), door, parcel, firstAt: null })
}

/** `pulls`: or goes away from a door that was unlocked for them */
export type Collector = { which: number; pulls: boolean; takes: boolean; shuts: boolean; wrong: boolean }

export async function collect(world: World, { which, pulls, takes, shuts, wrong }: Collector): Promise<void> {
  const told = world.codes[which % world.codes.length]
  if (!told) return
  const code = wrong ? String((Number(told.code) + 1) % 10 ** 8).padStart(8, '0') : told.code
  if (world.device.state.on) world.device.type(code)
  await world.settle()
  await world.pass(300)
  if (wrong || !pulls || !pull(world, told.door)) return
  if (takes) take(world, told.door, parcelsIn(world, told.door))
  if (shuts) shut(world, told.door)
  await world.pass(300)
}

export type Sends = { which: number; revokes: boolean }

/** A resident sends somebody else, with a code of their own; or has thought better of it. */
export async function sendsSomebody(world: World, { which, revokes }: Sends): Promise<void> {
  const parcelId = world.parcels[which % world.parcels.length]
  const [parcel] = await world.sql<{ residentId: string }[]>`
    select resident_id from parcels where id = ${parcelId ?? null}`
  if (!parcelId || !parcel) return
  const { residentId } = parcel
  const made = await world.tries(addDelegate(world.ctx, { parcelId, residentId, name: 'Ana' }))
  if (!made) return
  await learn(world, made.grantId, parcelId)
  if (revokes) await world.tries(revokeDelegate(world.ctx, { id: made.id, residentId }))
}

export async function saysNotMine(world: World, parcelId: string): Promise<void> {
  await world.tries(makeAlert(world.ctx, { parcelId, kind: 'not-mine', actorId: person }))
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
