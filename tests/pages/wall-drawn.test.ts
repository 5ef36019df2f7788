import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankDoors } from '../demo/site.ts'
import {
  connectController,
  landlord,
  makeSite,
  type Server,
  type Site,
  startForTests,
} from '../http/server-for-tests.ts'
import { eventually } from '../support/eventually.ts'
import { picture, violations } from './building.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
/** of the doors of the hall's bank, by number */
const ids = new Map<number, string>()
const problems: string[] = []

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const { siteId } = site
  const bank = { id: 'hall', siteId, name: 'Hall A', doors: bankDoors }
  const room = { door: 1, kind: 'room', name: 'Salle commune', doorSensor: true, occupancySensor: false }
  const rooms = { id: 'rooms', siteId, name: 'Salles du rez-de-chaussée', doors: [room] }
  for (const one of [bank, rooms]) expect((await site.admin.ask('POST', '/api/controllers', one)).status).toBe(201)
  await connectController(server, 'hall')
  for (const { id, door } of await server.sql<{ id: string; door: number }[]>`
    select id, door from doors where controller_id = 'hall'`)
    ids.set(door, id)
  await everyLook()
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1280, height: 1000 } })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(server.url)
  await page.fill('input[name=email]', landlord.email)
  await page.fill('input[name=password]', landlord.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.link-live .door')
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function everyLook(): Promise<void> {
  const { sql } = server
  await sql`update doors set offer = 'free', since = now() - interval '20 minutes' where controller_id = 'hall'`
  const lies = async (door: number, state: string, days: number, { offer = 'in-use', notSeen = false } = {}) => {
    await sql`update doors set offer = ${offer} where id = ${ids.get(door)!}`
    await sql`
      insert into parcels (id, site_id, door_id, resident_id, receipt, size, state, offer_before, placing_grant_id, made_at, placed_at, not_seen)
      values (gen_random_uuid(), ${site.siteId}, ${ids.get(door)!}, ${site.resident.id}, ${`RECEIPT${door}`}, 'S', ${state}, 'free',
        gen_random_uuid(), now(), now() - ${days} * interval '25 hours', ${notSeen})`
  }
  await lies(2, 'waiting', 0)
  await lies(5, 'waiting', 3)
  await lies(12, 'waiting', 1)
  await lies(18, 'expired', 6)
  await lies(23, 'waiting', 2)
  await lies(11, 'contested', 1, { offer: 'contested', notSeen: true })
  await sql`update doors set offer = 'unchecked' where id in ${sql([7, 14].map(door => ids.get(door)!))}`
  await sql`update doors set offer = 'reserved' where id = ${ids.get(16)!}`
  await sql`update doors set state = 'open' where id = ${ids.get(20)!}`
  await sql`update doors set state = 'jammed' where id = ${ids.get(9)!}`
  await sql`update doors set alarm = 'forced', alarm_at = now() where id = ${ids.get(17)!}`
  await sql`update doors set offer = 'retired' where id = ${ids.get(22)!}`
}

const box = (door: number) => page.locator(`#door-${ids.get(door)}`)
const rect = async (door: number) => (await box(door).boundingBox())!
const focused = () => page.evaluate(() => document.activeElement?.id.replace('door-', ''))
const isAt = (door: number) => expect.poll(focused).toBe(ids.get(door))

test('the bank is drawn as it stands: columns, order, true heights, nothing over anything', async () => {
  const drawn = await page.evaluate(
    all =>
      all.map(([door, id]) => ({ door, ...document.getElementById(`door-${id}`)!.getBoundingClientRect().toJSON() })),
    [...ids],
  )
  const at = (door: number): DOMRect => drawn.find(each => each.door === door)
  expect(at(11).height / at(4).height).toBeCloseTo(19 / 8, 1)
  expect(at(19).height / at(4).height).toBeCloseTo(41 / 8, 1)
  expect(at(24).height / at(4).height).toBeCloseTo(60 / 8, 1)
  for (const a of bankDoors)
    for (const b of bankDoors) {
      const [one, other] = [at(a.door), at(b.door)]
      if (a.column! < b.column!) expect(one.right).toBeLessThanOrEqual(other.left)
      if (a.column === b.column && a.row! < b.row!) expect(one.bottom).toBeLessThanOrEqual(other.top)
    }
})

test('each door says its state by colour, shape and word, and how long a parcel lies; low ones are marked', async () => {
  const shown = async (door: number) => {
    const background = await box(door).evaluate(each => getComputedStyle(each).backgroundColor)
    const shape = await box(door).locator('.shape').innerText()
    const words = await box(door).locator('.words, .days').allInnerTexts()
    return { background, shape, words: words.join(' ') }
  }
  const seen = await Promise.all([1, 5, 18, 11, 7, 16, 20, 9, 22].map(shown))
  expect(seen.map(({ words }) => words)).toEqual([
    ...['libre', 'colis 3 j', 'délai dépassé 6 j', 'contesté 1 j', 'à vérifier', 'réservé', 'ouverte'],
    ...['bloquée', 'retiré'],
  ])
  expect(new Set(seen.map(({ shape }) => shape)).size).toBe(seen.length)
  expect(new Set(seen.map(({ background }) => background)).size).toBe(seen.length)
  expect(await box(11).innerText()).toContain('pas vu dans la boîte')
  expect(await page.locator('.door .low').count()).toBe(bankDoors.filter(each => each.height === 'low').length)
  const sentence = /^Porte 18, L, porte basse, délai dépassé, là depuis 6 jours, porte fermée, depuis/
  await page.getByRole('button', { name: sentence }).waitFor()
  expect(await page.locator('main').innerText()).not.toContain('Ada')
})

test('each controller says whether it is there, knows the time, told all and knows everybody’s rights', async () => {
  const made = Date.parse('2026-11-26T08:00:00Z')
  const says = async (...words: string[]) => {
    server.ctx.announce({ siteId: site.siteId, controllers: ['hall'] })
    for (const each of words) await page.locator('[aria-label="Hall A"] .facts li', { hasText: each }).waitFor()
  }
  const { sql } = server
  await sql`insert into journals (controller_id, journal, seq, created_at) values ('hall', 'j1', 7, now())`
  await sql`update controllers set journal = 'j1', last = 9, clock = 'synced', grants_made = ${made}, grants_known = ${made - 60_000} where id = 'hall'`
  await says('connecté', 'heure juste', '2 événements pas encore arrivés', 'droits pas encore connus du casier')
  await sql`update controllers set last = 7, grants_known = grants_made where id = 'hall'`
  await says('tous ses événements sont là', 'droits à jour')
  await sql`update controllers set online = false where id = 'hall'`
  await says('hors ligne', 'dernier contact')
  // what it does meanwhile nobody knows
  expect(await page.locator('[aria-label="Hall A"] .facts').innerText()).not.toContain('tous ses événements')
  await sql`update controllers set online = true where id = 'hall'`
  await says('connecté')
})

test('by keyboard alone: arrows go as the doors stand, Enter opens the panel, Escape comes back', async () => {
  await box(1).focus()
  for (const [key, to] of [
    ['ArrowDown', 2],
    ['ArrowDown', 3],
    ['ArrowDown', 18],
    ['ArrowRight', 4],
    ['End', 24],
    ['ArrowUp', 17],
    ['ArrowLeft', 21],
    ['Home', 1],
    ['n', 9],
    ['n', 11],
  ] as const) {
    await page.keyboard.press(key)
    await isAt(to)
  }
  await page.keyboard.press('Enter')
  await page.waitForSelector('.panel h2:focus')
  await page.keyboard.press('Escape')
  await isAt(11)
  // Tab comes to each bank once, at the door where it was left
  await page.keyboard.press('Tab')
  expect([...ids.values()]).not.toContain(await focused())
  await page.keyboard.press('Shift+Tab')
  await isAt(11)
})

test('single keys: / finds, ? lists them, and they can be turned off for good', async () => {
  const dialog = page.locator('dialog[open]')
  await page.keyboard.press('?')
  await dialog.getByText('porte suivante qui demande quelqu’un').waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'wall-keys')
  await dialog.getByRole('checkbox').uncheck()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.reload()
  await page.waitForSelector('.link-live .door')
  await box(1).focus()
  await page.keyboard.press('?')
  await page.keyboard.press('n')
  await page.keyboard.press('/')
  await page.keyboard.press('ArrowDown')
  await isAt(2)
  expect(await dialog.count()).toBe(0)
  await page.getByRole('button', { name: 'Touches' }).click()
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Fermer' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await expect.poll(focused).toBe('wall-find')
})

