import { afterEach, beforeEach, expect, test } from 'vitest'
import { addBadge } from '../../server/domain/badges.ts'
import { newCredentials } from '../../server/domain/controllers.ts'
import { addDelegate } from '../../server/domain/delegates.ts'
import { revokeGrant } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { extendParcel } from '../../server/domain/parcel-deadlines.ts'
import { boxesOf } from '../../server/store/boxes.ts'
import { counterParcels } from '../../server/store/counter.ts'
import { carrierOf, deposit } from './deposit.ts'
import { type House, openHouse } from './house.ts'
import { parcelsOf } from './parcel-house.ts'

let house: House
let hands: ReturnType<typeof parcelsOf>
beforeEach(async () => {
  house = await openHouse()
  hands = parcelsOf(house)
  await house.online()
})
afterEach(() => house.close())

const uid = '04A2B9C1'
const give = (parcelId: string, badge = uid) => addBadge(house.ctx, { parcelId, badge, actorId: house.residentId })
const revoked = async (id: string) =>
  (await house.ctx.sql`select revoked_at from grants where id = ${id}`)[0]!.revokedAt !== null
const shown = async (receipt: string) =>
  (await counterParcels(house.ctx.sql, { siteId: house.siteId, q: receipt, ended: true })).items[0]!.badge
const suspects = async () => (await house.ctx.sql`select type, suspect from history where suspect is not null`).length
const blocked = async (doorId: string) =>
  (await boxesOf(house.ctx.sql, 'bank-1')).find(each => each.id === doorId)!.blocked
let asks = 0
async function held(badge: string) {
  await house.say('code', { ask: `b${++asks}`, boot: 'b1', up: 2000, keypad: 1, badge })
  return house.said.findLast(each => each.kind === 'order')?.message
}

test('a badge that the bank knows collects the parcel, once; code and delegate end with it, and the UID is nowhere', async () => {
  const placing = await hands.deposit()
  const { grantId: delegate } = await addDelegate(house.ctx, {
    ...{ parcelId: placing.id, residentId: house.residentId, name: 'Léa' },
  })
  const { grantId } = await give(placing.id)
  await house.outbox.idle()
  const list = house.said.findLast(each => each.kind === 'grants')!.message.grants as Record<string, unknown>[]
  expect(list.find(each => each.grant === grantId)).toMatchObject({ door: placing.door, uses: 1, reopenMs: 120_000 })
  expect(list.find(each => each.grant === grantId)!.badge).toMatch(/^[0-9a-f]{32}$/)
  expect(await shown(placing.receipt)).toEqual({ grantId, bankKnows: false })
  await hands.collect(placing.door, grantId)
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected', byDelegate: false, badgeGrantId: null })
  expect([await revoked(placing.grant), await revoked(delegate), await revoked(grantId)]).toEqual([true, true, false])
  expect([await suspects(), await shown(placing.receipt)]).toEqual([0, null])
  // and the history says so of those two only
  const ended = await house.ctx.sql`select grant_id from history where type = 'grant-revoked'`
  expect(ended.map(each => each.grantId).sort()).toEqual([placing.grant, delegate].sort())
  const told = JSON.stringify([
    await house.ctx.sql`select facts from history`,
    await house.ctx.sql`select * from grants`,
  ])
  expect(told.toLowerCase()).not.toContain(uid.toLowerCase())
})

test('a badge that the bank does not know yet is asked for; it opens its own door, another badge none', async () => {
  const placing = await hands.deposit()
  const { grantId } = await give(placing.id)
  expect(await held('04ffffff')).toMatchObject({ type: 'refuse', reason: 'unknown' })
  expect(await held(uid.toLowerCase())).toMatchObject({ type: 'open', door: placing.door, grant: grantId })
})

test('who lies beside another has no badge of its own: that of the first opens the box of both', async () => {
  const carrierId = await carrierOf(house)
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  await expect(give(second.id)).rejects.toMatchObject({ reason: 'box-shared' })
  await hands.collect(first.door, (await give(first.id)).grantId)
  expect([await hands.parcel(first.id), await hands.parcel(second.id)]).toMatchObject([
    { state: 'collected' },
    { state: 'collected' },
  ])
})

test('the code comes first: the badge ends, and the box waits until the bank knows', async () => {
  const placing = await hands.deposit()
  const { grantId } = await give(placing.id)
  await house.outbox.idle()
  await hands.collect(placing.door, placing.grant)
  await house.events({ type: 'vacant', door: placing.door })
  expect([await revoked(grantId), await revoked(placing.grant)]).toEqual([true, false])
  expect(await blocked(placing.doorId)).toBe(true)
  const [{ made }] = (await house.ctx.sql`select grants_made as made from controllers`) as unknown as [{ made: number }]
  await house.events({ type: 'grants-applied', version: made })
  expect(await blocked(placing.doorId)).toBe(false)
  expect(await suspects()).toBe(0)
})

test('taken back: it leaves the list and another may be given; used at a bank that did not know it collects, as suspect', async () => {
  const placing = await hands.deposit()
  const { grantId } = await give(placing.id)
  await expect(give(placing.id)).rejects.toMatchObject({ reason: 'badge-there' })
  await revokeGrant(house.ctx, { id: grantId })
  await house.outbox.idle()
  expect(hands.listed()).toEqual([placing.grant])
  expect(await shown(placing.receipt)).toBeNull()
  const second = await give(placing.id)
  await hands.collect(placing.door, grantId, { at: Date.now() + 5 })
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected' })
  expect([await suspects(), await revoked(second.grantId), await revoked(placing.grant)]).toEqual([1, true, true])
})

test('more time is more time for it too; a look that finds the box empty ends it; then no badge is given any more', async () => {
  const placing = await hands.deposit()
  const { grantId } = await give(placing.id)
  const until = async (id: string) => (await house.ctx.sql`select until from grants where id = ${id}`)[0]!.until
  const before = await until(grantId)
  await extendParcel(house.ctx, { id: placing.id, actorId: house.residentId })
  expect([(await until(grantId)) > before, await until(grantId)]).toEqual([true, await until(placing.grant)])
  await doorLooked(house.ctx, { doorId: placing.doorId, found: 'empty', actorId: house.residentId })
  expect([await revoked(grantId), (await hands.parcel(placing.id)).badgeGrantId]).toEqual([true, null])
  await expect(give(placing.id)).rejects.toMatchObject({ reason: 'not-waiting' })
})

test('a new code key of the bank ends badges, since their UID is not kept: the counter gives it again', async () => {
  const placing = await hands.deposit()
  const { grantId } = await give(placing.id)
  await newCredentials(house.ctx, { id: 'bank-1', reason: 'stolen', actorId: house.residentId })
  expect([await revoked(grantId), await revoked(placing.grant)]).toEqual([true, false])
  expect(await shown(placing.receipt)).toBeNull()
  await give(placing.id)
  expect(await shown(placing.receipt)).not.toBeNull()
})
