import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnLook } from '../../schema/api/name-looks.ts'
import { startJobs } from '../../server/jobs.ts'
import { looksAt as kept } from '../../server/store/name-looks.ts'
import { type Ask, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let ada: Ask
let bo: Ask
let volunteer: Ask
const hourMs = 3600_000

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const made = await site.admin.ask<{ memberNumber: string; pin: string }>('POST', '/api/residents', {
    ...{ siteId: site.siteId, name: 'Bo', flat: '14' },
  })
  const signedIn = async ({ memberNumber, pin }: { memberNumber: string; pin: string }) =>
    (await server.signedIn({ memberNumber, pin })).ask
  ;[ada, bo] = await Promise.all([signedIn(site.resident), signedIn(made.body)])
  volunteer = (await server.worker('volunteer', [site.siteId])).ask
})
afterAll(() => server.close())

const looksAt = async (who: Ask) => (await who<{ items: OwnLook[] }>('GET', '/api/me/looks')).body.items
const short = async (who: Ask) => (await looksAt(who)).map(({ how, role }) => `${how} ${role}`)
const facts = () => server.sql`select facts, actor_id from history where type = 'names-seen' order by n`

test('whoever sees a name in the list or on its sheet: its resident is told once for a piece of work', async () => {
  const { ask } = site.caretaker
  expect(await looksAt(ada)).toEqual([])
  for (const _ of [1, 2]) await ask('GET', `/api/residents?siteId=${site.siteId}&q=ad`)
  for (const _ of [1, 2]) await ask('GET', `/api/residents/${site.resident.id}`)
  expect(await looksAt(ada)).toMatchObject([
    { how: 'sheet', role: 'caretaker', room: null, reason: null },
    { how: 'list', role: 'caretaker', room: null, reason: null },
  ])
  expect(await looksAt(bo)).toEqual([])
  const [landlord] = await server.sql`select id from accounts where role = 'landlord'`
  await site.admin.ask('GET', `/api/residents?siteId=${site.siteId}`)
  expect([await short(ada), await short(bo)]).toEqual([
    ['list landlord', 'sheet caretaker', 'list caretaker'],
    ['list landlord'],
  ])
  const { id: residentId } = site.resident
  expect(await facts()).toMatchObject([
    { facts: { how: 'list', residentId } },
    { facts: { how: 'sheet', residentId } },
    { facts: { how: 'list', people: 2 }, actorId: landlord!.id },
  ])
  server.forward(hourMs + 1000)
  await ask('GET', `/api/residents/${site.resident.id}`)
  expect((await short(ada)).filter(each => each === 'sheet caretaker')).toHaveLength(2)
})

test('looked for at the counter under a name, not by a flat or a number', async () => {
  const about = { controllerId: site.controllerId, flat: '12', size: 'S' }
  const parcel = (await site.courier.ask<{ receipt: string }>('POST', '/api/parcels', about)).body
  const find = async (q: string) =>
    (await volunteer<{ items: object[] }>('GET', `/api/parcels?siteId=${site.siteId}&q=${q}`)).body.items.length
  const before = await short(ada)
  for (const q of ['', '12', parcel.receipt]) expect([q, await find(q)]).toEqual([q, 1])
  expect(await short(ada)).toEqual(before)
  for (const _ of [1, 2]) expect(await find('ad')).toBe(1)
  expect(await short(ada)).toEqual(['counter volunteer', ...before])
})

test('asked with a reason: told to those who were named, with the reason, each time', async () => {
  const { ask } = site.caretaker
  const always = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '00:00', until: '00:00' }))
  const room = { doorId: site.doorId(5), name: 'Atelier', capacity: 12, hours: always, holidays: 'none' }
  const roomId = (await ask<{ id: string }>('POST', '/api/rooms', room)).body.id
  const from = new Date(Math.ceil(server.ctx.now().getTime() / hourMs) * hourMs + 24 * hourMs)
  const span = { from: from.toISOString(), until: new Date(from.getTime() + hourMs).toISOString() }
  expect((await bo('POST', '/api/me/bookings', { roomId, ...span })).status).toBe(201)
  const before = await short(ada)
  const day = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Paris' }).format(from)
  for (const reason of ['a scarf', 'a key'])
    expect((await volunteer('POST', `/api/rooms/${roomId}/names`, { day, reason })).status).toBe(200)
  const about = { how: 'room', role: 'volunteer', room: 'Atelier' }
  expect((await looksAt(bo)).slice(0, 2)).toMatchObject([
    { ...about, reason: 'a key' },
    { ...about, reason: 'a scarf' },
  ])
  expect(await short(ada)).toEqual(before)
  const asked = { siteId: site.siteId, reason: 'a letter to all' }
  await ask('POST', '/api/residents/export', asked, { 'idempotency-key': 'once' })
  await ask('POST', '/api/residents/export', asked, { 'idempotency-key': 'once' })
  for (const who of [ada, bo]) {
    const looks = await looksAt(who)
    expect(looks[0]).toMatchObject({ how: 'export', role: 'caretaker', room: null, reason: 'a letter to all' })
    expect(looks.filter(({ how }) => how === 'export')).toHaveLength(1)
  }
})

test('who looked is kept apart from who is named: no name in the chain, and each look gone after twelve months', async () => {
  expect(JSON.stringify(await facts())).not.toMatch(/Ada|Bo\b/)
  const jobs = startJobs(server.ctx, { sendGrants: async () => {}, sendConfig: async () => {} }, hourMs)
  const left = () => kept(server.sql, site.resident.id)
  const looks = await left()
  const oldest = Date.parse(looks.at(-1)!.at)
  server.forward(oldest + 365 * 24 * hourMs - server.ctx.now().getTime() - 1000)
  await jobs.runOnce()
  expect(await left()).toEqual(looks)
  server.forward(hourMs)
  await jobs.runOnce()
  const later = looks.filter(({ at }) => Date.parse(at) > oldest + hourMs - 1000)
  expect([later.length > 0, later.length < looks.length]).toEqual([true, true])
  expect(await left()).toEqual(later)
  await jobs.close()
})
