import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/domain/ids.ts'
import { type Ask, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

type Listed = { items: { id: string; kind: string; state: string; channel: string }[]; next: string | null }
type Error = { error: { reason: string; field?: string } }
let server: Server
let site: Site
let resident: Ask

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const { memberNumber, pin } = site.resident
  resident = (await server.signedIn({ memberNumber, pin })).ask
})
afterAll(() => server.close())

const key = () => ({ 'idempotency-key': newId() })
const caretaker: Ask = (...given) => site.caretaker.ask(...given)

async function waiting(): Promise<string> {
  const asked = { controllerId: 'bank-1', residentId: site.resident.id, size: 'S' }
  const { body } = await site.courier.ask<{ id: string }>('POST', '/api/parcels', asked, key())
  await server.sql`update parcels set step = 'closed' where id = ${body.id}`
  const placed = await site.courier.ask('POST', `/api/parcels/${body.id}/placed`, {}, key())
  if (placed.status !== 200) throw new Error(JSON.stringify(placed.body))
  return body.id
}
const list = (query: string) => caretaker<Listed>('GET', `/api/notices?siteId=${site.siteId}${query}`)

test('the caretaker sees what was told and what could not be, without address, text and code, and tries it again', async () => {
  const contact = { email: 'ada@example.org', phone: '06 12 34 56 78', tellBy: ['email', 'sms'] }
  const path = `/api/residents/${site.resident.id}/contact`
  expect((await caretaker('POST', path, contact, key())).body).toMatchObject({ tellBy: ['email', 'sms'] })
  await waiting()
  await server.sql`update notices set state = 'dead', last_problem = 'smtp 550', tries = 3 where channel = 'email'`
  const all = await list('')
  expect(all.body.items.map(({ kind, channel, state }) => [kind, channel, state]).sort()).toEqual([
    ['arrived', 'email', 'dead'],
    ['arrived', 'sms', 'waiting'],
  ])
  expect(JSON.stringify(all.body)).not.toMatch(/ada@|612345678|code/)
  const dead = await list('&state=dead')
  expect(dead.body.items).toMatchObject([
    { flat: '12', receipt: expect.any(String), channel: 'email', lastProblem: 'smtp 550', tries: 3, sentAt: null },
  ])
  const { body: numbers } = await server.ask<string>('GET', '/metrics')
  expect(numbers).toContain('doors_notices{channel="email",state="dead"} 1\n')
  const [first, rest] = [await list('&limit=1'), await list(`&limit=1&cursor=${all.body.items[0]!.id}`)]
  expect(first.body.next).toBe(all.body.items[0]!.id)
  expect([...first.body.items, ...rest.body.items]).toEqual(all.body.items)

  const { id } = dead.body.items[0]!
  const same = key()
  for (let tap = 0; tap < 2; tap += 1)
    expect(await caretaker('POST', `/api/notices/${id}/retry`, undefined, same)).toMatchObject({
      status: 200,
      body: { id, state: 'waiting' },
    })
  const again = await caretaker<Error>('POST', `/api/notices/${id}/retry`, undefined, key())
  expect([again.status, again.body.error.reason]).toEqual([409, 'not-dead'])
  const [fact] = await server.sql`select facts, actor_id from history where type = 'notice-retried'`
  expect(fact).toMatchObject({ facts: { noticeId: id, kind: 'arrived', channel: 'email' } })
  await server.sql`update notices set state = 'dead' where id = ${id}`
  const settled = await caretaker('POST', `/api/notices/${id}/settle`, { note: 'telephoned' }, key())
  expect(settled).toMatchObject({ status: 200, body: { id, state: 'dropped' } })
  expect((await list('&state=dead')).body.items).toEqual([])
  const late = await caretaker<Error>('POST', `/api/notices/${id}/settle`, { note: 'again' }, key())
  expect(late.body.error.reason).toBe('not-dead')
  const notes = await server.sql`
    select m.text from history h join notes m on m.id = (h.facts ->> 'noteId')::uuid where h.type = 'notice-settled'`
  expect(notes.map(each => each.text)).toEqual(['telephoned'])
  for (const ask of [resident, site.courier.ask])
    expect((await ask('GET', `/api/notices?siteId=${site.siteId}`)).status).toBe(403)
})

