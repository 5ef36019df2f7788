import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkProof } from '../../dashboard/src/verify/check-proof.ts'
import type { Actor, HistoryPage } from '../../schema/api/history.ts'
import { write } from '../../server/context.ts'
import { newId } from '../../server/domain/ids.ts'
import { addNote } from '../../server/domain/note.ts'
import { appendHistory, type Fact } from '../../server/store/history.ts'
import { rowsOf } from '../support/csv.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let parcel: { id: string; receipt: string; doorId: string }
/** what a spreadsheet would reckon, and what a table would be torn by */
const formula = '=HYPERLINK("http://evil.example";"go")\r\nsecond, line'

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const deposit = { controllerId: site.controllerId, flat: '12', size: 'S', tracking: 'RR1 234' }
  parcel = (await site.courier.ask<typeof parcel>('POST', '/api/parcels', deposit)).body
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${parcel.id}/placed`, {})
  await site.caretaker.ask('POST', `/api/parcels/${parcel.id}/code`, { reason: formula })
  await append({ type: 'opened', at: new Date(Date.now() - 90_000), live: false, doorId: site.doorId(2), seq: 1 })
  await append({ type: 'loss', suspect: 'events-lost' })
})
afterAll(() => server?.close())

const append = (fact: Partial<Fact> & Pick<Fact, 'type'>) => {
  const now = new Date()
  const { controllerId } = site
  const whole = { at: now, receivedAt: now, controllerId, journal: 'j', ...fact }
  return write(server.ctx, tx => appendHistory(tx, site.siteId, [whole]))
}
const ask = async (query: Record<string, string>) => {
  const { status, body } = await site.caretaker.ask<HistoryPage>(
    'GET',
    `/api/history?${new URLSearchParams({ siteId: site.siteId, ...query })}`,
  )
  expect([status, body]).toEqual([200, body])
  return body
}
const typesOf = async (query: Record<string, string>) => (await ask(query)).items.map(each => each.type)

test('each entry names its bank, door, receipt, who did it and why; a resident has no name', async () => {
  const [shown] = (await ask({ type: 'code-shown' })).items
  expect(shown).toMatchObject({ controller: 'Banc', door: 1, receipt: parcel.receipt, note: formula, live: true })
  expect(shown!.actor).toMatchObject({ kind: 'staff', name: 'Caretaker' })
  const [placing] = (await ask({ type: 'parcel-placing' })).items
  expect(placing!.actor).toMatchObject({ kind: 'carrier', name: 'Poste' })
  expect(placing!.facts).toEqual({ receipt: parcel.receipt, size: 'S' })
  await append({ type: 'needs-changed', actorId: site.resident.id })
  const [needs] = (await ask({ type: 'needs-changed' })).items
  expect(needs!.actor).toEqual({ id: site.resident.id, kind: 'resident', name: null })
})

test('what a device calls a note is none, and a note of another site is not read', async () => {
  const noteId = await write(server.ctx, tx => addNote(tx, site.siteId, 'not for here', new Date()))
  await append({ type: 'closed', seq: 2, facts: { noteId } })
  await append({ type: 'closed', facts: { noteId: 'nonsense' } })
  const other = await makeSite(server, 'bank-2')
  const now = new Date()
  const strange = { type: 'closed', at: now, receivedAt: now, facts: { noteId } } as const
  await write(server.ctx, tx => appendHistory(tx, other.siteId, [strange]))
  expect((await ask({ type: 'closed' })).items.map(each => each.note)).toEqual([null, null])
  const theirs = await other.caretaker.ask<HistoryPage>('GET', `/api/history?siteId=${other.siteId}&type=closed`)
  expect(theirs.body.items.map(each => each.note)).toEqual([null])
})

test.each<[what: string, query: () => Record<string, string>, found: string[]]>([
  ['by kind', () => ({ kind: 'codes' }), ['code-shown', 'grant-made']],
  ['by type', () => ({ type: 'opened' }), ['opened']],
  ['by door', () => ({ doorId: site.doorId(2) }), ['opened']],
  ['by carrier', () => ({ by: 'carrier' }), ['order-made', 'parcel-placing']],
  ['by staff', () => ({ by: 'staff', kind: 'codes' }), ['code-shown']],
  ['by the devices or by itself', () => ({ by: 'itself', doorId: site.doorId(2) }), ['opened']],
  ['by suspicion', () => ({ suspect: 'true' }), ['loss']],
  ['by parcel and kind', () => ({ parcelId: parcel.id, kind: 'parcels' }), ['parcel-waiting', 'parcel-placing']],
  [
    'by the beginning of a receipt',
    () => ({ q: parcel.receipt.slice(0, 6), kind: 'codes' }),
    ['code-shown', 'grant-made'],
  ],
  ['by tracking number', () => ({ q: 'rr1 2', kind: 'codes' }), ['code-shown', 'grant-made']],
  ['by a word of the reason', () => ({ q: 'HYPERLINK' }), ['code-shown']],
  ['by a colleague', () => ({ q: 'caretak' }), ['code-shown']],
  ['by bank', () => ({ q: 'banc', type: 'loss' }), ['loss']],
  ['by nobody: a resident’s name finds nothing', () => ({ q: 'Ada' }), []],
  ['by what is no pattern', () => ({ q: '%' }), []],
  ['before it began', () => ({ until: '2020-01-01T00:00:00Z' }), []],
  ['after it ended', () => ({ from: '2999-01-01T00:00:00Z' }), []],
])('found %s', async (_what, query, found) => {
  expect(await typesOf(query())).toEqual(found)
})

test('from and until are of the time received, each side of every entry', async () => {
  const all = (await ask({ limit: '500' })).items
  for (const { receivedAt } of all) {
    const since = (await ask({ from: receivedAt, limit: '500' })).items
    const before = (await ask({ until: receivedAt, limit: '500' })).items
    expect(since.length + before.length).toBe(all.length)
    expect(since.every(each => each.receivedAt >= receivedAt)).toBe(true)
  }
})

test('as CSV: a mark for Excel, RFC 4180, formulas as text, everything that is filtered and no more', async () => {
  // more than the database is asked for at once
  const now = new Date()
  const power = Array.from({ length: 1_100 }, (_, n) => ({
    type: 'power' as const,
    at: now,
    receivedAt: now,
    facts: { n },
  }))
  await write(server.ctx, tx => appendHistory(tx, site.siteId, power))
  const read = async (query: string, headers = {}) => {
    const path = `${server.url}/api/history?siteId=${site.siteId}${query}`
    const response = await fetch(path, { headers: { authorization: `Bearer ${site.caretaker.token}`, ...headers } })
    return { response, text: Buffer.from(await response.arrayBuffer()).toString('utf8') }
  }
  const { response, text } = await read('&as=csv')
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="history-\d{4}-\d\d-\d\d\.csv"$/)
  expect(text.charCodeAt(0)).toBe(0xfeff)
  const [{ count } = { count: 0 }] = await server.sql<{ count: number }[]>`
    select count(*)::int from history where site_id = ${site.siteId}`
  const rows = rowsOf(text.slice(1))
  expect(rows).toHaveLength(count + 1)
  const [head, ...entries] = rows
  expect(new Set(entries.map(each => each.length))).toEqual(new Set([head!.length]))
  const column = (name: string) => head!.indexOf(name)
  const shown = entries.find(each => each[column('type')] === 'code-shown')!
  expect(shown[column('note')]).toBe(`'${formula}`)
  expect(shown[column('actor')]).toBe('Caretaker')
  expect(text).not.toContain('Ada')
  expect(rowsOf((await read('&type=power', { accept: 'text/csv' })).text)).toHaveLength(1_101)
  // with a limit it is a page, with the way on in a header
  const page = await read('&as=csv&type=power&limit=2')
  const cursor = encodeURIComponent(page.response.headers.get('x-next-cursor')!)
  const second = await read(`&as=csv&type=power&limit=2&cursor=${cursor}`)
  const numbersIn = (csv: string) => rowsOf(csv.slice(1)).map(each => Number(each[column('n')]))
  const [, newest, ...others] = [...numbersIn(page.text), ...numbersIn(second.text)]
  expect(others).toEqual([newest! - 1, Number.NaN, newest! - 2, newest! - 3])
})

