import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOf, totpAt } from '../../schema/wire/codes.ts'
import { makeGrant, totpOf } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { openDoor } from '../../server/domain/orders.ts'
import { parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { historyPage } from '../../server/store/history-pages.ts'
import { grantById } from '../../server/store/rows.ts'
import { compartments, type House, openHouse } from '../domain/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse(compartments(2))
  await house.online()
})
afterEach(() => house.close())

const minute = 60_000
const span = () => ({ from: new Date(Date.now() - 60 * minute), until: new Date(Date.now() + 60 * minute) })
/** as the caretaker's list shows them, oldest first */
async function suspects(): Promise<[string, string | null][]> {
  const items = await historyPage(house.ctx.sql, { siteIds: [house.siteId], suspect: true, limit: 50 })
  return items.reverse().map(each => [each.type, each.suspect])
}
const lastOrder = () => house.said.findLast(each => each.kind === 'order')!.message
let asks = 0
const ask = async (typed: { code?: string; badge?: string }) => {
  await house.say('code', { ask: `a${++asks}`, boot: 'b1', up: 2000, keypad: 1, ...typed })
  return lastOrder()
}

test('an event whose time goes back is kept as suspect; after clock-set it is the clock that was wrong', async () => {
  const at = Date.now()
  await house.events({ type: 'tampered', at }, { type: 'tampered', at: at - 10 * minute })
  await house.events({ type: 'clock-set', at: at - 10 * minute, by: -10 * minute })
  await house.events({ type: 'tampered', at: at - 10 * minute })
  expect(await suspects()).toEqual([['tampered', 'time-went-back']])
  const rows = await house.ctx.sql`select at from history where type = 'tampered' order by n`
  expect(rows.map(row => row.at.getTime() - at)).toEqual([0, -10 * minute, -10 * minute])
})

test('two uses of a grant for one, later or earlier than the first, are both kept, the second as suspect', async () => {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span(), means: 'code', uses: 1 })
  const at = Date.now()
  const cause = { grant: id }
  await house.events(
    { type: 'unlocked', door: 1, cause, at },
    { type: 'unlocked', door: 1, cause, at: at + 5 * minute },
  )
  // from a journal that was lost and found: another time, before the one that is booked
  await house.online({ journal: 'j2', up: 2000, last: 1 })
  const earlier = { seq: 1, at: at - 20 * minute, clock: 'synced', type: 'unlocked', door: 1, cause }
  await house.say('events', { journal: 'j2', live: false, events: [earlier] })
  const uses = (await suspects()).filter(([type]) => type === 'unlocked')
  expect(uses).toEqual([
    ['unlocked', 'grant-used-again'],
    ['unlocked', 'grant-used-again'],
  ])
  expect((await grantById(house.ctx.sql, id)).usedAt?.getTime()).toBe(at)
})

test('a use after its end, at another door, or by an order that was late or obeyed before is suspect; a clock may be a little ahead', async () => {
  const doorId = await house.doorId(1)
  const order = async () => {
    const asked = await openDoor(house.ctx, { doorId, actorId: house.residentId, reason: 'look' })
    const [row] = await house.ctx.sql<{ ms: number }[]>`
      select extract(epoch from deadline_at) * 1000 as ms from orders where id = ${asked.orderId}`
    return { cause: { grant: asked.grantId, order: asked.orderId }, deadline: Math.ceil(Number(row!.ms)) }
  }
  const unlocked = (at: number, cause: object, door = 1) => house.events({ type: 'unlocked', door, at, cause })
  const [first, second] = [await order(), await order()]
  await unlocked(first.deadline + 2_000, first.cause)
  await unlocked(first.deadline + 2_000, first.cause)
  await unlocked(second.deadline + 2_001, second.cause)
  const until = new Date(Date.now() + minute)
  const span = { from: new Date(Date.now() - minute), until }
  const { id: grant } = await makeGrant(house.ctx, { doorId, ...span, means: 'code', uses: 0 })
  await unlocked(until.getTime() + minute, { grant })
  await unlocked(until.getTime() + minute, { grant }, 2)
  await unlocked(until.getTime() + minute + 1, { grant })
  expect((await suspects()).map(([, why]) => why)).toEqual([
    ...['grant-used-again', 'order-late', 'grant-of-another-door', 'grant-ended'],
  ])
})

