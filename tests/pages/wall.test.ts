import { connect } from 'node:net'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveBeatMs } from '../../schema/api/live.ts'
import { admin } from '../support/api.ts'
import { deposit, doorIs, handsOf, type Placed } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'

/** What the wall is held to: from the event to the screen. */
const shownWithin = { timeout: 2_000 }

let building: Building
let second: Browser
/** of the first dashboard to the server */
let way: Awaited<ReturnType<typeof tcpProxy>>
let pages: [Page, Page]
const problems: string[] = []
const frames: string[] = []
const sockets: string[] = []

beforeAll(async () => {
  building = await openBuilding(4)
  const { hostname, port } = new URL(building.server.url)
  way = await tcpProxy(() => connect(Number(port), hostname))
  const path = await chromium.executablePath()
  second = await playwright.launch({ executablePath: path, args: chromium.args, headless: true })
  const open = async (browser: Browser, url: string) => {
    const page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(15_000)
    page.on('pageerror', error => problems.push(error.message))
    page.on('websocket', socket => {
      sockets.push(socket.url())
      socket.on('framereceived', ({ payload }) => frames.push(String(payload)))
    })
    await page.clock.install()
    await page.goto(url)
    await page.fill('input[name=email]', admin.email)
    await page.fill('input[name=password]', admin.password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.link-live .door')
    return page
  }
  pages = [await open(building.browser, `http://127.0.0.1:${way.port}`), await open(second, building.server.url)]
}, 60_000)
afterAll(async () => {
  await second?.close()
  way?.close()
  await building?.close()
})

const both = (selector: string) => Promise.all(pages.map(page => page.waitForSelector(selector, shownWithin)))

test('a deposit at the bank is on two open dashboards within 2 s, step by step, and no name is', async () => {
  const { site, sim } = building
  const about = { controllerId: 'bank-1', residentId: site.resident.id, size: 'S' }
  const asked = await site.courier('POST', '/api/parcels', about)
  const placing = asked.body as unknown as Placed
  const box = `#door-${placing.doorId}`
  await eventually(() => sim.state().doors.some(each => each.leaf === 'open'))
  await both(`${box}.look-open`)
  sim.put(placing.door)
  sim.shutDoor(placing.door)
  await both(`${box}.look-reserved`)
  await site.courier('POST', `/api/parcels/${placing.id}/placed`)
  await both(`${box}.look-waiting`)
  for (const page of pages) expect(await page.locator(box).innerText()).toContain('colis en attente')
  const { body } = await site.landlord('GET', '/api/controllers/bank-1')
  expect(body.waiting).toBe(0)
  expect(await pages[0].locator('main').innerText()).not.toContain('Petit')
  expect(frames.join()).not.toMatch(/Jeanne|Petit/)
})

test('a cut link shows what is stale and since when, and goes on from its last number without a reload', async () => {
  const { site, sim } = building
  const [cut, other] = pages
  await cut.evaluate('window.notLoadedAgain = true')
  const change = async (page: Page) => Number(await page.getAttribute('.wall', 'data-change'))
  await eventually(async () => (await change(cut)) === (await change(other)))
  const before = await change(cut)
  way.cut()
  await cut.waitForSelector('.link-stale', shownWithin)
  expect(await cut.locator('.link').innerText()).toMatch(/Liaison coupée\. Dernière mise à jour : \d\d:\d\d:\d\d/)
  // nobody knows that
  await cut.getByText('Rien ne demande quelqu’un').waitFor({ state: 'detached' })
  expect(await cut.locator('.bank').evaluate(each => getComputedStyle(each).filter)).toBe('grayscale(0.95)')

  const { doorId, door } = await deposit(site, { controllerId: 'bank-1', hands: handsOf(sim) })
  await doorIs(site, 'bank-1', door, 'closed')
  await other.waitForSelector(`#door-${doorId}.look-waiting`, shownWithin)
  expect(await change(cut)).toBe(before)
  expect(await cut.locator(`#door-${doorId}.look-waiting`).count()).toBe(0)
  await picture(cut, 'wall-stale')
  expect(await violations(cut)).toEqual([])

  await way.mend()
  await cut.waitForSelector(`.link-live #door-${doorId}.look-waiting`)
  expect(sockets.at(-1)).toMatch(new RegExp(`resume=[0-9a-f]{12}\\.${before}$`))
  await eventually(async () => (await change(cut)) === (await change(other)))
  expect(await cut.evaluate('window.notLoadedAgain')).toBe(true)
  expect(problems).toEqual([])
})

test('a link on which nothing comes any more is noticed too, by its silence', async () => {
  const [cut] = pages
  way.freeze()
  await cut.clock.fastForward(2 * liveBeatMs + 2_100)
  await cut.waitForSelector('.link-stale')
  await way.mend()
  await cut.waitForSelector('.link-live')
  expect(await cut.evaluate('window.notLoadedAgain')).toBe(true)
})

test('no door is opened from what may be old: the button waits for the link', async () => {
  const [cut] = pages
  await cut.locator('.door').first().press('Enter')
  const open = cut.locator('.panel button.main')
  await expect.poll(() => open.isEnabled()).toBe(true)
  way.cut()
  await cut.waitForSelector('.link-stale')
  expect(await open.isDisabled()).toBe(true)
  await way.mend()
  await cut.waitForSelector('.link-live')
  expect(await open.isEnabled()).toBe(true)
})