test('where somebody writes, a single key is a letter', async () => {
  const written = '/n?'
  await page.keyboard.type(written)
  expect(await page.inputValue('#wall-find')).toBe(written)
  expect(await page.locator('dialog[open]').count()).toBe(0)
  expect(await focused()).toBe('wall-find')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.inputValue('#wall-find')).toBe('')
})

test('a box number or a receipt marks its door, Enter goes there; the legend marks a kind and counts', async () => {
  const marked = () => page.locator('.door.marked').evaluateAll(all => all.map(each => each.id.replace('door-', '')))
  await page.keyboard.type('receipt 18')
  await expect.poll(marked).toEqual([ids.get(18)])
  expect(await page.locator('.find-door [role=status]').innerText()).toBe('1 porte marquée')
  await page.keyboard.press('Enter')
  await isAt(18)
  await page.fill('#wall-find', '24')
  await expect.poll(marked).toEqual([ids.get(24)])
  await page.fill('#wall-find', 'nowhere')
  await page.getByText('Rien ici').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(marked).toEqual([])
  const legend = page.locator('.legend button', { hasText: 'délai dépassé' })
  expect(await legend.innerText()).toMatch(/1$/)
  await legend.click()
  await expect.poll(marked).toEqual([ids.get(18)])
  await picture(page, 'wall-marked')
  expect(await violations(page)).toEqual([])
  await legend.click()
})