test('how a resident is told: their own to change, refused when there is no such way, and kept out of the history', async () => {
  const path = `/api/residents/${site.resident.id}/contact`
  const say = (body: object) => resident<Error & { tellBy: string[] }>('POST', path, body, key())
  expect((await say({ phone: '+33 6 12 34 56 78' })).body.tellBy).toEqual(['sms'])
  expect((await say({ email: 'ada@example.org', phone: '0612345678', tellBy: [] })).body.tellBy).toEqual([])
  for (const [given, field] of [
    [{ email: 'ada@example.org', tellBy: ['voice'] }, 'phone'],
    [{ phone: '0612345678', tellBy: ['email'] }, 'email'],
    [{ phone: '12 34' }, 'phone'],
    [{ phone: '0012345678' }, 'phone'],
    [{ email: 'two@example.org,three@example.org' }, 'email'],
  ] as const) {
    const { status, body } = await say(given)
    expect([given, status, body.error.field]).toEqual([given, 400, field])
  }
  const other = await makeSite(server, 'bank-2')
  expect((await resident('POST', `/api/residents/${other.resident.id}/contact`, {}, key())).status).toBe(404)
  const history = await server.sql`select facts::text from history where type = 'contact-changed'`
  expect(JSON.stringify(history)).not.toMatch(/ada@|612345678/)
})

test('more time: the resident’s own once, the caretaker’s with a reason; nobody else’s parcel, no courier', async () => {
  const id = await waiting()
  const before = await caretaker<{ deadlineAt: string }>('GET', `/api/parcels/${id}`)
  const extend = (ask: Ask, body: object, headers = key()) =>
    ask<Error & { deadlineAt: string; extensions: number }>('POST', `/api/parcels/${id}/extend`, body, headers)
  const same = key()
  const [one, repeat] = [await extend(resident, {}, same), await extend(resident, {}, same)]
  expect(one).toMatchObject({ status: 200, body: { extensions: 1 } })
  expect(repeat.body).toEqual(one.body)
  expect(Date.parse(one.body.deadlineAt)).toBeGreaterThan(Date.parse(before.body.deadlineAt))
  const once = await extend(resident, {})
  expect([once.status, once.body.error.reason]).toEqual([409, 'extended-already'])
  expect((await extend(caretaker, {})).body.error.field).toBe('reason')
  expect((await extend(resident, { reason: 'please' })).body.error.field).toBe('reason')
  expect(await extend(caretaker, { reason: 'asked at the counter' })).toMatchObject({ status: 200 })
  expect((await extend(site.courier.ask, {})).status).toBe(403)

  const day = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10)
  const hold = (ask: Ask, until: string) =>
    ask<Error & { deadlineAt: string }>('POST', `/api/parcels/${id}/hold`, { until }, key())
  const held = await hold(resident, day(18))
  expect(held.status).toBe(200)
  expect(held.body.deadlineAt.slice(0, 10)).toBe(day(19))
  expect((await hold(resident, day(40))).body.error).toMatchObject({ reason: 'held-too-long', field: 'until' })

  const neighbour = await caretaker<{ memberNumber: string; pin: string }>(
    ...(['POST', '/api/residents', { siteId: site.siteId, name: 'Bo', flat: '3' }, key()] as const),
  )
  const { memberNumber, pin } = neighbour.body
  const { ask } = await server.signedIn({ memberNumber, pin })
  expect([(await extend(ask, {})).status, (await hold(ask, day(3))).status]).toEqual([404, 404])
})

test('the rules of a site are read, changed in part, told to its devices, and leave a fact', async () => {
  const path = `/api/sites/${site.siteId}/rules`
  const before = await caretaker<Record<string, unknown>>('GET', path)
  expect(before.body).toMatchObject({ deadlineDays: 5, quietFrom: '22:00', closedWeekdays: [], holidays: 'none' })
  server.devices.length = 0
  const changed = await caretaker('POST', path, { deadlineDays: 7, closedWeekdays: [7] }, key())
  expect(changed.body).toEqual({ ...before.body, deadlineDays: 7, closedWeekdays: [7] })
  expect(server.devices).toEqual([])
  await caretaker('POST', path, { quietFrom: '21:30' }, key())
  expect(server.devices).toEqual([{ config: 'bank-1' }])
  const facts =
    await server.sql`select facts from history where site_id = ${site.siteId} and type = 'rules-changed' order by n`
  expect(facts.map(each => each.facts)).toEqual([{ deadlineDays: 7, closedWeekdays: [7] }, { quietFrom: '21:30' }])
  for (const bad of [
    { deadlineDays: 0 },
    { quietFrom: '24:00' },
    { closedDays: ['2026-02-30'] },
    { closedWeekdays: [8] },
  ])
    expect((await caretaker('POST', path, bad, key())).status).toBe(400)
  for (const ask of [resident, site.courier.ask]) expect((await ask('POST', path, {}, key())).status).toBe(403)
})