test('those who can have done something: staff and carriers of the site, no others', async () => {
  const { body } = await site.caretaker.ask<{ items: Actor[] }>('GET', `/api/actors?siteId=${site.siteId}`)
  expect(body.items.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'staff Caretaker',
    expect.stringMatching(/^staff /),
    'carrier Poste',
  ])
  expect(await typesOf({ actorId: body.items.find(each => each.name === 'Caretaker')!.id })).toEqual(['code-shown'])
  expect(await typesOf({ actorId: newId() })).toEqual([])
})

test('the proof of a parcel is a file for both sides, and for nobody else', async () => {
  const path = `/api/parcels/${parcel.id}/proof`
  const { memberNumber, pin } = site.resident
  const resident = await server.signedIn({ memberNumber, pin })
  const answer = await resident.ask('GET', path)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="proof-${parcel.receipt}.json"`)
  const text = JSON.stringify(answer.body)
  expect(await checkProof(text)).toMatchObject({ holds: true })
  for (const name of ['Ada', 'Poste', 'Caretaker', 'HYPERLINK', memberNumber, pin]) expect(text).not.toContain(name)
  for (const { ask } of [site.courier, site.caretaker, await server.worker('volunteer', [site.siteId])])
    expect([(await ask('GET', path)).status, path]).toEqual([200, path])

  const about = { siteId: site.siteId, name: 'Bo', flat: '14', pin: '1234' }
  const neighbour = (await site.admin.ask<{ memberNumber: string; pin: string }>('POST', '/api/residents', about)).body
  await site.admin.ask('POST', '/api/carriers', { siteId: site.siteId, name: 'Lent', code: 'carrier-lent' })
  const strangers = [
    await server.signedIn({ memberNumber: neighbour.memberNumber, pin: neighbour.pin }),
    await server.signedIn({ carrierCode: 'carrier-lent', siteId: site.siteId }),
    await server.worker('caretaker', [(await makeSite(server, 'bank-9')).siteId], 'elsewhere'),
  ]
  for (const { ask } of strangers) expect((await ask('GET', path)).status).toBe(404)
  const technician = await server.worker('technician', [site.siteId])
  expect((await technician.ask('GET', path)).status).toBe(403)
  expect((await server.ask('GET', path)).status).toBe(401)
})
