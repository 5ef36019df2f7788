import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OwnParcel } from '../../schema/api/resident.ts'
import { type Ask, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let ada: Ask
let neighbour: Ask
let parcelId: string

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const { memberNumber, pin } = site.resident
  ada = (await server.signedIn({ memberNumber, pin })).ask
  const { ask } = site.admin
  const made = await ask<{ memberNumber: string; pin: string }>('POST', '/api/residents', {
    ...{ siteId: site.siteId, name: 'Bo', flat: '14' },
  })
  neighbour = (await server.signedIn({ memberNumber: made.body.memberNumber, pin: made.body.pin })).ask
})
afterAll(() => server.close())

const key = () => ({ 'idempotency-key': randomUUID() })
const mine = async (ask = ada) => (await ask<{ items: OwnParcel[] }>('GET', '/api/me/parcels')).body.items
const one = async () => (await mine()).find(each => each.id === parcelId)!

beforeEach(async () => {
  await server.sql`update parcels set state = 'collected', ended_at = now() where state <> 'collected'`
  await server.sql`update doors set offer = 'free' where kind = 'compartment'`
  await server.sql`update controllers set grants_known = grants_made`
  await server.sql`update grants set used_at = now() where used_at is null`
  const placing = await site.courier.ask<{ id: string }>('POST', '/api/parcels', {
    ...{ controllerId: site.controllerId, flat: '12', size: 'S' },
  })
  parcelId = placing.body.id
  await server.sql`update parcels set step = 'closed' where id = ${parcelId}`
  await site.courier.ask('POST', `/api/parcels/${parcelId}/placed`, {})
})

test('a resident sees their own parcels with code, bank and what is left to choose, and nobody else’s', async () => {
  expect(await one()).toMatchObject({ state: 'waiting', bank: 'Banc', extensionsLeft: 1, heldUntil: null })
  expect((await one()).code).toMatch(/^\d{8}$/)
  expect(await mine(neighbour)).toEqual([])
  const profile = (await ada('GET', '/api/me')).body
  expect(profile).toMatchObject({
    name: 'Ada',
    flat: '12',
    needsLowDoor: false,
    site: { name: 'Amiens', holdDays: 21 },
  })
})

test('a delegate’s code: the answer lost, the same asking again is the same code; taken back it says what the bank knows', async () => {
  const repeat = key()
  const path = `/api/parcels/${parcelId}/delegate`
  const made = await ada<{ id: string; code: string }>('POST', path, { name: ' Léa ' }, repeat)
  expect([made.status, made.body.code === (await one()).code]).toEqual([201, false])
  expect((await ada('POST', path, { name: ' Léa ' }, repeat)).body).toEqual(made.body)
  expect((await ada('POST', path, { name: 'Zoé' }, key())).body).toMatchObject({ error: { reason: 'delegate-there' } })
  const { id, code } = made.body
  expect((await one()).delegates).toMatchObject([{ id, name: 'Léa', state: 'active', code, bankKnows: false }])
  const kept = await server.sql`select result from idempotency where key = ${repeat['idempotency-key']}`
  expect(JSON.stringify(kept)).not.toContain(code)
  expect((await neighbour('POST', `/api/delegates/${id}/revoke`, undefined, key())).status).toBe(404)
  expect((await ada('POST', `/api/delegates/${id}/revoke`, undefined, key())).status).toBe(200)
  const [gone] = (await one()).delegates
  expect(gone).toMatchObject({ state: 'revoked', bankKnows: false })
  expect(gone).not.toHaveProperty('code')
  await server.sql`update controllers set grants_known = grants_made`
  expect((await one()).delegates).toMatchObject([{ state: 'revoked', bankKnows: true }])
})

test('an alert: the parcel becomes contested, the caretaker sees it without a name, takes it on and settles it', async () => {
  expect((await neighbour('POST', `/api/parcels/${parcelId}/alert`, { kind: 'not-mine' }, key())).status).toBe(404)
  const made = await ada<{ id: string }>('POST', `/api/parcels/${parcelId}/alert`, { kind: 'not-mine' }, key())
  expect([made.status, made.body]).toEqual([201, { id: expect.any(String), parcelState: 'contested' }])
  const { ask } = site.caretaker
  const list = await ask<{ items: object[] }>('GET', `/api/alerts?siteId=${site.siteId}&state=open`)
  expect(list.body.items).toMatchObject([
    { id: made.body.id, kind: 'not-mine', parcelState: 'contested', bank: 'Banc' },
  ])
  expect(JSON.stringify(list.body)).not.toContain('Ada')
  expect((await ask('POST', `/api/alerts/${made.body.id}/take`, undefined, key())).body).toMatchObject({
    state: 'taken',
  })
  const settled = await ask('POST', `/api/alerts/${made.body.id}/settle`, { note: 'it was hers' }, key())
  expect(settled.body).toMatchObject({ state: 'settled' })
})

test('a low door: said by the resident, given to their next parcel where there is one', async () => {
  await server.sql`update doors set height = 'low' where id = ${site.doorId(3)}`
  expect((await ada('POST', '/api/me/needs', { needsLowDoor: true }, key())).body).toMatchObject({ needsLowDoor: true })
  const placing = await site.courier.ask<{ door: number }>('POST', '/api/parcels', {
    ...{ controllerId: site.controllerId, flat: '12', size: 'S' },
  })
  expect(placing.body).toMatchObject({ door: 3 })
  const [fact] = await server.sql`select facts from history where type = 'needs-changed'`
  expect(JSON.stringify(fact!.facts)).not.toContain('true')
})
