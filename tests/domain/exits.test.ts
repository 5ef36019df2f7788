import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOf, totpAt } from '../../schema/wire/codes.ts'
import { makeControllerSignIn } from '../../server/domain/controller-sign-in.ts'
import { newCredentials } from '../../server/domain/controllers.ts'
import { codeOfGrant, makeGrant, revokeGrant, totpOf } from '../../server/domain/grants.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { swapParcel } from '../../server/domain/swap-parcel.ts'
import { startJobs } from '../../server/jobs.ts'
import { grantById } from '../../server/store/rows.ts'
import { carrierOf } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse(compartments(2))
  await house.online()
})
afterEach(() => house.close())

const offer = async (id: string) => (await house.ctx.sql`select offer from doors where id = ${id}`)[0]!.offer
const state = async (id: string) => (await house.ctx.sql`select state from parcels where id = ${id}`)[0]!.state
const place = () => placeParcel(house.ctx, { controllerId: 'bank-1', residentId: house.residentId, size: 'M' })
const span = () => ({ from: new Date(Date.now() - 1000), until: new Date(Date.now() + 3600_000) })
const lastOrder = () => house.said.findLast(each => each.kind === 'order')!.message

test('a box with something in it: contested, another one, and with none left the deposit ends', async () => {
  const first = await place()
  const second = await swapParcel(house.ctx, first.id, { size: 'M', found: 'something' })
  expect(second).toMatchObject({ id: first.id, receipt: first.receipt, state: 'placing' })
  expect(second.doorId).not.toBe(first.doorId)
  expect([await offer(first.doorId), await offer(second.doorId)]).toEqual(['contested', 'reserved'])
  const again = swapParcel(house.ctx, first.id, { size: 'M', found: 'something' })
  await expect(again).rejects.toMatchObject({ reason: 'none-free' })
  expect([await state(first.id), await offer(second.doorId)]).toEqual(['cancelled', 'contested'])
  await doorLooked(house.ctx, { doorId: first.doorId, found: 'empty', actorId: house.residentId })
  expect(await offer(first.doorId)).toBe('free')
})

test('it does not fit: the box is offered again once its sensor has seen it empty, and said empty it must be shut', async () => {
  const first = await place()
  await house.outbox.idle()
  const { grant, order } = lastOrder()
  const { door } = first
  await house.events({ type: 'unlocked', door, cause: { grant, order } }, { type: 'opened', door })
  const swap = () => swapParcel(house.ctx, first.id, { size: 'M', found: 'empty' })
  await expect(swap()).rejects.toMatchObject({ reason: 'door-open' })
  expect(await offer(first.doorId)).toBe('reserved')
  await house.events({ type: 'closed', door }, { type: 'vacant', door })
  await expect(parcelPlaced(house.ctx, first.id)).rejects.toMatchObject({ reason: 'not-seen' })
  const other = await swap()
  expect(other.doorId).not.toBe(first.doorId)
  expect(await offer(first.doorId)).toBe('free')
  await house.outbox.idle()
  const again = lastOrder()
  const at = { door: other.door }
  await house.events({ type: 'unlocked', ...at, cause: { grant: again.grant, order: again.order } })
  await house.events({ type: 'opened', ...at }, { type: 'closed', ...at }, { type: 'vacant', ...at })
  // asked of this box as it was of the first
  await expect(parcelPlaced(house.ctx, first.id)).rejects.toMatchObject({ reason: 'not-seen' })
})

test('a bank that went away is not said to have its door open', async () => {
  const { id } = await place()
  await house.ctx.sql`update parcels set step = 'opened'`
  await expect(parcelPlaced(house.ctx, id)).rejects.toMatchObject({ reason: 'door-open' })
  await house.ctx.sql`update controllers set online = false`
  await expect(parcelPlaced(house.ctx, id)).rejects.toMatchObject({ reason: 'not-heard' })
})

