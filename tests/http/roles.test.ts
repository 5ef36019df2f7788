import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { accountRoles, isAllowed, may } from '../../schema/api/roles.ts'
import { appendHistory } from '../../server/store/history.ts'
import { eventually } from '../support/eventually.ts'
import { type Ask, makeSite, type Server, type Site, startForTests, type Worker } from './server-for-tests.ts'

type Parcel = { id: string; receipt: string; doorId: string }

let server: Server
let site: Site
let volunteer: Worker
let technician: Worker
let parcel: Parcel
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  volunteer = await server.worker('volunteer', [site.siteId])
  technician = await server.worker('technician', [site.siteId])
  parcel = await deposit()
})
afterAll(() => server.close())

async function deposit(): Promise<Parcel> {
  const asked = { controllerId: site.controllerId, residentId: site.resident.id, size: 'S' }
  return (await site.courier.ask<Parcel>('POST', '/api/parcels', asked)).body
}

/** Every byte that a watcher was sent, as text. */
async function bytesOf(token: string, resume = '') {
  const url = `${server.url.replace('http', 'ws')}/live?siteId=${site.siteId}${resume}`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  const messages: string[] = []
  socket.on('message', data => messages.push(String(data)))
  await eventually(() => messages.length > 0)
  return { socket, messages, all: () => messages.join('\n') }
}

/** A deposit, and then a door that is seen open, as each of them hears of it. */
async function heardBy(tokens: string[]) {
  const watchers = await Promise.all(tokens.map(token => bytesOf(token)))
  const next = await deposit()
  await server.sql`update doors set state = 'open' where id = ${next.doorId}`
  server.ctx.announce({ siteId: site.siteId, doors: [next.doorId], parcels: [next.id] })
  await Promise.all(watchers.map(({ all }) => eventually(() => all().includes('"state":"open"'))))
  for (const { socket } of watchers) socket.terminate()
  return { next, heard: watchers.map(({ all }) => all()) }
}

test('what a technician may not see is not in the bytes of the live socket; a volunteer hears no name', async () => {
  const { next, heard } = await heardBy([technician.token, volunteer.token, site.caretaker.token])
  const [technical, helper, caretaker] = heard as [string, string, string]
  for (const { id, receipt } of [parcel, next])
    for (const secret of [id, receipt]) {
      expect(technical).not.toContain(secret)
      expect(helper).toContain(secret)
    }
  expect(technical).not.toMatch(/"parcels"|"parcel":\{/)
  // the devices themselves are all there
  for (const text of [site.doorId(5), site.controllerId, '"offer":"reserved"', '"state":"open"'])
    expect(technical).toContain(text)
  for (const text of [technical, helper, caretaker]) expect(text).not.toMatch(/Ada|"name":"12"/)
  for (const text of [technical, helper]) expect(text).not.toContain(site.resident.id)
})

test('who comes back is told what was missed, cut to the same', async () => {
  const first = await bytesOf(technician.token)
  const { epoch, n } = JSON.parse(first.messages[0]!)
  first.socket.terminate()
  await server.sql`update doors set state = 'jammed' where id = ${parcel.doorId}`
  server.ctx.announce({ siteId: site.siteId, doors: [parcel.doorId], parcels: [parcel.id] })
  const someone = await bytesOf(site.caretaker.token)
  await eventually(() => someone.all().includes(parcel.id))
  someone.socket.terminate()
  const back = await bytesOf(technician.token, `&resume=${epoch}.${n}`)
  await eventually(() => back.all().includes('"state":"jammed"'))
  expect(back.messages[0]).toContain('resumed')
  expect(back.all()).not.toContain(parcel.id)
  back.socket.terminate()
})

test('over HTTP a technician sees the doors without what lies in them', async () => {
  for (const path of [`/api/doors?siteId=${site.siteId}`, `/api/controllers/${site.controllerId}`]) {
    const told = JSON.stringify((await technician.ask('GET', path)).body)
    expect(told).toContain(site.doorId(5))
    expect(told).not.toContain(parcel.id)
    expect(JSON.stringify((await volunteer.ask('GET', path)).body)).toContain(parcel.id)
  }
})

test('a technician sees and settles what of the devices does not add up, and nothing about a parcel', async () => {
  const now = new Date()
  const { siteId, controllerId } = site
  const fact = { at: now, receivedAt: now, controllerId, suspect: 'events-lost' } as const
  await server.sql.begin(tx =>
    appendHistory(tx, siteId, [
      { type: 'loss', ...fact },
      { type: 'unlocked', ...fact, parcelId: parcel.id },
    ]),
  )
  type Listed = { items: { n: number; type: string; parcelId: string | null }[] }
  const listed = async (ask: Ask) => (await ask<Listed>('GET', `/api/suspects?siteId=${siteId}`)).body.items
  const all = await listed(site.caretaker.ask)
  expect(all.map(({ type }) => type)).toEqual(['unlocked', 'loss'])
  expect((await listed(technician.ask)).map(({ type }) => type)).toEqual(['loss'])
  const settle = (n: number) => technician.ask('POST', '/api/suspects/settle', { siteId, n, note: 'battery changed' })
  expect((await settle(all[0]!.n)).status).toBe(404)
  expect((await settle(all[1]!.n)).status).toBe(200)
  expect((await listed(site.caretaker.ask)).map(({ type }) => type)).toEqual(['unlocked'])
})

test('a volunteer opens with a reason and helps, and decides nothing', async () => {
  const reason = 'somebody waits'
  const door = `/api/doors/${site.doorId(4)}`
  const shelf = { siteId: site.siteId, flat: '12', size: 'XL', shelf: 'A1' }
  const shelved = await volunteer.ask<{ id: string }>('POST', '/api/shelf', shelf)
  for (const [path, body, status] of [
    [`${door}/open`, { reason }, 202],
    [`${door}/looked`, { found: 'empty', reason }, 200],
    [`/api/parcels/${shelved.body.id}/hand-over`, { to: 'resident', reason }, 200],
    [`${door}/retire`, { reason }, 403],
    [`/api/parcels/${parcel.id}/correct`, { state: 'collected', reason }, 403],
    [`/api/parcels/${parcel.id}/code`, { reason }, 403],
    [`/api/sites/${site.siteId}/rules`, {}, 403],
    ['/api/accounts', {}, 403],
  ] as const)
    expect([path, (await volunteer.ask('POST', path, body)).status]).toEqual([path, status])
  expect((await volunteer.ask('GET', `/api/residents?siteId=${site.siteId}&q=Ada`)).status).toBe(403)
})

test('the list of residents goes on from one of the site, and from nobody of another', async () => {
  const other = await makeSite(server, 'bank-2')
  const after = ({ id }: { id: string }) =>
    site.caretaker.ask('GET', `/api/residents?siteId=${site.siteId}&cursor=${id}`)
  expect((await after(site.resident)).status).toBe(200)
  expect(await after(other.resident)).toMatchObject({ status: 404, body: { error: { field: 'cursor' } } })
})

test('the table: a landlord may do all that anybody who works here may, a technician nothing about people', () => {
  const abilities = Object.keys(may) as (keyof typeof may)[]
  const lacks = abilities.filter(each => !isAllowed('landlord', each))
  expect(lacks).toEqual(['own'])
  expect(abilities.filter(each => isAllowed('technician', each))).toEqual([
    ...['devices', 'watch', 'open', 'seeOrder', 'account', 'signedIn'],
  ])
  expect(accountRoles).not.toContain('resident')
})
