import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkByHand, type Message } from '../support/raw-device.ts'
import { connectRaw } from '../support/raw-mqtt.ts'
import { type Bank, bankId, hear, openBank } from './bank.ts'

let bank: Bank
let grant: { id: string; code: string }
beforeEach(async () => {
  bank = await openBank()
  const [door] = await bank.sql<{ id: string }[]>`select id from doors where door = 1`
  const from = new Date(Date.now() - 60_000).toISOString()
  const until = new Date(Date.now() + 3600_000).toISOString()
  const body = { doorId: door!.id, from, until, uses: 1, means: 'code', reason: 'test' }
  grant = (await bank.landlord('POST', '/api/grants', body)).body as never
})
afterEach(() => bank.close())

const signInWith = async (password: string) => {
  const link = await connectRaw({ port: bank.port, clientId: bankId, username: bankId, password })
  link.destroy()
  return link.connack?.returnCode
}

test('new credentials: the connection is closed, the old password is refused, the grants go anew with new checks', async () => {
  const device = await bank.connect()
  const before = await hear(device, 'grants', (list: Message) => list.grants.length > 0)
  expect(before.grants).toMatchObject([{ grant: grant.id, check: checkByHand(bank.codeKey, grant.code) }])
  const made = await bank.landlord('POST', `/api/controllers/${bankId}/credentials`, { reason: 'opened' })
  expect(made.status).toBe(201)
  await device.link.closed
  expect(await signInWith(bank.password)).toBe(4)
  const { password, codeKey } = made.body as unknown as { password: string; codeKey: string }
  const again = await bank.connect(device, { password })
  const list = await hear(again, 'grants')
  expect(list.version).toBeGreaterThan(before.version)
  expect(list.grants).toMatchObject([{ grant: grant.id, check: checkByHand(codeKey, grant.code) }])
})

test('retired: the connection is closed, nobody signs in, doors and grants are out of use and none can be made', async () => {
  const device = await bank.connect()
  await hear(device, 'welcome')
  const retired = await bank.landlord('POST', `/api/controllers/${bankId}/retire`, { reason: 'sold' })
  expect(retired.status).toBe(200)
  await device.link.closed
  expect(await signInWith(bank.password)).toBe(4)
  expect(await bank.controller()).toMatchObject({ online: false, retiredAt: expect.any(String) })
  const doors = await bank.sql`select id, offer from doors`
  expect(doors.map(door => door.offer)).toEqual(['retired', 'retired'])
  const [row] = await bank.sql`select revoked_at is not null as revoked from grants where id = ${grant.id}`
  expect(row!.revoked).toBe(true)
  const from = new Date().toISOString()
  const until = new Date(Date.now() + 3600_000).toISOString()
  const body = { doorId: doors[0]!.id, from, until, means: 'code', reason: 'test' }
  const refused = { status: 409, body: { error: { reason: 'retired' } } }
  expect(await bank.landlord('POST', '/api/grants', body)).toMatchObject(refused)
  const anew = bank.landlord('POST', `/api/controllers/${bankId}/credentials`, { reason: 'again' })
  expect(await anew).toMatchObject(refused)
  const opening = await bank.landlord('POST', `/api/doors/${doors[0]!.id}/open`, { reason: 'look' })
  expect(opening.status).toBe(409)
})
