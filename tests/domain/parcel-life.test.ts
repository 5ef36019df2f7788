import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOf } from '../../schema/wire/codes.ts'
import { codeOfGrant, makeGrant } from '../../server/domain/grants.ts'
import { openDoor } from '../../server/domain/orders.ts'
import { cancelParcel, parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { startJobs } from '../../server/jobs.ts'
import { chainHash, noHash } from '../../server/store/history.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const parcel = async (id: string) => (await house.ctx.sql`select * from parcels where id = ${id}`)[0]!
const door = async (id: string) => (await house.ctx.sql`select * from doors where id = ${id}`)[0]!

async function deposit() {
  const placing = await placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
  await house.outbox.idle()
  const order = house.said.findLast(each => each.kind === 'order')!.message
  const cause = { grant: order.grant, order: order.order }
  const at = { door: placing.door }
  await house.events({ type: 'accepted', ...at, cause }, { type: 'unlocked', ...at, cause }, { type: 'opened', ...at })
  await house.events({ type: 'closed', ...at }, { type: 'occupied', ...at })
  await parcelPlaced(house.ctx, placing.id)
  await house.outbox.idle()
  return placing
}

test('a parcel is placed, its code is in the list, the device opens by itself, it is collected and the box is free', async () => {
  await house.online()
  expect(house.said[0]).toMatchObject({ kind: 'welcome', message: { journal: 'j1', seq: 0, up: 1000 } })
  const placing = await deposit()
  expect((await parcel(placing.id)).state).toBe('waiting')
  const { pickupGrantId } = await parcel(placing.id)
  const code = await codeOfGrant(house.ctx, pickupGrantId)
  expect(code).toMatch(/^\d{8}$/)
  const list = house.said.findLast(each => each.kind === 'grants')!.message
  expect(list.grants).toMatchObject([{ grant: pickupGrantId, door: placing.door, check: checkOf(house.codeKey, code) }])

  const at = { door: placing.door }
  await house.events({ type: 'grants-applied', version: list.version })
  await house.events({ type: 'unlocked', ...at, cause: { grant: pickupGrantId } }, { type: 'opened', ...at })
  expect((await parcel(placing.id)).state).toBe('waiting')
  await house.events({ type: 'closed', ...at })
  expect((await parcel(placing.id)).state).toBe('collected')
  expect((await door(placing.doorId)).offer).toBe('in-use')
  await house.events({ type: 'vacant', ...at })
  expect((await door(placing.doorId)).offer).toBe('free')
  const suspects = await house.ctx.sql`select type, suspect from history where suspect is not null`
  expect([...suspects]).toEqual([])
  await chainHolds()
  expect(await everywhere(code)).toEqual([])
})

test('a caretaker opens a door; an order opens no door of an absent controller [ORDER-1, ORDER-16]', async () => {
  const input = { doorId: await house.doorId(1), actorId: house.residentId, reason: 'look' }
  await expect(openDoor(house.ctx, input)).rejects.toMatchObject({ reason: 'not-reachable' })
  await house.online()
  const { orderId, grantId } = await openDoor(house.ctx, input)
  await house.outbox.idle()
  expect(house.said.at(-1)!.message).toMatchObject({
    order: orderId,
    grant: grantId,
    door: 1,
    boot: 'b1',
    type: 'open',
  })
  expect(house.said.at(-1)!.message.notAfterUp).toBeGreaterThanOrEqual(11_000)
  await house.events(
    { type: 'unlocked', door: 1, cause: { grant: grantId, order: orderId } },
    { type: 'opened', door: 1 },
  )
  const [order] = await house.ctx
    .sql`select state, late, opened_at is not null as opened from orders where id = ${orderId}`
  expect(order).toEqual({ state: 'done', late: false, opened: true })
})

test('repeats are acked and change nothing, a gap is not taken, another content is kept as suspect [EVENTS-10, EVENTS-11, EVENTS-13, EVENTS-15]', async () => {
  await house.online()
  const one = { seq: 1, at: 1_790_000_000_000, clock: 'synced', type: 'opened', door: 1 }
  const message = (...events: object[]) => ({ journal: 'j1', live: true, events })
  await house.say('events', message(one))
  await house.say('events', message(one))
  await house.say('events', message({ ...one, seq: 3 }))
  await house.say('events', message({ ...one, door: 2 }))
  await house.say('events', message({ ...one, door: 2 }))
  await house.say('events', { ...message(one), journal: 'never-announced' })
  const acks = house.said.filter(each => each.kind === 'ack')
  expect(acks.map(each => each.message.seq)).toEqual([1, 1, 1, 1, 1])
  const rows = await house.ctx.sql`select seq, suspect from history where journal = 'j1' order by n`
  expect([...rows]).toEqual([
    { seq: 1, suspect: null },
    { seq: 1, suspect: 'number-used-twice' },
  ])
})

test('what `first` says is gone is recorded as a loss; an event nobody understands is kept and acked [EVENTS-14, EVENTS-16]', async () => {
  await house.online()
  await house.online({ up: 2000, first: 4, last: 5 })
  expect(house.said.at(-1)).toMatchObject({ kind: 'welcome', message: { seq: 3 } })
  const events = [
    { seq: 4, type: 'opened' },
    { seq: 5, at: 'x', code: '12345678', type: 7 },
  ]
  await house.say('events', { journal: 'j1', live: false, events })
  expect(house.said.at(-1)).toMatchObject({ kind: 'ack', message: { seq: 5 } })
  const rows = await house.ctx
    .sql`select type, suspect is not null as suspect from history where suspect is not null order by n`
  expect([...rows].map(each => each.type)).toEqual(['loss', 'opened', 'unknown'])
  expect(await everywhere('12345678')).toEqual([])
})

test('an old status changes nothing, an old will does not make a controller absent [STATUS-11, STATUS-12]', async () => {
  await house.online({ up: 5000 })
  await house.online({ up: 4000, firmware: 'old' })
  await house.say('status', { state: 'offline', link: 'another', boot: 'b1' })
  const [row] = await house.ctx.sql`select up, firmware, online from controllers`
  expect(row).toEqual({ up: 5000, firmware: '1', online: true })
})

test('fifty couriers for ten doors: ten boxes, each given once', async () => {
  await house.close()
  house = await openHouse(compartments(10))
  await house.online()
  const asked = Array.from({ length: 50 }, () =>
    placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'S' }).catch(e => e.reason),
  )
  const answers = await Promise.all(asked)
  const doors = answers.filter(each => typeof each !== 'string').map(each => each.door)
  expect(new Set(doors).size).toBe(10)
  expect(doors).toHaveLength(10)
  expect(answers.filter(each => each === 'none-free')).toHaveLength(40)
})

