import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOf } from '../../schema/wire/codes.ts'
import { makeAlert } from '../../server/domain/alerts.ts'
import { endAudit, startAudit, tellAudit } from '../../server/domain/audits.ts'
import { collectFor } from '../../server/domain/collect-for.ts'
import { correctParcel } from '../../server/domain/correct.ts'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { reissueCode } from '../../server/domain/pickup-code.ts'
import { reassignParcel } from '../../server/domain/reassign.ts'
import { createResident } from '../../server/domain/residents.ts'
import { retireBox, returnBox } from '../../server/domain/retire-box.ts'
import { settleSuspect } from '../../server/domain/settle.ts'
import { suspectFacts } from '../../server/store/suspects.ts'
import { wallControllers } from '../../server/store/wall.ts'
import { compartments, type House, openHouse } from './house.ts'
import { overdueNow } from './overdue.ts'

let house: House
const actorId = '00000000-0000-7000-8000-00000000000c'
const by = { actorId, reason: 'because' }

beforeEach(async () => {
  house = await openHouse(compartments(2))
  await house.online()
})
afterEach(() => house.close())

const parcel = async (id: string) => (await house.ctx.sql`select * from parcels where id = ${id}`)[0]!
const offer = async (id: string) => (await house.ctx.sql`select offer from doors where id = ${id}`)[0]!.offer
const place = () => placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
const types = async (parcelId: string) =>
  (await house.ctx.sql<{ type: string }[]>`select type from history where parcel_id = ${parcelId} order by n`).map(
    each => each.type,
  )
const lastOf = async (kind: string) => {
  await house.outbox.idle()
  return house.said.findLast(each => each.kind === kind)!.message as {
    grant: string
    order: string
    version: number
    grants: { check: string; door: number }[]
  }
}

async function opened(door: number, { takes }: { takes: boolean }) {
  const { grant, order } = await lastOf('order')
  const cause = { grant, order }
  await house.events({ type: 'unlocked', door, cause }, { type: 'opened', door })
  await house.events({ type: 'closed', door }, { type: takes ? 'vacant' : 'occupied', door })
}

async function deposit() {
  const placing = await place()
  await opened(placing.door, { takes: false })
  await parcelPlaced(house.ctx, placing.id)
  await house.events({ type: 'grants-applied', version: (await lastOf('grants')).version })
  return placing
}

test('a retired box is not offered, whatever is told of it, and comes back only after a look', async () => {
  const doorId = await house.doorId(1)
  expect(await retireBox(house.ctx, { doorId, ...by })).toEqual({ id: doorId, offer: 'retired' })
  await expect(retireBox(house.ctx, { doorId, ...by })).rejects.toMatchObject({ reason: 'retired-already' })
  await house.events({ type: 'occupied', door: 1 }, { type: 'vacant', door: 1 })
  const other = await place()
  expect([other.door, await offer(doorId)]).toEqual([2, 'retired'])
  await expect(place()).rejects.toMatchObject({ reason: 'none-free' })
  expect(await returnBox(house.ctx, { doorId, found: 'something-else', ...by })).toMatchObject({ offer: 'contested' })
  await expect(place()).rejects.toMatchObject({ reason: 'none-free' })
  await retireBox(house.ctx, { doorId, ...by })
  await returnBox(house.ctx, { doorId, found: 'empty', ...by })
  expect((await place()).door).toBe(1)
  await expect(returnBox(house.ctx, { doorId, found: 'empty', ...by })).rejects.toMatchObject({ reason: 'not-retired' })
})

test('no box is retired under a parcel or a courier; a late opening of a deposit that ended leaves it retired', async () => {
  const placing = await place()
  await expect(retireBox(house.ctx, { doorId: placing.doorId, ...by })).rejects.toMatchObject({ reason: 'being-used' })
  const { grant, order } = await lastOf('order')
  await opened(placing.door, { takes: false })
  await parcelPlaced(house.ctx, placing.id)
  const inside = retireBox(house.ctx, { doorId: placing.doorId, ...by })
  await expect(inside).rejects.toMatchObject({ reason: 'parcel-inside' })
  await doorLooked(house.ctx, { doorId: placing.doorId, found: 'empty', actorId })
  await retireBox(house.ctx, { doorId: placing.doorId, ...by })
  await house.events({ type: 'unlocked', door: placing.door, cause: { grant, order } })
  expect(await offer(placing.doorId)).toBe('retired')
})

