import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Statistics, statisticsTables } from '../../schema/api/statistics.ts'
import { write } from '../../server/context.ts'
import { appendHistory } from '../../server/store/history.ts'
import { rowsOf } from '../support/csv.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let other: Site
const dayAround = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
/** today, wherever the site is */
const days = { from: dayAround(-1), until: dayAround(1) }
/** what a spreadsheet would reckon */
const formula = '=HYPERLINK("http://evil.example","go")'

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  other = await makeSite(server, 'bank-2')
  const deposit = { controllerId: site.controllerId, flat: '12', size: 'S' }
  const { id } = (await site.courier.ask<{ id: string }>('POST', '/api/parcels', deposit)).body
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${id}/placed`, {})
  await server.sql`update parcels set state = 'collected', ended_at = placed_at where id = ${id}`
  for (const { siteId, doorId, controllerId } of [site, other]) {
    const now = new Date()
    const forced = { type: 'forced', at: now, receivedAt: now, controllerId, doorId: doorId(2) } as const
    await write(server.ctx, tx => appendHistory(tx, siteId, [forced]))
  }
  await server.sql`update controllers set name = ${formula} where id = ${site.controllerId}`
})
afterAll(() => server?.close())

const ask = (who: Pick<Site['caretaker'], 'ask'>, query: Record<string, string>) =>
  who.ask<Statistics>('GET', `/api/statistics?${new URLSearchParams(query)}`)

test('a caretaker has the numbers of their sites, a landlord those of all; nobody has a name or an id of a person', async () => {
  const { siteId } = site
  const mine = (await ask(site.caretaker, {})).body
  expect(mine.faults.map(each => [each.controllerId, each.forced])).toEqual([['bank-1', 1]])
  expect(mine.collect.parcels).toBe(1)
  expect((await ask(site.caretaker, { siteId })).body).toEqual({
    ...mine,
    now: expect.any(String),
    fill: expect.any(Array),
  })
  expect((await ask(site.admin, {})).body.faults.map(each => each.controllerId)).toEqual(['bank-1', 'bank-2'])
  expect((await ask(site.admin, { siteId: other.siteId })).body.collect.parcels).toBe(0)
  expect((await ask(site.caretaker, { siteId: other.siteId })).status).toBe(404)
  const told = JSON.stringify(mine)
  for (const person of ['Ada', 'Poste', 'Caretaker', site.resident.id]) expect(told).not.toContain(person)
})

test('a time too long is refused in words, with what would do', async () => {
  const { status, body } = await ask(site.caretaker, { from: '2024-01-01', until: '2026-01-01' })
  expect([status, body]).toMatchObject([
    400,
    { error: { reason: 'span-too-long', field: 'from', details: { mostDays: 366 } } },
  ])
})

test('each table as CSV: a mark for Excel, formulas as text, as many rows as the answer has; which one must be said', async () => {
  const { siteId } = site
  const headers = { authorization: `Bearer ${site.caretaker.token}` }
  const read = async (query: string, more = {}) => {
    const response = await fetch(
      `${server.url}/api/statistics?siteId=${siteId}&from=${days.from}&until=${days.until}${query}`,
      {
        headers: { ...headers, ...more },
      },
    )
    return { response, text: Buffer.from(await response.arrayBuffer()).toString('utf8') }
  }
  const found = (await ask(site.caretaker, { siteId, ...days })).body
  for (const table of statisticsTables) {
    const { response, text } = await read(`&as=csv&table=${table}`)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="${table}-${days.from}-${days.until}.csv"`,
    )
    expect(text.charCodeAt(0)).toBe(0xfeff)
    const [head, ...rows] = rowsOf(text.slice(1))
    const expected = table === 'collect' ? found.collect.spans : found[table]
    expect(rows).toHaveLength(expected.length)
    expect(new Set(rows.map(row => row.length))).toEqual(new Set([head!.length]))
    expect(Object.keys(expected[0]!).sort()).toEqual([...head!].sort())
  }
  const faults = await read('&table=faults', { accept: 'text/csv' })
  const [head, row] = rowsOf(faults.text.slice(1))
  expect(row![head!.indexOf('controller')]).toBe(`'${formula}`)
  expect(row![head!.indexOf('forced')]).toBe('1')
  const unnamed = await read('&as=csv')
  expect([unnamed.response.status, unnamed.text]).toEqual([400, expect.stringContaining('"field":"table"')])
})
