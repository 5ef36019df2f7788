import { type Evidence, follow, type Row, type Seen } from './evidence.ts'
import type { World } from './world.ts'

type Box = {
  id: string
  door: number
  offer: string
  state: string
  occupied: boolean | null
  occupancySensor: boolean
}
type Parcel = {
  id: string
  doorId: string | null
  joinedTo: string | null
  flat: string
  state: string
  pickupGrantId: string | null
  grantDoor: string | null
  revokedAt: Date | null
}

const live = ['placing', 'waiting', 'expired']
const offered = ['free', 'unchecked']

/** Everything that must hold after each step; each sentence is one that a person could check. */
export async function judge(world: World, seen: Seen): Promise<string[]> {
  const [rows, boxes, parcels] = await Promise.all([
    world.sql<Row[]>`select * from history where n > ${seen.n} order by n`,
    world.sql<Box[]>`select id, door, offer, state, occupied, occupancy_sensor from doors order by door`,
    world.sql<Parcel[]>`
      select p.id, p.door_id, p.joined_to, r.flat, p.state, p.pickup_grant_id, g.door_id as grant_door, g.revoked_at
      from parcels p join residents r on r.id = p.resident_id left join grants g on g.id = p.pickup_grant_id
      order by p.id`,
  ])
  const wrong = [...world.problems]
  for (const row of rows) follow(seen, row, wrong)
  for (const parcel of parcels) judgeParcel(seen, parcel, parcels, wrong)
  for (const box of boxes) {
    const here = parcels.filter(each => each.doorId === box.id && live.includes(each.state))
    const evidence = seen.boxes.get(box.id)
    const contested = parcels.some(each => each.doorId === box.id && each.state === 'contested')
    judgeBox(world, { box, here, contested, evidence }, wrong)
    judgeUse(world, { box, here, contested, evidence }, wrong)
  }
  return [...wrong, ...judgeCodes(world)]
}

function judgeParcel(seen: Seen, parcel: Parcel, all: Parcel[], wrong: string[]): void {
  const { id, state, doorId, joinedTo } = parcel
  const explained = seen.parcels.get(id)
  if (explained !== state) wrong.push(`parcel ${id} is ${state}, its history says ${explained}`)
  if (state !== 'waiting' && state !== 'expired') return
  // on the shelf there is no door
  if (doorId === null) return
  if (joinedTo) {
    // beside another it is the other's code
    const first = all.find(each => each.id === joinedTo)
    if (first?.state !== state) wrong.push(`parcel ${id} is ${state}, the one it lies beside is ${first?.state}`)
  } else if (!parcel.pickupGrantId || parcel.revokedAt) wrong.push(`parcel ${id} waits, and no code opens for it`)
  else if (parcel.grantDoor !== doorId) wrong.push(`the code of parcel ${id} opens another door`)
}

type AtBox = { box: Box; here: Parcel[]; contested: boolean; evidence: Evidence | undefined }

function judgeBox(world: World, { box, here, contested, evidence }: AtBox, wrong: string[]): void {
  const { door, offer } = box
  const households = new Set(here.map(each => each.flat))
  if (households.size > 1) wrong.push(`box ${door} holds parcels of ${households.size} households`)
  const isOffered = offered.includes(offer)
  if (isOffered && here.length > 0) wrong.push(`box ${door} is ${offer} and holds a parcel`)
  if ((offer === 'retired') !== (evidence?.retired ?? false))
    wrong.push(`box ${door} is ${offer}, and retired or not in its history`)
  if (isOffered && (evidence?.full || box.occupied)) wrong.push(`box ${door} is ${offer}, evidence says full`)
  if (isOffered && evidence?.contested) wrong.push(`box ${door} is ${offer} though contested`)
  if (isOffered && contested) wrong.push(`box ${door} is ${offer}, and a contested parcel may lie in it`)
  if (offer === 'free' && !evidence?.empty) wrong.push(`box ${door} is free and nobody saw it empty`)
  if (offer === 'free' && box.occupancySensor && allTold(world, door) && world.inside.get(door)!.size > 0)
    wrong.push(`box ${door} is free; in truth ${[...world.inside.get(door)!]} lies in it`)
}

/** how long a deposit, or what a sensor did not see, may stay open once the jobs have run */
const overdueMs = 310_000

/** A box is somebody's only as long as somebody is at it or something in it: else it would be lost for good. */
function judgeUse(world: World, { box, here, evidence }: AtBox, wrong: string[]): void {
  const { door, offer } = box
  const placing = here.some(each => each.state === 'placing')
  if (placing && offer !== 'reserved' && !(offer === 'contested' && evidence?.doubted))
    wrong.push(`box ${door} is ${offer} while a parcel is being placed`)
  if (!placing && offer === 'reserved') wrong.push(`box ${door} is reserved for nobody`)
  const quietMs = world.jobsAt - (evidence?.lastAt ?? 0)
  if (placing && quietMs > overdueMs) wrong.push(`box ${door} waits for a deposit for ever`)
  // a door that stands open is seen, and asked about once it is shut
  if (offer === 'in-use' && here.length === 0 && box.state !== 'open' && quietMs > overdueMs)
    wrong.push(`box ${door} is in use for ever, and nothing is known to be in it`)
}

/** The device has told what its sensors see, and the server has recorded it. */
function allTold({ device, online }: World, door: number): boolean {
  const { journal, doors, uplink } = device.state
  const state = doors[door]
  // not `acked`: a database put back does not know what its device was acked
  if (!online || !state || uplink.cursor !== journal.last) return false
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