test('a new code opens and the one before does not; the deadline stays', async () => {
  const { id, door } = await deposit()
  const before = await parcel(id)
  const { grantId } = await reissueCode(house.ctx, { id, ...by })
  const [old, fresh] = [await codeOfGrant(house.ctx, before.pickupGrantId), await codeOfGrant(house.ctx, grantId)]
  expect(fresh).not.toBe(old)
  expect((await lastOf('grants')).grants).toMatchObject([{ door, check: checkOf(house.codeKey, fresh) }])
  expect(await parcel(id)).toMatchObject({ pickupGrantId: grantId, deadlineAt: before.deadlineAt, state: 'waiting' })
  const ask = { boot: 'b1', up: 2000, keypad: 1 }
  await house.say('code', { ask: 'old', ...ask, code: old })
  expect(await lastOf('order')).toMatchObject({ ask: 'old', type: 'refuse', reason: 'unknown' })
  expect(await types(id)).toEqual(expect.arrayContaining(['code-reissued', 'grant-revoked', 'grant-made']))
})

test('found again when its code had ended, or was used: it waits with one that opens', async () => {
  const { id, door, doorId } = await deposit()
  const codeGrant = async () => (await parcel(id)).pickupGrantId as string
  const found = async () => {
    await makeAlert(house.ctx, { parcelId: id, kind: 'not-mine', actorId })
    await doorLooked(house.ctx, { doorId, found: 'parcel', actorId })
    expect(await parcel(id)).toMatchObject({ state: 'waiting', step: 'nothing', endedAt: null })
    return codeGrant()
  }
  const first = await codeGrant()
  expect(await found()).toBe(first)
  await house.ctx.sql`update grants set until = now() - interval '1 minute' where id = ${first}`
  const second = await found()
  expect(second).not.toBe(first)
  await house.events({ type: 'unlocked', door, cause: { grant: second } }, { type: 'opened', door })
  await house.events({ type: 'closed', door })
  expect((await parcel(id)).state).toBe('collected')
  expect(await found()).not.toBe(second)
})

test('reassigned: it belongs to the other one, whose code is a new one; never twice to the same, nor across sites', async () => {
  const { id } = await deposit()
  await overdueNow(house)
  const before = await parcel(id)
  const { id: residentId } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bo', flat: 'B2' })
  await reassignParcel(house.ctx, { id, residentId, ...by })
  const now = await parcel(id)
  expect([now.residentId, now.pickupGrantId === before.pickupGrantId]).toEqual([residentId, false])
  const again = reassignParcel(house.ctx, { id, residentId, ...by })
  await expect(again).rejects.toMatchObject({ reason: 'same-resident' })
  const nobody = reassignParcel(house.ctx, { id, residentId: actorId, ...by })
  await expect(nobody).rejects.toMatchObject({ reason: 'not-found', field: 'residentId' })
  const [fact] = await house.ctx.sql`select facts from history where type = 'parcel-reassigned'`
  expect(fact!.facts).toMatchObject({ from: house.residentId, to: residentId })
})

test('collected for somebody at the counter: the door tells it, the code is used, who did it stands in the history', async () => {
  const { id, door, doorId } = await deposit()
  const code = await codeOfGrant(house.ctx, (await parcel(id)).pickupGrantId)
  const { orderId } = await collectFor(house.ctx, { id, ...by })
  expect((await parcel(id)).state).toBe('waiting')
  expect(await lastOf('order')).toMatchObject({ order: orderId, door, type: 'open' })
  await opened(door, { takes: true })
  expect([(await parcel(id)).state, await offer(doorId)]).toEqual(['collected', 'free'])
  await house.ctx.sql`update grants set used_at = used_at - interval '3 minutes'`
  await house.say('code', { ask: 'again', boot: 'b1', up: 2000, keypad: 1, code })
  expect(await lastOf('order')).toMatchObject({ ask: 'again', type: 'refuse', reason: 'used' })
  const [fact] = await house.ctx.sql`select actor_id, order_id from history where type = 'collect-for'`
  expect(fact).toEqual({ actorId, orderId })
  await expect(collectFor(house.ctx, { id, ...by })).rejects.toMatchObject({ reason: 'not-waiting' })
})

