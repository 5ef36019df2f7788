import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { things } from '../http/things.ts'
import { picture } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let site: StaffPage['site']
let page: Page
let own: Awaited<ReturnType<typeof things>>

/** Markup, letters from the right, a mark that turns all that follows and is never closed, and no place to break. */
const hostile = `<img src=x onerror="hurt=1"><b class="evil">שלום\u202E עולם ${'W'.repeat(240)}`
const nameColumns = [
  ...[
    'residents.name',
    'residents.flat',
    'delegates.name',
    'rooms.name',
    'doors.name',
    'controllers.name',
    'sites.name',
  ],
  ...['carriers.name', 'accounts.name', 'workshops.title', 'parcels.carrier', 'parcels.tracking', 'notes.text'],
]

beforeAll(async () => {
  opened = await openStaffPage('/', '.link-live')
  ;({ server, site, page } = opened)
  own = await things(server, site)
  await server.sql`update parcels set shelf = ${hostile} where shelf is not null`
  // what is typed loses its marks; what was stored before, or by hand, is harmless as well
  for (const [table, column] of nameColumns.map(each => each.split('.') as [string, string]))
    await server.sql`update ${server.sql(table)} set ${server.sql(column)} = ${hostile} where ${server.sql(column)} is not null or ${table} = 'parcels'`
  await page.setViewportSize({ width: 320, height: 800 })
})
afterAll(() => opened?.close())

/** What of a page is not as it should be, with all of it open. */
async function harm(): Promise<string[]> {
  return page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true
    const wrong: string[] = []
    if ('hurt' in window || document.querySelector('.evil, img[src=x]')) wrong.push('markup came alive')
    const root = document.documentElement
    if (root.scrollWidth > 320) {
      const isWide = (each: Element) => each.getBoundingClientRect().right > 321
      const wide = [...document.querySelectorAll('body *')].filter(
        each => isWide(each) && ![...each.children].some(isWide),
      )
      const named = (each: Element | null) => `${each?.tagName}.${each?.className}`
      const told = new Set(wide.map(each => `${named(each)} in ${named(each.parentElement)}`))
      wrong.push(`${root.scrollWidth} px wide: ${[...told].join(', ')}`)
    }
    for (const one of document.querySelectorAll('.found button')) {
      const boxes = [...one.children].map(each => each.getBoundingClientRect())
      const isOn = (a: DOMRect, b: DOMRect) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
      if (boxes.some((a, at) => boxes.slice(at + 1).some(b => isOn(a, b)))) wrong.push(`words on words: ${one.id}`)
      if (one.scrollWidth > one.clientWidth + 1) wrong.push(`cut off: ${one.id}`)
    }
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const text = node.textContent ?? ''
      const at = text.search(/[\u0590-\u05ff]/)
      if (at < 0 || text.slice(0, at).includes('\u2068')) continue
      let around = node.parentElement!
      const isInline = () => getComputedStyle(around).display === 'inline'
      while (isInline() && !getComputedStyle(around).unicodeBidi.startsWith('isolate')) around = around.parentElement!
      // alone in its paragraph it turns nothing
      const isAlone = around.textContent?.trim() === text.trim()
      if (isInline() || isAlone) continue
      wrong.push(`not kept apart in ${around.tagName}.${around.className}: ${around.textContent?.slice(0, 40)}`)
    }
    return wrong
  })
}

const shows = () => page.locator('main :text("שלום"):visible').first().waitFor()
const part = (at: number) => page.locator('.parts button').nth(at).click()
const press = (selector: string) => page.locator(selector).first().click()

type View = [name: string, path: string, go?: () => Promise<unknown>]
const views: View[] = [
  ['wall', '/', () => press('.bank .door')],
  ['counter, a parcel', '/counter', () => press('.found button')],
  ['counter, boxes', '/counter', () => part(1)],
  ['counter, alerts', '/counter', () => part(2)],
  ['rooms', '/rooms', async () => {
    const [{ day }] = await server.sql<[{ day: string }]>`
      select to_char("from" at time zone 'Europe/Paris', 'YYYY-MM-DD') as day from bookings where id = ${own.booking}`
    await page.fill('.day-choice input[type=date]', day)
    await press('summary:has-text("Voir les noms")')
    await page.locator('details:has-text("Voir les noms") input[name=reason]').fill('clé')
    await page.keyboard.press('Enter')
    await page.waitForSelector('details:has-text("Voir les noms") li')
  }],
  ['residents', '/residents', () => press('.found button')],
  ['controllers', '/controllers'],
  ['settings, rooms', '/settings', () => part(1)],
  ['settings, carriers', '/settings', () => part(2)],
  ['history', '/history'],
  ['parcel', '/parcel?id='],
] // biome-ignore format: one view a line

test.each(views)('%s', async (name, path, go) => {
  await page.goto(server.url + (path.endsWith('=') ? path + own.code : path))
  await go?.()
  await shows()
  expect(await harm()).toEqual([])
  await picture(page, `hostile-${name}`)
})

test('the page of a resident, the slip, the bank and the courier', async () => {
  await page.context().clearCookies()
  await page.goto(`${server.url}/me`)
  await page.fill('input[name=memberNumber]', site.resident.memberNumber)
  await page.fill('input[name=pin]', site.resident.pin)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.parcel')
  await page.waitForSelector('h4 bdi')
  await press('summary:has-text("Qui a vu mon nom")')
  await page.locator('.looks li').first().waitFor()
  expect(await harm()).toEqual([])
  await picture(page, 'hostile-me')
  await press('.parcel button:has-text("Imprimer")')
  await page.waitForSelector('.slip')
  expect(await harm()).toEqual([])
  await page.goto(`${server.url}/bank/${site.controllerId}`)
  await shows()
  expect(await harm()).toEqual([])
  await page.context().clearCookies()
  await server.sql`update residents set name = ${`שלום ${'W'.repeat(200)}`}`
  await page.goto(`${server.url}/courier?site=${site.siteId}&bank=${site.controllerId}`)
  await page.fill('input[name=carrierCode]', `carrier-${site.controllerId}`)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.big-choices')
  expect(await harm()).toEqual([])
})
