import { type CorrectState, corrections } from '../../schema/api/corrections.ts'
import { chainHash } from '../../server/store/history.ts'
import type { World } from './world.ts'

type Row = {
  n: number
  type: string
  doorId: string | null
  parcelId: string | null
  grantId: string | null
  facts: { found?: string; offer?: string; corrected?: true; was?: string }
  previous: Buffer
  hash: Buffer
} & Record<string, unknown>
type Box = { id: string; door: number; offer: string; occupied: boolean | null; occupancySensor: boolean }
type Parcel = {
  id: string
  doorId: string
  residentId: string
  state: string
  pickupGrantId: string | null
  grantDoor: string | null
  revokedAt: Date | null
}

/** What the history says of a box, told by rules of its own: the reducer is not asked. */
type Evidence = { full: boolean; contested: boolean; empty: boolean; retired: boolean }
export type Seen = { n: number; hash: Buffer | null; boxes: Map<string, Evidence>; parcels: Map<string, string> }

export const nothingSeen = (): Seen => ({ n: 0, hash: null, boxes: new Map(), parcels: new Map() })

/** From which states a parcel may come into one, as product.md tells its life. */
const before: Record<string, (string | undefined)[]> = {
  placing: [undefined],
  waiting: ['placing', 'contested', 'expired'],
  collected: ['waiting', 'expired', 'contested'],
  cancelled: ['placing', 'contested', 'waiting', 'expired'],
  expired: ['waiting'],
  returned: ['expired'],
  contested: ['placing', 'waiting', 'expired'],
}

const live = ['placing', 'waiting', 'expired']
const offered = ['free', 'unchecked']

/** Everything that must hold after each step; each sentence is one that a person could check. */
export async function judge(world: World, seen: Seen): Promise<string[]> {
  const [rows, boxes, parcels] = await Promise.all([
    world.sql<Row[]>`select * from history where n > ${seen.n} order by n`,
    world.sql<Box[]>`select id, door, offer, occupied, occupancy_sensor from doors order by door`,
    world.sql<Parcel[]>`
      select p.id, p.door_id, p.resident_id, p.state, p.pickup_grant_id, g.door_id as grant_door, g.revoked_at
      from parcels p left join grants g on g.id = p.pickup_grant_id order by p.id`,
  ])
  const wrong = [...world.problems]
  for (const row of rows) follow(seen, row, wrong)
  for (const parcel of parcels) judgeParcel(seen, parcel, wrong)
  for (const box of boxes) judgeBox(world, seen, box, parcels, wrong)
  return [...wrong, ...judgeCodes(world)]
}

function follow(seen: Seen, row: Row, wrong: string[]): void {
  const { previous, hash, ...chained } = row
  if (row.n !== seen.n + 1) wrong.push(`history ${row.n} comes after ${seen.n}`)
  if (seen.hash && !seen.hash.equals(previous)) wrong.push(`history ${row.n} does not follow`)
  if (!chainHash(previous, chained).equals(hash)) wrong.push(`history ${row.n} was changed`)
  seen.n = row.n
  seen.hash = hash
  const [, state] = /^parcel-(.+)$/.exec(row.type) ?? []
  if (row.parcelId && state && state in before) {
    const was = seen.parcels.get(row.parcelId)
    const { corrected, was: said } = row.facts
    const explained = corrected
      ? was === said && corrections[was as keyof typeof corrections].includes(state as CorrectState)
      : before[state]!.includes(was)
    if (!explained) wrong.push(`parcel ${row.parcelId} went from ${was} to ${state}`)
    seen.parcels.set(row.parcelId, state)
  }
  if (row.doorId) learn(seen, row.doorId, row, state)
}

const looks = ['door-looked', 'door-returned']