test('told as collected, but it lies there still: it waits again with a code that opens', async () => {
  const { id, door, doorId } = await deposit()
  await collectFor(house.ctx, { id, ...by })
  await opened(door, { takes: false })
  expect([(await parcel(id)).state, await offer(doorId)]).toEqual(['collected', 'contested'])
  await correctParcel(house.ctx, { id, state: 'waiting', ...by })
  expect(await parcel(id)).toMatchObject({ state: 'waiting', step: 'nothing', endedAt: null })
  expect(await offer(doorId)).toBe('in-use')
  const code = await codeOfGrant(house.ctx, (await parcel(id)).pickupGrantId)
  await house.say('code', { ask: 'new', boot: 'b1', up: 2000, keypad: 1, code })
  expect(await lastOf('order')).toMatchObject({ ask: 'new', type: 'open', door })
})

test('corrected to collected: its code opens no more, and the box is looked into before it is offered', async () => {
  const { id, doorId } = await deposit()
  await correctParcel(house.ctx, { id, state: 'collected', ...by })
  expect([(await parcel(id)).state, await offer(doorId)]).toEqual(['collected', 'contested'])
  expect((await lastOf('grants')).grants).toEqual([])
  await doorLooked(house.ctx, { doorId, found: 'empty', actorId })
  await correctParcel(house.ctx, { id, state: 'returned', ...by })
  expect([(await parcel(id)).state, await offer(doorId)]).toEqual(['returned', 'free'])
  const back = correctParcel(house.ctx, { id, state: 'cancelled', ...by })
  await expect(back).rejects.toMatchObject({ reason: 'not-from-here' })
  await house.ctx.sql`update doors set offer = 'reserved' where id = ${doorId}`
  const taken = correctParcel(house.ctx, { id, state: 'waiting', ...by })
  await expect(taken).rejects.toMatchObject({ reason: 'box-taken' })
})

test('an audit shows each box with what should lie in it and what was found; one at a time for a bank', async () => {
  const { doorId, door, receipt } = await deposit()
  const { id } = await startAudit(house.ctx, { controllerId: 'bank-1', ...by })
  const second = startAudit(house.ctx, { controllerId: 'bank-1', ...by })
  await expect(second).rejects.toMatchObject({ reason: 'audit-running', details: { id } })
  const free = await house.doorId(3 - door)
  const shown = async () => (await tellAudit(house.ctx, id)).doors.map(each => each.id)
  await retireBox(house.ctx, { doorId: free, ...by })
  expect(await shown()).toEqual([doorId])
  await returnBox(house.ctx, { doorId: free, found: 'empty', ...by })
  await doorLooked(house.ctx, { doorId: free, found: 'empty', actorId })
  await doorLooked(house.ctx, { doorId: free, found: 'something-else', actorId })
  const found = (await tellAudit(house.ctx, id)).doors.map(each => [
    each.id,
    each.parcelState,
    each.receipt,
    each.found,
  ])
  expect(found.toSorted(a => (a[0] === doorId ? -1 : 1))).toEqual([
    [doorId, 'waiting', receipt, null],
    [free, null, null, 'something-else'],
  ])
  expect(await endAudit(house.ctx, { id, actorId })).toEqual({ id, left: [door] })
  await doorLooked(house.ctx, { doorId, found: 'parcel', actorId })
  expect((await tellAudit(house.ctx, id)).doors.find(each => each.id === doorId)!.found).toBe(null)
  await expect(endAudit(house.ctx, { id, actorId })).rejects.toMatchObject({ reason: 'audit-ended' })
})

test('what does not add up is listed until somebody settles it with a note, and stays in the history', async () => {
  await house.events({ type: 'unlocked', door: 1, cause: { grant: actorId } })
  const open = { siteId: house.siteId, settled: false, before: null, limit: 10, alsoOfParcels: true }
  const suspect = async () => (await wallControllers(house.ctx.sql, { siteIds: [house.siteId] }))[0]!.suspect
  const [fact] = await suspectFacts(house.ctx.sql, open)
  expect([fact, await suspect()]).toMatchObject([{ suspect: 'grant-unknown', door: 1, settled: null }, 1])
  const settle = { siteId: house.siteId, n: fact!.n, actorId, note: 'the maker tested the bolt', alsoOfParcels: true }
  await settleSuspect(house.ctx, settle)
  expect([await suspectFacts(house.ctx.sql, open), await suspect()]).toEqual([[], 0])
  const [told] = await suspectFacts(house.ctx.sql, { ...open, settled: true })
  expect(told).toMatchObject({ n: fact!.n, suspect: 'grant-unknown', settled: { by: actorId, note: settle.note } })
  await expect(settleSuspect(house.ctx, settle)).rejects.toMatchObject({ reason: 'settled-already' })
  await expect(settleSuspect(house.ctx, { ...settle, n: 1 })).rejects.toMatchObject({ reason: 'not-found', field: 'n' })
})
