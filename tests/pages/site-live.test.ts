import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { violations } from './building.ts'
import { openStaffPage, type StaffPage, signInAt } from './staff-page.ts'

let opened: StaffPage
let way: Awaited<ReturnType<typeof tcpProxy>>
let page: StaffPage['page']
const sockets: string[] = []

beforeAll(async () => {
  opened = await openStaffPage('/residents', '.residents .found button')
  page = opened.page
  const { hostname, port } = new URL(opened.server.url)
  way = await tcpProxy(() => connect(Number(port), hostname))
  await opened.server.worker('technician', [opened.site.siteId], 'tom')
})
afterAll(async () => {
  way?.close()
  await opened?.close()
})

/** What a door is from now on, told to whoever looks. */
async function doorIs(door: number, state: string): Promise<void> {
  const { server, site } = opened
  await server.sql`update doors set state = ${state} where id = ${site.doorId(door)}`
  server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(door)] })
}
const wallLink = (name: string) => page.getByRole('link', { name, exact: true })
const titled = (title: RegExp) => page.waitForFunction(source => new RegExp(source).test(document.title), title.source)

test('whatever page is open, the bar and the tab tell how much needs somebody, as it comes and goes', async () => {
  await wallLink('Tableau').waitFor()
  expect(await page.title()).toMatch(/^[^(]/)
  await doorIs(1, 'jammed')
  await wallLink('Tableau 1 alerte').waitFor()
  await titled(/^\(1\) /)
  await doorIs(2, 'jammed')
  await wallLink('Tableau 2 alertes').waitFor()
  await titled(/^\(2\) /)
  expect(await violations(page)).toEqual([])
  await doorIs(1, 'closed')
  await wallLink('Tableau 1 alerte').waitFor()
  await titled(/^\(1\) /)
})

test('what somebody is choosing meanwhile stays as they left it', async () => {
  await page.goto(`${opened.server.url}/statistics`)
  await wallLink('Tableau 1 alerte').waitFor()
  await page.fill('input[name=from]', '2026-01-02')
  await page.check('input[name=all]')
  await doorIs(2, 'closed')
  await wallLink('Tableau').waitFor()
  await doorIs(2, 'jammed')
  await wallLink('Tableau 1 alerte').waitFor()
  expect(await page.inputValue('input[name=from]')).toBe('2026-01-02')
  expect(await page.isChecked('input[name=all]')).toBe(true)
})

test('page and bar share one socket; what is old is not told as if it were known', async () => {
  page.on('websocket', socket => sockets.push(socket.url()))
  for (const path of ['/', '/counter', '/rooms', '/controllers', '/history', '/account']) {
    sockets.length = 0
    await page.goto(`http://127.0.0.1:${way.port}${path}`)
    await wallLink('Tableau 1 alerte').waitFor()
    expect([path, sockets.length]).toEqual([path, 1])
  }
  way.cut()
  await wallLink('Tableau').waitFor()
  await titled(/^[^(]/)
  await way.mend()
  await wallLink('Tableau 1 alerte').waitFor()
})

test('a technician is told of doors and devices alone', async () => {
  const { server, site } = opened
  const { id } = (
    await site.courier.ask<{ id: string }>('POST', '/api/parcels', {
      controllerId: site.controllerId,
      flat: '12',
      size: 'S',
    })
  ).body
  await server.sql`update parcels set state = 'expired', step = 'closed', deadline_at = now() where id = ${id}`
  server.ctx.announce({ siteId: site.siteId, attention: [`overdue/${id}`] })
  await wallLink('Tableau 2 alertes').waitFor()
  await page.context().clearCookies()
  await page.goto(`${server.url}/controllers`)
  await signInAt(page, { email: 'tom@example.org', password: 'another long one' })
  await wallLink('Tableau 1 alerte').waitFor()
  expect(opened.problems).toEqual([])
})
