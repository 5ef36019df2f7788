import type { SimController } from '../../firmware-sim/controller.ts'
import { checkOf, inGroups } from '../../schema/wire/codes.ts'
import type { Sql } from '../../server/postgres/connect.ts'
import { facts as factsOf } from './facts.ts'
import { signIn } from './http-client.ts'
import { bankId, caretaker, type DemoSite, roomId } from './site.ts'
import { fact, type Timeline } from './timeline.ts'

export type Stage = {
  baseUrl: string
  sql: Sql
  site: DemoSite
  bank: SimController
  room: SimController
  timeline: Timeline
}

type PlacedParcel = { id: string; doorId: string; door: number; orderId: string; state: string }
type OwnParcel = { id: string; code?: string }
type WallDoor = { id: string; controllerId: string; door: number; offer: string }

const leafOf = (sim: SimController, door: number) => sim.state().doors.find(each => each.door === door)?.leaf
const digits = (code: string) => code.replaceAll(/\D/g, '')

/** Courier deposit, code, pickup, caretaker, room: every step done over HTTP or at the steel, then found in the database. */
export async function playStory(stage: Stage): Promise<void> {
  const { timeline, bank, room, sql, site } = stage
  const facts = factsOf(sql)
  await timeline.step('bank and room are connected, clock and settings in force', async () => {
    await fact('both controllers online', () => facts.bothOnline([bankId, roomId]), 20_000)
    await fact('clocks set', () => [bank, room].every(sim => sim.state().clock.kind === 'synced'))
  })
  const parcel = await deposit(stage)
  await pickUp(stage, parcel)
  await caretakerOpens(stage)
  await enterRoom(stage)
  await timeline.step('nothing was suspect, both devices have nothing unsent', async () => {
    const suspects = await facts.suspects(site.siteId)
    if (suspects.length > 0) throw new Error(suspects.map(each => `${each.type}: ${each.suspect}`).join(', '))
    await fact('every event acked', () => [bank, room].every(sim => sim.state().journal.unacked === 0))
  })
}

async function deposit({ timeline, baseUrl, sql, site, bank }: Stage): Promise<PlacedParcel> {
  const facts = factsOf(sql)
  const courier = await timeline.step('courier signs in with the carrier code', async () => {
    const client = await signIn(baseUrl, { carrierCode: site.carrierCode, siteId: site.siteId })
    await fact('a courier session', () => facts.session('courier'))
    return client
  })
  const parcel = await timeline.step('courier asks for a box, its door springs open', async () => {
    const made = await courier.post<PlacedParcel>('/api/parcels', {
      controllerId: bankId,
      residentId: site.residents[0]!.id,
      size: 'M',
    })
    await fact(`door ${made.door} open`, () => leafOf(bank, made.door) === 'open')
    await fact('order done', () => facts.orderDone(made.orderId))
    return made
  })
  await timeline.step(`parcel in, door ${parcel.door} shut, seen by the sensors`, async () => {
    bank.put(parcel.door)
    bank.shutDoor(parcel.door)
    await fact('door closed and occupied', async () => {
      const door = await facts.door(parcel.doorId)
      return door?.state === 'closed' && door.occupied === true
    })
  })
  await timeline.step('courier confirms, the parcel waits', async () => {
    await courier.post(`/api/parcels/${parcel.id}/placed`)
    await fact('parcel waiting', async () => (await facts.parcel(parcel.id))?.state === 'waiting')
  })
  await timeline.step('the resident is told by e-mail, with place, code and last day', () =>
    fact('the notice is sent', () => facts.told(parcel.id, 'arrived')),
  )
  return parcel
}