test('opened after the server had closed the parcel: suspect, kept, listed, and the box is looked into', async () => {
  const placing = await placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
  await house.outbox.idle()
  const { grant, order } = lastOrder()
  const at = { door: placing.door }
  await house.events({ type: 'unlocked', ...at, cause: { grant, order } }, { type: 'opened', ...at })
  await house.events({ type: 'closed', ...at }, { type: 'occupied', ...at })
  await parcelPlaced(house.ctx, placing.id)
  const [row] = await house.ctx.sql`select pickup_grant_id as pickup from parcels`
  const before = Date.now()
  await doorLooked(house.ctx, { doorId: placing.doorId, found: 'empty', actorId: house.residentId })
  expect(await suspects()).toEqual([])
  // while nobody heard it, the bank had opened by its own list
  await house.events({ type: 'unlocked', ...at, cause: { grant: row!.pickup }, at: before })
  expect(await suspects()).toEqual([['unlocked', 'parcel-ended']])
  const [box] = await house.ctx.sql`select offer from doors where id = ${placing.doorId}`
  expect(box!.offer).toBe('contested')
  expect((await house.ctx.sql`select state from parcels`)[0]!.state).toBe('cancelled')
})

test('a badge on the server path opens its door, any number of times, also at a locked keypad; another is unknown [CODE-18]', async () => {
  const doorId = await house.doorId(2)
  const badge = '04a2b9c3d1'
  const { id } = await makeGrant(house.ctx, { doorId, ...span(), means: 'badge', badge: badge.toUpperCase() })
  await house.outbox.idle()
  const list = house.said.findLast(each => each.kind === 'grants')!.message
  expect(list.grants).toMatchObject([{ grant: id, badge: checkOf(house.codeKey, badge), uses: 0 }])
  expect(await ask({ badge })).toMatchObject({ type: 'open', door: 2, grant: id })
  for (let i = 0; i < 6; i++) await ask({ code: '00000000' })
  expect(lastOrder()).toMatchObject({ type: 'refuse', reason: 'locked' })
  expect(await ask({ badge: '04a2b9c3d2' })).toMatchObject({ type: 'refuse', reason: 'unknown' })
  expect(await ask({ badge })).toMatchObject({ type: 'open', door: 2, grant: id })
  // a badge's number typed as a code is no code
  await house.ctx.sql`delete from attempts`
  expect(await ask({ code: '0421' })).toMatchObject({ type: 'refuse', reason: 'unknown' })
})

test('a rotating code whose step is burnt is used, not wrong: typed again and again it locks nothing [CODE-13, GRANTS-21]', async () => {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span(), means: 'totp' })
  const code = totpAt((await totpOf(house.ctx, await grantById(house.ctx.sql, id)))!, Date.now())
  expect(await ask({ code })).toMatchObject({ type: 'open', grant: id })
  for (let i = 0; i < 7; i++) expect(await ask({ code })).toMatchObject({ type: 'refuse', reason: 'used' })
  expect(await house.ctx.sql`select 1 from attempts`).toHaveLength(0)
})

test('a message of more than 20 events is taken 20 at a time, so that a device that counts wrong gets on [EVENTS-5, EVENTS-16]', async () => {
  const events = Array.from({ length: 45 }, (_, at) => ({
    seq: at + 1,
    at: Date.now(),
    clock: 'synced',
    type: 'tampered',
  }))
  const acked: unknown[] = []
  for (let i = 0; i < 3; i++) {
    await house.say('events', { journal: 'j1', live: true, events })
    acked.push(house.said.findLast(each => each.kind === 'ack')!.message.seq)
  }
  expect(acked).toEqual([20, 40, 45])
  const rows = await house.ctx.sql`select seq, suspect from history where type = 'tampered' order by n`
  expect(rows.map(row => row.seq)).toEqual(events.map(each => each.seq))
  expect((await house.ctx.sql`select malformed from controllers`)[0]!.malformed).toBe(0)
})

test('without a clock the time comes from the clock-set of that boot; of a boot without one only from its arrival [EVENTS-19]', async () => {
  const set = Date.now() - 30 * minute
  const bare = { clock: 'none', type: 'tampered' }
  await house.online({ up: 7000 })
  await house.events(
    { ...bare, at: 5_000 },
    { type: 'started', reason: 'power', clock: 'none', at: 0 },
    { ...bare, at: 6_000 },
    { type: 'clock-set', at: set, by: set - 9_000 },
    { ...bare, at: 4_000 },
  )
  const rows = await house.ctx.sql<{ at: Date; receivedAt: Date; facts: { at: number } }[]>`
    select at, received_at, facts from history where type = 'tampered' order by n`
  expect(rows[0]!.at).toEqual(rows[0]!.receivedAt)
  expect(rows[1]!.at.getTime()).toBe(set - 3_000)
  const [heard] = await house.ctx.sql`select last_heard_at as at from controllers`
  expect(rows[2]!.at.getTime()).toBe(heard!.at.getTime() - 3_000)
  expect(rows.map(row => row.facts.at)).toEqual([5_000, 6_000, 4_000])
})
