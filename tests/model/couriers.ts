import { freeCounts } from '../../server/domain/allocation.ts'
import { joinParcel } from '../../server/domain/join-parcel.ts'
import { cancelParcel, parcelNotThere, parcelPlaced, parcelTaken, placeParcel } from '../../server/domain/parcels.ts'
import { handOver, putOnShelf } from '../../server/domain/shelf.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { boxesOf } from '../../server/store/boxes.ts'
import { learnCode, parcelsIn, person, pull, put, shut, take } from './people.ts'
import type { World } from './world.ts'

export type Size = 'S' | 'M' | 'L'
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
  const { ctx, controllerId, carrierId } = world
  const residentId = world.residents[who % world.residents.length]!
  let box = await given(world, offered, () => placeParcel(ctx, { controllerId, residentId, size, carrierId }))
  if (!box) return
  const { id } = box
  world.parcels.push(id)
  await world.pass(300)
  if (steps >= 1 && pull(world, box.door) && world.inside.get(box.door)!.size > 0) {
    shut(world, box.door)
    await world.settle()
    box = await given(world, offered, () => swapParcel(ctx, id, { size, found: 'something' }))
    if (!box) return
    await world.pass(300)
  }
  const reached = steps >= 1 && pull(world, box.door) && world.inside.get(box.door)!.size === 0
  await putIn(world, { ...box, reached }, { steps, honest })
  if (steps >= 4) return saysDeposited(world, id)
  if (end === 'cancels') await world.tries(cancelParcel(ctx, id))
  if (end !== 'swaps') return
  await given(world, offered, () => swapParcel(ctx, id, { size: 'L', found: honest ? undefined : 'empty' }))
}

const offered = ['free', 'unchecked']

/** Only a box that was offered is given, and none before the bank has told what happened since a restored copy was made. */
async function given<Box extends { door: number }>(world: World, offers: string[], ask: () => Promise<Box>) {
  const before = await world.sql<{ door: number; offer: string; doubtful: boolean }[]>`
    select d.door, d.offer, c.doubtful_until is not null as doubtful from doors d join controllers c on c.id = d.controller_id`
  const [{ doubtful } = { doubtful: false }] = before
  if (doubtful && Object.values(freeCounts(await boxesOf(world.sql, world.controllerId))).some(count => count > 0))
    world.problems.push('boxes are shown as free in doubt after a restore')
  const refused: string[] = []
  const box = await world.tries(ask(), reason => refused.push(reason))
  const was = before.find(each => each.door === box?.door)
  if (was && !offers.includes(was.offer)) world.problems.push(`box ${was.door} was given while ${was.offer}`)
  const [answer = 'given'] = refused
  if (doubtful && ['given', 'none-free', 'no-box-to-share'].includes(answer))
    world.problems.push(`a box was asked for in doubt after a restore: ${answer}`)
  return box
}

type Reached = { id: string; door: number; reached: boolean }
type Does = Pick<Courier, 'steps' | 'honest'>

async function putIn(world: World, { id, door, reached }: Reached, { steps, honest }: Does): Promise<void> {
  if (reached && steps >= 2 && honest) put(world, door, id)
  if (reached && steps >= 3) shut(world, door)
  await world.pass(300)
}

export type Second = Does & { who: number; cancels: boolean }

/** A second parcel for the same people, laid beside the first. */
export async function layBeside(world: World, { who, steps, honest, cancels }: Second): Promise<void> {
  const { controllerId, carrierId, ctx } = world
  const residentId = world.residents[who % world.residents.length]!
  const box = await given(world, ['in-use'], () => joinParcel(ctx, { controllerId, residentId, carrierId, size: 'S' }))
  if (!box) return
  world.parcels.push(box.id)
  await world.pass(300)
  await putIn(world, { ...box, reached: steps >= 1 && pull(world, box.door) }, { steps, honest })
  if (steps >= 4) await saysDeposited(world, box.id)
  else if (cancels) await world.tries(cancelParcel(ctx, box.id))
}

export async function saysDeposited(world: World, id: string): Promise<void> {
  const done = await world.tries(parcelPlaced(world.ctx, id))
  // "we do not see it": said again
  if (!done) await world.tries(parcelPlaced(world.ctx, id))
  await learnCode(world, id)
}

export type Shelf = { who: number; goesTo: 'stays' | 'resident' | 'carrier' }

/** Nothing fits: the shelf, and the counter. */
export async function shelve(world: World, { who, goesTo }: Shelf): Promise<void> {
  const { siteId, ctx } = world
  const residentId = world.residents[who % world.residents.length]!
  const done = await world.tries(putOnShelf(ctx, { siteId, residentId, size: 'M', shelf: 'A3', actorId: person }))
  if (!done) return
  world.parcels.push(done.id)
  if (goesTo !== 'stays') await world.tries(handOver(ctx, { id: done.id, to: goesTo, actorId: person }))
}

export type TakesBack = { which: number; says: 'taken' | 'not there' | 'nothing'; takes: boolean; shuts: boolean }

/** An overdue parcel goes back with its carrier. */
export async function takeBack(world: World, { which, says, takes, shuts }: TakesBack): Promise<void> {
  const overdue = await world.sql<{ id: string }[]>`
    select id from parcels where state = 'expired' and door_id is not null and joined_to is null order by id`
  const id = overdue[which % overdue.length]?.id
  if (!id) return
  const box = await world.tries(openToTakeBack(world.ctx, { id, actorId: person }))
  if (!box) return
  await world.pass(300)
  if (pull(world, box.door) && takes) take(world, box.door, parcelsIn(world, box.door))
  if (shuts) shut(world, box.door)
  await world.pass(300)
  if (says === 'taken') await world.tries(parcelTaken(world.ctx, id))
  if (says === 'not there') await world.tries(parcelNotThere(world.ctx, id))
}