function learn(seen: Seen, doorId: string, { type, facts }: Row, state: string | undefined): void {
  const box = seen.boxes.get(doorId) ?? { full: false, contested: false, empty: false, retired: false }
  seen.boxes.set(doorId, box)
  if (looks.includes(type)) {
    const empty = facts.found === 'empty'
    Object.assign(box, { full: !empty, contested: facts.found === 'something-else', empty })
  }
  if (type === 'door-retired') box.retired = true
  if (type === 'door-returned') box.retired = false
  if (type === 'occupied' || state === 'waiting') box.full = true
  if (type === 'vacant') box.full = false
  if (state === 'contested') box.contested = true
  // a caretaker's word about a parcel is no look into its box
  if (state === 'collected' && !facts.corrected) Object.assign(box, { full: false, contested: false })
  if (type === 'parcel-swap' && facts.found === 'something') box.contested = true
  if (['unlocked', 'opened', 'forced'].includes(type)) box.empty = false
  if (type === 'vacant') box.empty = true
}

function judgeParcel(seen: Seen, parcel: Parcel, wrong: string[]): void {
  const explained = seen.parcels.get(parcel.id)
  if (explained !== parcel.state) wrong.push(`parcel ${parcel.id} is ${parcel.state}, its history says ${explained}`)
  if (parcel.state !== 'waiting' && parcel.state !== 'expired') return
  if (!parcel.pickupGrantId || parcel.revokedAt) wrong.push(`parcel ${parcel.id} waits, and no code opens for it`)
  else if (parcel.grantDoor !== parcel.doorId) wrong.push(`the code of parcel ${parcel.id} opens another door`)
}

function judgeBox(world: World, seen: Seen, box: Box, parcels: Parcel[], wrong: string[]): void {
  const here = parcels.filter(each => each.doorId === box.id && live.includes(each.state))
  const households = new Set(here.map(each => each.residentId))
  if (households.size > 1) wrong.push(`box ${box.door} holds parcels of ${households.size} households`)
  const isOffered = offered.includes(box.offer)
  if (isOffered && here.length > 0) wrong.push(`box ${box.door} is ${box.offer} and holds a parcel`)
  if (here.some(each => each.state === 'placing') && box.offer !== 'reserved')
    wrong.push(`box ${box.door} is ${box.offer} while a parcel is being placed`)
  const evidence = seen.boxes.get(box.id)
  if ((box.offer === 'retired') !== (evidence?.retired ?? false))
    wrong.push(`box ${box.door} is ${box.offer}, and retired or not in its history`)
  if (isOffered && (evidence?.full || box.occupied)) wrong.push(`box ${box.door} is ${box.offer}, evidence says full`)
  if (isOffered && evidence?.contested) wrong.push(`box ${box.door} is ${box.offer} though contested`)
  if (box.offer === 'free' && !evidence?.empty) wrong.push(`box ${box.door} is free and nobody saw it empty`)
  if (box.offer === 'free' && box.occupancySensor && allTold(world, box.door) && world.inside.get(box.door)!.size > 0)
    wrong.push(`box ${box.door} is free; in truth ${[...world.inside.get(box.door)!]} lies in it`)
}

/** The device has told what its sensors see, and the server has recorded it. */
function allTold({ device, online }: World, door: number): boolean {
  const { journal, doors } = device.state
  const state = doors[door]
  if (!online || !state || journal.acked !== journal.last) return false
  return state.leaf === 'closed' && state.said.leaf === 'closed' && state.said.occupied === state.occupied
}

/** A code opens its own door, once, and again only within the two minutes of reopening. */
function judgeCodes(world: World): string[] {
  const wrong: string[] = []
  for (const { type, door, cause } of world.device.written.splice(0)) {
    if (type !== 'unlocked') continue
    const told = world.codes.find(each => each.grant === (cause as { grant: string }).grant)
    if (!told) continue
    if (door !== told.door) wrong.push(`the code of door ${told.door} opened door ${door}`)
    told.firstAt ??= world.device.now
    // within one step up to a few seconds pass
    if (world.device.now - told.firstAt > 120_000 + 5_000) wrong.push(`the code of door ${told.door} opened again`)
  }
  return wrong
}