test('a landlord’s bar is one row at 1280 px; what it folds away is reached, left and shut by keyboard', async () => {
  const bar = (await page.locator('.bar').boundingBox())!
  expect(bar.height).toBeLessThan(70)
  const folded = page.locator('.more-pages')
  const links = () => folded.getByRole('link').allInnerTexts()
  const isOpen = () => folded.evaluate(each => (each as HTMLDetailsElement).open)
  const focusIn = () => folded.evaluate(each => each.contains(document.activeElement))
  await folded.locator('summary').focus()
  await page.keyboard.press('Enter')
  expect(await links()).toEqual(['Appareils', 'Réglages', 'Historique', 'Chiffres', 'Comptes et sites'])
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Appareils')
  expect(await violations(page)).toEqual([])
  await picture(page, 'wall-menu')
  await page.keyboard.press('Escape')
  expect([await isOpen(), await focusIn()]).toEqual([false, true])
  await page.keyboard.press('Enter')
  for (let n = 0; n < 6; n++) await page.keyboard.press('Tab')
  expect([await isOpen(), await focusIn()]).toEqual([false, false])
  await folded.locator('summary').click()
  await page.locator('h1').click()
  expect(await isOpen()).toBe(false)
})

test('on a phone the numbers, the first alert and the first boxes are on the first screen', async () => {
  const screen = { width: 390, height: 844 }
  await page.setViewportSize(screen)
  expect(await page.locator('.in-short').innerText()).toMatch(/⚠\s+4\s+à voir/)
  const foot = async (selector: string) => {
    const { y, height } = (await page.locator(selector).first().boundingBox())!
    return y + height
  }
  // the page hears that it is narrow a moment after its window was made so
  for (const each of ['.in-short', '.alert', '.door']) await eventually(async () => (await foot(each)) < screen.height)
  // what the looks mean is one press away
  expect(await page.locator('.legend').isVisible()).toBe(false)
  await page.locator('.legend-folded summary').press('Enter')
  await page.locator('.legend button', { hasText: 'délai dépassé' }).waitFor()
  await page.locator('.legend-folded summary').press('Enter')
})

test.each([
  [390, 'light', 'none'],
  [1280, 'dark', 'none'],
  [1920, 'light', 'none'],
  [3840, 'dark', 'none'],
  [1280, 'light', 'active'],
] as const)(
  '%i px wide, %s, forced colours %s: no rule broken, nothing cut off sideways',
  async (width, colorScheme, forcedColors) => {
    await page.setViewportSize({ width, height: width === 390 ? 844 : Math.round(width / 1.6) })
    await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(await box(1).evaluate(each => getComputedStyle(each).transitionDuration)).toBe('0s')
    for (const door of [1, 8, 17, 23]) {
      const { width: wide, height } = await rect(door)
      expect(Math.min(wide, height)).toBeGreaterThanOrEqual(24)
    }
    await picture(page, `wall-${width}-${colorScheme}${forcedColors === 'active' ? '-forced' : ''}`)
    if (width < 1920) expect(await violations(page)).toEqual([])
    expect(problems).toEqual([])
  },
)
