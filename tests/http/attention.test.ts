import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { Attention, AttentionKind } from '../../schema/api/attention.ts'
import { appendHistory, type Fact } from '../../server/store/history.ts'
import { eventually } from '../support/eventually.ts'
import { type Ask, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

type Worker = { token: string; ask: Ask }
type Refused = { error: { reason: string } }

let server: Server
let site: Site
let volunteer: Worker
let technician: Worker
let parcel: { id: string; receipt: string }
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  volunteer = await server.worker('volunteer', [site.siteId])
  technician = await server.worker('technician', [site.siteId])
  const asked = { controllerId: site.controllerId, residentId: site.resident.id, size: 'S' }
  parcel = (await site.courier.ask<typeof parcel>('POST', '/api/parcels', asked)).body
  const { sql } = server
  await sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${parcel.id}/placed`, {})
  await site.caretaker.ask('POST', `/api/parcels/${parcel.id}/alert`, { kind: 'damaged', says: 'wet' })
  await sql`update residents set email = 'ada@example.org', tell_by = '{email}'`
  await site.caretaker.ask('POST', `/api/parcels/${parcel.id}/new-code`, { reason: 'x' })
  await sql`update notices set state = 'dead'`
  await sql`update parcels set state = 'expired'`
  await sql`update doors set offer = 'contested' where door = 3`
  await sql`update doors set alarm = 'forced', alarm_at = now() where door = 5`
  const now = new Date()
  const fact = { at: now, receivedAt: now, controllerId: site.controllerId, suspect: 'events-lost' } as const
  const facts: Fact[] = [
    { type: 'loss', ...fact },
    { type: 'unlocked', ...fact, parcelId: parcel.id },
  ]
  await sql.begin(tx => appendHistory(tx, site.siteId, facts))
})
afterAll(() => server?.close())

const listOf = async (ask: Ask) => (await ask<Attention>('GET', `/api/attention?siteId=${site.siteId}`)).body
const kindsOf = async (ask: Ask) => (await listOf(ask)).items.map(each => each.kind)
const take = (ask: Ask, thing: { kind: AttentionKind; id: string }, headers: object = {}) =>
  ask<Refused>('POST', '/api/attention/take', { siteId: site.siteId, ...thing }, headers)
const of = async (kind: AttentionKind) => (await listOf(site.caretaker.ask)).items.find(each => each.kind === kind)!
const bare = ({ kind, id }: { kind: AttentionKind; id: string }) => ({ kind, id })

test('everybody who works here sees what they could do something about, and no more', async () => {
  const all: AttentionKind[] = ['forced', 'told', 'contested', 'suspect', 'suspect', 'notice-dead', 'overdue']
  expect(await kindsOf(site.caretaker.ask)).toEqual(all)
  expect(await kindsOf(volunteer.ask)).toEqual(['forced', 'told', 'contested', 'overdue'])
  expect(await kindsOf(technician.ask)).toEqual(['forced', 'suspect'])
  const technical = JSON.stringify(await listOf(technician.ask))
  for (const secret of [parcel.id, parcel.receipt]) expect(technical).not.toContain(secret)
  for (const { ask } of [site.caretaker, volunteer]) expect(JSON.stringify(await listOf(ask))).not.toMatch(/Ada|"12"/)
})

test('what somebody does not see they do not take', async () => {
  for (const [ask, kind] of [
    [technician.ask, 'overdue'],
    [technician.ask, 'told'],
    [volunteer.ask, 'notice-dead'],
  ] as const) {
    const { status, body } = await take(ask, bare(await of(kind)))
    expect([kind, status, body.error.reason]).toEqual([kind, 409, 'over-already'])
  }
  const ofParcel = (await listOf(site.caretaker.ask)).items.find(each => each.kind === 'suspect' && each.parcelId)!
  expect((await take(technician.ask, bare(ofParcel))).status).toBe(409)
  expect(await server.sql`select 1 from taken`).toHaveLength(0)
})

test('a lost answer, then the same again: taken once; the others hear of it, and only of what is theirs to see', async () => {
  const heard = await Promise.all([site.caretaker, technician, site.courier].map(({ token }) => watch(token)))
  const key = { 'idempotency-key': 'once' }
  const forced = bare(await of('forced'))
  const contested = bare(await of('contested'))
  for (const _ of [1, 2]) expect((await take(site.caretaker.ask, forced, key)).status).toBe(200)
  expect((await take(site.caretaker.ask, contested)).status).toBe(200)
  expect(await server.sql`select 1 from history where type = 'attention-taken'`).toHaveLength(2)
  await server.sql`update doors set state = 'jammed' where door = 4`
  server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(4)], parcels: [parcel.id] })
  await Promise.all(heard.slice(0, 2).map(({ all }) => eventually(() => all().includes('"jammed"'))))
  await eventually(() => heard[2]!.all().includes(parcel.id))
  const [caretaker, technical, courier] = heard.map(({ all }) => all()) as [string, string, string]
  expect(caretaker).toContain(`"attention":["forced/${forced.id}"]`)
  expect(caretaker).toContain(`"attention":["contested/${contested.id}"]`)
  expect(technical).toContain(`"attention":["forced/${forced.id}"]`)
  expect(technical).not.toContain('contested/')
  expect(courier).not.toContain('attention')
  for (const { socket } of heard) socket.terminate()
  const [mine] = (await listOf(site.caretaker.ask)).items
  expect(mine!.taken).toMatchObject({ by: 'Caretaker', mine: true })
  expect((await listOf(technician.ask)).items[0]!.taken).toMatchObject({ by: 'Caretaker', mine: false })
})

test('asked again after a lost answer, when it is over meanwhile: told the same as the first time', async () => {
  const release = (thing: object, headers: object) =>
    site.caretaker.ask<Refused>('POST', '/api/attention/release', { siteId: site.siteId, ...thing }, headers)
  const steps: [AttentionKind, () => Promise<unknown>][] = [
    ['forced', async () => server.sql`update doors set alarm = null where door = 5`],
    ['told', async () => site.caretaker.ask('POST', `/api/alerts/${(await of('told')).id}/settle`, { note: 'dried' })],
  ]
  for (const [kind, end] of steps) {
    const thing = bare(await of(kind))
    const asked = [
      () => take(site.caretaker.ask, { ...thing, over: true } as never, { 'idempotency-key': `take-${kind}` }),
      () => release(thing, { 'idempotency-key': `release-${kind}` }),
    ]
    const first = []
    for (const ask of asked) first.push(await ask())
    expect(first.map(({ status }) => status)).toEqual([200, 200])
    await end()
    expect((await take(site.caretaker.ask, thing)).body.error.reason).toBe('over-already')
    for (const [at, ask] of asked.entries()) {
      const { status, body } = await ask()
      expect([kind, at, status, body]).toEqual([kind, at, 200, first[at]!.body])
    }
  }
})

async function watch(token: string) {
  const url = `${server.url.replace('http', 'ws')}/live?siteId=${site.siteId}`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  const messages: string[] = []
  socket.on('message', data => messages.push(String(data)))
  await eventually(() => messages.length > 0)
  return { socket, all: () => messages.join('\n') }
}