test('walked away: contested after 5 minutes; the caretaker finds the parcel and it waits with a code', async () => {
  const { id, doorId } = await place()
  await house.ctx.sql`update parcels set made_at = made_at - interval '6 minutes'`
  const jobs = startJobs(house.ctx, house.outbox, 3600_000)
  await jobs.runOnce()
  await jobs.close()
  expect([await state(id), await offer(doorId)]).toEqual(['contested', 'contested'])
  await doorLooked(house.ctx, { doorId, found: 'parcel', actorId: house.residentId })
  expect([await state(id), await offer(doorId)]).toEqual(['waiting', 'in-use'])
  const [parcel] = await house.ctx.sql`select pickup_grant_id as grant from parcels`
  expect(await codeOfGrant(house.ctx, parcel!.grant)).toMatch(/^\d{8}$/)
})

test('rotating code through the server: each step once; a revoked grant is unknown [GRANTS-18, GRANTS-21]', async () => {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span(), means: 'totp' })
  const totp = await totpOf(house.ctx, await grantById(house.ctx.sql, id))
  const code = totpAt(totp!, Date.now())
  const ask = (name: string) => house.say('code', { ask: name, boot: 'b1', up: 2000, keypad: 1, code })
  await ask('a1')
  expect(lastOrder()).toMatchObject({ ask: 'a1', type: 'open', grant: id })
  await ask('a2')
  expect(lastOrder()).toMatchObject({ ask: 'a2', type: 'refuse' })
  await revokeGrant(house.ctx, { id })
  await house.outbox.idle()
  expect(house.said.findLast(each => each.kind === 'grants')!.message.grants).toEqual([])
})

test('a revoked grant blocks its box until the list without it is known, and not at all where no list is kept', async () => {
  for (const door of [1, 2]) {
    const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(door), ...span(), means: 'code', uses: 1 })
    await revokeGrant(house.ctx, { id })
  }
  await expect(place()).rejects.toMatchObject({ reason: 'none-free' })
  await house.online({ up: 2000, grants: -1 })
  expect(await place()).toMatchObject({ state: 'placing' })
})

test('no box of the size: the refusal is a fact with the size and the carrier, and nothing of whom it was for', async () => {
  const carrierId = await carrierOf(house)
  await house.ctx.sql`update doors set offer = 'retired'`
  const asked = { controllerId: 'bank-1', residentId: house.residentId, size: 'L', carrierId } as const
  await expect(placeParcel(house.ctx, asked)).rejects.toMatchObject({ reason: 'none-free' })
  const facts = await house.ctx.sql`
    select type, controller_id, actor_id, parcel_id, facts from history where site_id = ${house.siteId} order by n desc limit 1`
  const about = { controllerId: 'bank-1', actorId: carrierId, parcelId: null, facts: { size: 'L' } }
  expect([...facts]).toEqual([{ type: 'none-free', ...about }])
  expect([...(await house.ctx.sql`select 1 from parcels`)]).toEqual([])
})

test('new credentials: the old password is refused, every code gets a new check', async () => {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span(), means: 'code', uses: 1 })
  const { password, codeKey } = await newCredentials(house.ctx, { id: 'bank-1', reason: 'opened' })
  const signIn = makeControllerSignIn(house.ctx)
  expect(await signIn('bank-1', Buffer.from(password))).toBe('ok')
  expect(await signIn('bank-1', Buffer.from('another'))).toBe('refused')
  await house.online({ up: 2000, link: 'l2' })
  const list = house.said.findLast(each => each.kind === 'grants')!.message
  expect(list.grants).toMatchObject([{ check: checkOf(codeKey, await codeOfGrant(house.ctx, id)) }])
})

test('five wrong codes lock the keypad at the server; a right one typed then is refused as locked [CODE-17]', async () => {
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span(), means: 'code' })
  const right = await codeOfGrant(house.ctx, id)
  const wrong = right === '00000000' ? '00000001' : '00000000'
  for (const ask of ['1', '2', '3', '4', '5'])
    await house.say('code', { ask, boot: 'b1', up: 2000, keypad: 1, code: wrong })
  await house.say('code', { ask: '6', boot: 'b1', up: 2000, keypad: 1, code: right })
  expect(lastOrder()).toMatchObject({ ask: '6', type: 'refuse', reason: 'locked' })
  await house.say('code', { ask: '7', boot: 'b1', up: 2000, keypad: 2, code: right })
  expect(lastOrder()).toMatchObject({ ask: '7', type: 'open' })
})
