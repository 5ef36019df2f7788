import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlertByCode } from '../../server/domain/alert-by-code.ts'
import { codeOfGrant, revokeGrant } from '../../server/domain/grants.ts'
import { alertsOf } from '../../server/store/alerts.ts'
import { type House, openHouse } from './house.ts'
import { parcelsOf } from './parcel-house.ts'

let house: House
let hands: ReturnType<typeof parcelsOf>
let clock = 0
let alertByCode: ReturnType<typeof makeAlertByCode>
beforeEach(async () => {
  house = await openHouse()
  hands = parcelsOf(house)
  clock = 0
  alertByCode = makeAlertByCode({ ...house.ctx, now: () => new Date(Date.now() + clock) })
  await house.online()
})
afterEach(() => house.close())

type Kind = 'not-mine' | 'damaged' | 'door-shut'
const say = (code: string, { kind = 'door-shut' as Kind, from = '192.0.2.1', controllerId = 'bank-1' } = {}) =>
  alertByCode({ controllerId, code, kind, from }).then(
    heard => heard.parcelState,
    error => error.reason as string,
  )
const alerts = () => alertsOf(house.ctx.sql, { siteId: house.siteId })
/** Never one of the codes there are: its first digit is another. */
const wrong = (code: string, n = 1) => `${(Number(code[0]) + n) % 10}${code.slice(1)}`

test('the code says which parcel; the facts go along, nothing opens, and nobody is named', async () => {
  const placing = await hands.deposit()
  const code = await codeOfGrant(house.ctx, placing.grant)
  const at = { door: placing.door, cause: { grant: placing.grant } }
  await house.events({ type: 'accepted', ...at }, { type: 'jammed', ...at })
  const orders = () => house.ctx.sql`select 1 from orders`
  const before = (await orders()).length
  const heard = await alertByCode({ controllerId: 'bank-1', code, kind: 'door-shut', from: '192.0.2.1' })
  expect(heard).toEqual({ door: placing.door, parcelState: 'waiting' })
  const [alert, ...more] = await alerts()
  expect([alert, more]).toMatchObject([{ kind: 'door-shut', parcelId: placing.id, doorState: 'jammed' }, []])
  expect(alert!.entries.map(each => each.type)).toContain('jammed')
  expect((await orders()).length).toBe(before)
  const [fact] = await house.ctx.sql`select actor_id, parcel_id from history where type = 'alert-made'`
  expect(fact).toEqual({ actorId: null, parcelId: placing.id })
})

test('not my parcel, said with the code it was collected with: contested', async () => {
  const placing = await hands.deposit()
  await hands.collect(placing.door, placing.grant)
  expect(await say(await codeOfGrant(house.ctx, placing.grant), { kind: 'not-mine' })).toBe('contested')
  expect([(await hands.parcel(placing.id)).state, await hands.offer(placing.doorId)]).toEqual([
    'contested',
    'contested',
  ])
})

test('said twice, as after a lost answer, is one alert; another thing, or a quarter of an hour later, is another', async () => {
  const placing = await hands.deposit()
  const code = await codeOfGrant(house.ctx, placing.grant)
  expect([await say(code), await say(code)]).toEqual(['waiting', 'waiting'])
  expect(await alerts()).toHaveLength(1)
  expect([await say(code, { kind: 'not-mine' }), await say(code, { kind: 'not-mine' })]).toEqual([
    'contested',
    'contested',
  ])
  expect(await alerts()).toHaveLength(2)
  clock = 15 * 60_000 + 1_000
  await say(code)
  expect(await alerts()).toHaveLength(3)
})

test('not my parcel, said again of one that somebody put right meanwhile, counts again', async () => {
  const placing = await hands.deposit()
  const code = await codeOfGrant(house.ctx, placing.grant)
  await say(code, { kind: 'not-mine' })
  await house.ctx.sql`update parcels set state = 'waiting', reason = null where id = ${placing.id}`
  expect(await say(code, { kind: 'not-mine' })).toBe('contested')
  expect(await alerts()).toHaveLength(2)
})

test('a code that was taken back, of a retired bank or of another bank, names no parcel', async () => {
  const placing = await hands.deposit()
  const code = await codeOfGrant(house.ctx, placing.grant)
  expect(await say(code, { controllerId: 'bank-2' })).toBe('not-found')
  await revokeGrant(house.ctx, { id: placing.grant })
  expect(await say(code)).toBe('code-unknown')
  await house.ctx.sql`update controllers set retired_at = now()`
  expect(await say(code)).toBe('not-found')
  expect(await alerts()).toEqual([])
})

test('five wrong codes lock the address for five minutes, and nobody else; right ones in between do not count', async () => {
  const code = await codeOfGrant(house.ctx, (await hands.deposit()).grant)
  for (let n = 0; n < 4; n++) expect(await say(wrong(code))).toBe('code-unknown')
  // more than there are connections to the database, so that some are judged at the same moment
  expect(await Promise.all(Array.from({ length: 30 }, () => say(code)))).toEqual(Array(30).fill('waiting'))
  for (let n = 0; n < 5; n++) expect(await say(wrong(code))).toBe('code-unknown')
  expect(await say(code)).toBe('locked')
  expect(await say(code, { from: '192.0.2.2' })).toBe('waiting')
  clock = 5 * 60_000 - 1_000
  expect(await say(code)).toBe('locked')
  clock = 5 * 60_000 + 1_000
  expect(await say(code)).toBe('waiting')
})

test('twenty wrong ones from anywhere lock the page of that bank, the keypad never', async () => {
  const code = await codeOfGrant(house.ctx, (await hands.deposit()).grant)
  const from = (n: number) => `192.0.2.${n}`
  for (let n = 0; n < 18; n++) expect(await say(wrong(code, 1 + (n % 9)), { from: from(n) })).toBe('code-unknown')
  const crowd = Array.from({ length: 30 }, (_, n) => say(code, { from: from(100 + n) }))
  expect(await Promise.all(crowd)).toEqual(Array(30).fill('waiting'))
  for (const n of [96, 97]) expect(await say(wrong(code), { from: from(n) })).toBe('code-unknown')
  expect(await say(code, { from: from(99) })).toBe('locked')
  await house.say('code', { ask: 'a1', boot: 'b1', up: 2000, keypad: 1, code })
  expect(house.said.findLast(each => each.kind === 'order')?.message).toMatchObject({ type: 'open' })
  clock = 5 * 60_000 + 1_000
  expect(await say(code, { from: from(99) })).toBe('waiting')
})