async function pickUp({ timeline, baseUrl, sql, site, bank }: Stage, parcel: PlacedParcel): Promise<void> {
  const facts = factsOf(sql)
  const { memberNumber, pin } = site.residents[0]!
  const code = await timeline.step('resident signs in and reads the code', async () => {
    const resident = await signIn(baseUrl, { memberNumber, pin })
    return fact('own parcel with its code', async () => {
      const { items } = await resident.get<{ items: OwnParcel[] }>('/api/me/parcels')
      const shown = items.find(each => each.id === parcel.id)?.code
      return shown ? digits(shown) : undefined
    })
  })
  const grantId = await timeline.step('the bank knows the code, and only a check of it', async () => {
    const grant = await fact('pickup grant', async () => (await facts.parcel(parcel.id))?.pickupGrantId ?? undefined)
    const check = await fact('list in force', () => facts.knownCheck(grant))
    const codeKey = site.devices.find(device => device.id === bankId)!.codeKey
    if (check !== checkOf(codeKey, code)) throw new Error('the check in the database is of another code')
    return grant
  })
  await timeline.step(`resident types ${inGroups(code)}, door ${parcel.door} springs open`, async () => {
    const answer = await bank.typeCode(1, code)
    if (answer.result !== 'open' || answer.door !== parcel.door) throw new Error(`keypad: ${JSON.stringify(answer)}`)
    await fact(`door ${parcel.door} open`, () => leafOf(bank, parcel.door) === 'open')
    await fact('use booked', () => facts.grantUsed(grantId))
  })
  await timeline.step('takes it out, shuts the door: collected', async () => {
    bank.take(parcel.door)
    bank.shutDoor(parcel.door)
    await fact('parcel collected', async () => (await facts.parcel(parcel.id))?.state === 'collected')
    await fact('box free again', async () => (await facts.door(parcel.doorId))?.offer === 'free')
  })
}

async function caretakerOpens({ timeline, baseUrl, sql, site, bank }: Stage): Promise<void> {
  const facts = factsOf(sql)
  const door = await timeline.step('caretaker signs in and sees the wall', async () => {
    const wall = await wallOf(baseUrl, site.siteId)
    const doors = wall.doors.filter(each => each.controllerId === bankId)
    if (doors.length !== 24) throw new Error(`the wall shows ${doors.length} compartments, not 24`)
    return doors.find(each => each.door === 24)!
  })
  await timeline.step('caretaker opens door 24 with a reason, sees it done', async () => {
    const { client } = await wallOf(baseUrl, site.siteId)
    const { orderId } = await client.post<{ orderId: string }>(`/api/doors/${door.id}/open`, { reason: 'cleaning' })
    await fact('door 24 open', () => leafOf(bank, 24) === 'open')
    await fact(
      'the order answers done',
      async () => (await client.get<{ state: string }>(`/api/orders/${orderId}`)).state === 'done',
    )
    await fact('order done', () => facts.orderDone(orderId))
  })
  await timeline.step('door 24 shut again', async () => {
    bank.shutDoor(24)
    await fact('closed and empty', async () => {
      const seen = await facts.door(door.id)
      return seen?.state === 'closed' && seen.occupied === false
    })
  })
}

async function wallOf(baseUrl: string, siteId: string) {
  const client = await signIn(baseUrl, caretaker)
  const { items } = await client.get<{ items: WallDoor[] }>(`/api/doors?siteId=${siteId}`)
  return { client, doors: items }
}

async function enterRoom({ timeline, baseUrl, sql, site, room }: Stage): Promise<void> {
  const facts = factsOf(sql)
  const { client, doors } = await wallOf(baseUrl, site.siteId)
  const doorId = doors.find(each => each.controllerId === roomId)!.id
  const grant = await timeline.step('caretaker grants the room by code for two hours', async () => {
    const made = await client.post<{ id: string; code: string }>('/api/grants', {
      doorId,
      from: new Date(Date.now() - 60_000).toISOString(),
      until: new Date(Date.now() + 2 * 3600_000).toISOString(),
      uses: 1,
      means: 'code',
      residentId: site.residents[1]!.id,
      reason: 'birthday',
    })
    await fact('list in force', () => facts.knownCheck(made.id))
    return made
  })
  await timeline.step(`resident types ${inGroups(digits(grant.code))} at the room, enters`, async () => {
    const before = await facts.historyLength(site.siteId)
    const answer = await room.typeCode(1, digits(grant.code))
    if (answer.result !== 'open') throw new Error(`keypad: ${JSON.stringify(answer)}`)
    await fact('use booked', () => facts.grantUsed(grant.id))
    room.openDoor(1)
    await fact('opened recorded', () => facts.recorded('opened', doorId, before))
    room.shutDoor(1)
    await fact('closed recorded', () => facts.recorded('closed', doorId, before))
  })
}