test('one code typed twice at once opens once; a repeated ask gets the same order [CODE-7, CODE-10, CODE-11]', async () => {
  await house.online()
  const hour = 3600_000
  const span = { from: new Date(Date.now() - hour), until: new Date(Date.now() + hour) }
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(2), ...span, uses: 1, means: 'code' })
  const code = await codeOfGrant(house.ctx, id)
  const ask = (name: string, typed = code) =>
    house.say('code', { ask: name, boot: 'b1', up: 2000, keypad: 1, code: typed })
  await Promise.all([ask('a1'), ask('a2')])
  const orders = () => house.said.filter(each => each.kind === 'order').map(each => each.message)
  expect(orders().filter(each => each.type === 'open')).toHaveLength(1)
  expect(orders().filter(each => each.type === 'refuse')).toMatchObject([{ reason: 'used' }])
  const opened = orders().find(each => each.type === 'open')!
  await ask(String(opened.ask))
  expect(orders().at(-1)).toEqual(opened)
  await ask('a3', '00000000')
  expect(orders().at(-1)).toMatchObject({ ask: 'a3', type: 'refuse', reason: 'unknown' })
  expect(await everywhere(code)).toEqual([])
})

test('a cancelled deposit whose door moved is contested, one whose order was refused goes back', async () => {
  await house.online()
  const place = () => placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
  const first = await place()
  await cancelParcel(house.ctx, first.id)
  expect((await door(first.doorId)).offer).toBe('contested')
  const second = await place()
  await house.events({ type: 'order-refused', order: second.orderId, reason: 'busy' })
  await cancelParcel(house.ctx, second.id)
  // nobody has looked into it since it was enrolled, and its door did not move
  expect((await door(second.doorId)).offer).toBe('unchecked')
})

test('a message that cannot be applied is kept as suspect, and the others of its flight are not touched', async () => {
  await house.online()
  await house.ctx.sql`alter table history add constraint no_tampering check (type <> 'tampered' or suspect is not null)`
  const at = Date.now()
  const message = (seq: number, type: string, more = {}) => ({
    ...{ journal: 'j1', live: true },
    events: [{ seq, at, clock: 'synced', type, ...more }],
  })
  await Promise.all([
    house.say('events', message(1, 'opened', { door: 1 })),
    house.say('events', message(2, 'tampered', { text: '\ud800 \0' })),
    house.say('events', message(3, 'closed', { door: 1 })),
  ])
  expect(house.said.filter(each => each.kind === 'ack').map(each => each.message.seq)).toEqual([1, 2, 3])
  const rows = await house.ctx.sql`select type, suspect from history where journal = 'j1' order by n`
  expect([...rows]).toEqual([
    { type: 'opened', suspect: null },
    { type: 'tampered', suspect: 'not-applied' },
    { type: 'closed', suspect: null },
  ])
})

test('an order without an answer expires, and a later unlock corrects it [ORDER-17, ORDER-18, ORDER-19]', async () => {
  await house.online()
  const input = { doorId: await house.doorId(1), actorId: house.residentId, reason: 'look' }
  const { orderId, grantId } = await openDoor(house.ctx, input)
  await house.outbox.idle()
  await house.ctx.sql`update orders set deadline_at = deadline_at - interval '13 seconds'`
  const jobs = startJobs(house.ctx, house.outbox, 3600_000)
  await jobs.runOnce()
  await jobs.close()
  const order = async () => (await house.ctx.sql`select state, late from orders where id = ${orderId}`)[0]
  expect(await order()).toEqual({ state: 'expired', late: false })
  const cause = { grant: grantId, order: orderId }
  await house.events({ type: 'unlocked', at: Date.now() - 5_000, door: 1, cause })
  expect(await order()).toEqual({ state: 'done', late: true })
  const suspects = await house.ctx.sql`select suspect from history where suspect is not null`
  expect([...suspects]).toEqual([])
})

async function chainHolds() {
  const rows = await house.ctx.sql`select * from history order by n`
  let previous: Buffer = Buffer.alloc(32)
  for (const { previous: before, hash, ...chained } of rows) {
    expect(before).toEqual(previous)
    expect(hash).toEqual(chainHash({ previous, checkpoint: noHash }, chained))
    previous = hash
  }
}

/** Tables that hold this text anywhere. */
async function everywhere(text: string): Promise<string[]> {
  const tables = await house.ctx
    .sql`select table_name as name from information_schema.tables where table_schema = 'public'`
  const found: string[] = []
  for (const { name } of tables) {
    const like = `%${text}%`
    const rows = await house.ctx.sql`select 1 from ${house.ctx.sql(name)} t where t::text like ${like}`
    if (rows.length > 0) found.push(name)
  }
  return found
}
