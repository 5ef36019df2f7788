import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeContact } from '../../server/domain/contacts.ts'
import { addDelegate, revokeDelegate } from '../../server/domain/delegates.ts'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { extendParcel } from '../../server/domain/parcel-deadlines.ts'
import { reassignParcel } from '../../server/domain/reassign.ts'
import { createResident } from '../../server/domain/residents.ts'
import { boxesOf } from '../../server/store/boxes.ts'
import { delegatesOf } from '../../server/store/delegates.ts'
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

const delegate = (parcelId: string, residentId = house.residentId) =>
  addDelegate(house.ctx, { parcelId, residentId, name: 'Léa' })
const revoked = async (id: string) =>
  (await house.ctx.sql`select revoked_at from grants where id = ${id}`)[0]!.revokedAt
const versions = async () => (await house.ctx.sql`select grants_made as made from controllers`)[0]!.made

test('a delegate has a code of their own for the same box; using it collects the parcel and ends the other code', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  await house.outbox.idle()
  expect(hands.listed().sort()).toEqual([placing.grant, made.grantId].sort())
  expect(await codeOfGrant(house.ctx, made.grantId)).not.toBe(await codeOfGrant(house.ctx, placing.grant))
  const told = { residentId: house.residentId, actorId: house.residentId, email: 'ada@example.org' }
  await changeContact(house.ctx, told)
  await hands.collect(placing.door, made.grantId)
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected', byDelegate: true, delegateGrantId: null })
  const notices = await house.ctx.sql`select kind, channel from notices`
  expect([...notices]).toEqual([{ kind: 'collected-by-delegate', channel: 'email' }])
  expect(await hands.factsOf(placing.id, 'parcel-collected')).toEqual([{ by: 'delegate' }])
  expect(await revoked(placing.grant)).toBeInstanceOf(Date)
  expect(hands.listed()).toEqual([made.grantId])
  const suspects = await house.ctx.sql`select type, suspect from history where suspect is not null`
  expect([...suspects]).toEqual([])
})

test('the resident comes first: the delegate’s code ends, and the box waits until the bank knows', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  await house.outbox.idle()
  await hands.collect(placing.door, placing.grant)
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected', byDelegate: false })
  expect(await hands.factsOf(placing.id, 'parcel-collected')).toEqual([{}])
  expect(await revoked(made.grantId)).toBeInstanceOf(Date)
  await house.events({ type: 'vacant', door: placing.door })
  const box = async () => (await boxesOf(house.ctx.sql, 'bank-1')).find(each => each.id === placing.doorId)!
  expect(await box()).toMatchObject({ offer: 'free', blocked: true })
  await house.events({ type: 'grants-applied', version: await versions() })
  expect(await box()).toMatchObject({ offer: 'free', blocked: false })
})

test('taken back while the bank is away: said so, and used there all the same it collects, as suspect', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  await house.outbox.idle()
  await house.events({ type: 'grants-applied', version: await versions() })
  await house.say('status', { state: 'offline', link: 'l1', boot: 'b1' })
  const shown = async () => (await delegatesOf(house.ctx.sql, [placing.id]))[0]!
  expect(await shown()).toMatchObject({ bankKnows: true, bankOnline: false, revokedAt: null })
  await revokeDelegate(house.ctx, { id: made.id, residentId: house.residentId })
  expect(await shown()).toMatchObject({ bankKnows: false, bankOnline: false, revokedAt: expect.any(Date) })
  expect((await shown()).bankSeenAt).toBeInstanceOf(Date)
  await house.online({ up: 2000, link: 'l2' })
  await hands.collect(placing.door, made.grantId, { at: Date.now() + 5 })
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected', byDelegate: true })
  const suspects = await house.ctx.sql`select type, suspect from history where suspect is not null`
  expect([...suspects]).toEqual([{ type: 'unlocked', suspect: 'grant-revoked' }])
  await expect(revokeDelegate(house.ctx, { id: made.id, residentId: house.residentId })).rejects.toMatchObject({
    reason: 'already-used',
  })
})

test('one at a time, of one’s own waiting parcel only; another after the first was taken back', async () => {
  const placing = await hands.deposit()
  const { id: other } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bo', flat: 'B2' })
  await expect(delegate(placing.id, other)).rejects.toMatchObject({ reason: 'not-found' })
  const made = await delegate(placing.id)
  await expect(delegate(placing.id)).rejects.toMatchObject({ reason: 'delegate-there' })
  const foreign = revokeDelegate(house.ctx, { id: made.id, residentId: other })
  await expect(foreign).rejects.toMatchObject({ reason: 'not-found' })
  await revokeDelegate(house.ctx, { id: made.id, residentId: house.residentId })
  await revokeDelegate(house.ctx, { id: made.id, residentId: house.residentId })
  const second = await delegate(placing.id)
  await house.outbox.idle()
  expect(hands.listed().sort()).toEqual([placing.grant, second.grantId].sort())
  await hands.collect(placing.door, placing.grant)
  await expect(delegate(placing.id)).rejects.toMatchObject({ reason: 'not-waiting' })
})

test('more time is more time for both codes; a parcel given to somebody else ends both', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  const untils = async () =>
    (await house.ctx.sql`select until from grants where id in ${house.ctx.sql([placing.grant, made.grantId])}`).map(
      row => row.until.getTime(),
    )
  const before = await untils()
  await extendParcel(house.ctx, { id: placing.id, actorId: house.residentId })
  const [first, second] = await untils()
  expect([first, first! > before[0]!]).toEqual([second, true])
  const { id: residentId } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bo', flat: 'B2' })
  await reassignParcel(house.ctx, { id: placing.id, residentId, actorId: house.residentId, reason: 'wrong flat' })
  expect([await revoked(placing.grant), await revoked(made.grantId)]).toEqual([expect.any(Date), expect.any(Date)])
  expect((await hands.parcel(placing.id)).delegateGrantId).toBeNull()
})

test('the delegate’s code was used and nobody saw the door: found empty, they have collected it', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  await house.events({ type: 'unlocked', door: placing.door, cause: { grant: made.grantId } })
  expect((await hands.parcel(placing.id)).state).toBe('waiting')
  await doorLooked(house.ctx, { doorId: placing.doorId, found: 'empty', actorId: house.residentId })
  expect(await hands.parcel(placing.id)).toMatchObject({ state: 'collected', byDelegate: true })
})

test('a caretaker finds the box empty: neither code opens it any more', async () => {
  const placing = await hands.deposit()
  const made = await delegate(placing.id)
  await doorLooked(house.ctx, { doorId: placing.doorId, found: 'empty', actorId: house.residentId })
  expect((await hands.parcel(placing.id)).state).toBe('cancelled')
  expect([await revoked(placing.grant), await revoked(made.grantId)]).toEqual([expect.any(Date), expect.any(Date)])
})
