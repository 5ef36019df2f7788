import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Past, type PastParcel, tellPast } from '../domain/past.ts'
import { landlord } from '../http/server-for-tests.ts'
import { rowsOf } from '../support/csv.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let it: StaffPage
let siteId: string
const hourMs = 3600_000
const ago = (hours: number) => new Date(Date.now() - hours * hourMs)

/** A month with a bank of three boxes: each parcel lay twelve hours, every fourth was told by e-mail. */
function month(): Past {
  const enrolledAt = ago(60 * 24)
  const parcels: PastParcel[] = Array.from({ length: 24 }, (_, n) => ({
    ...{ box: n % 3, size: (['S', 'M', 'L'] as const)[n % 3]!, state: 'collected', way: n % 4 === 0 ? 'email' : 'sms' },
    ...{ madeAt: ago(25 * n + 20), placedAt: ago(25 * n + 20), endedAt: ago(25 * n + 8) },
  }))
  const full = Array.from({ length: 8 }, (_, n) => ({
    type: 'none-free' as const,
    size: 'M' as const,
    at: ago(30 * n + 2),
  }))
  const jam = { type: 'jammed' as const, box: 1, at: ago(50) }
  const boxes = (['S', 'M', 'L'] as const).map(size => ({ size, enrolledAt }))
  return { timeZone: 'Europe/Paris', boxes, parcels, facts: [...full, jam, jam, { ...jam, type: 'held-open', box: 0 }] }
}

beforeAll(async () => {
  it = await openStaffPage('/statistics', '.statistics section', landlord)
  it.page.on('console', message => message.type() === 'error' && it.problems.push(message.text()))
  siteId = await tellPast(it.server.ctx, month())
  await it.page.evaluate(id => localStorage.setItem('site', id), siteId)
  await it.page.goto(`${it.server.url}/statistics`)
  await it.page.waitForSelector('.chart canvas')
})
afterAll(() => it?.close())

/** without the marks that keep what is filled in apart */
const textOf = async (selector: string) =>
  (await it.page.locator(selector).innerText()).replace(/[\u2066-\u2069]/g, '').replace(/[ \u00a0\u202f]/g, ' ')
const section = (table: string) => `section[aria-labelledby=st-${table}]`

test('a figure and a sentence for each question, its chart and its table; nobody’s name', async () => {
  expect(await textOf(`${section('fill')} .figure`)).toMatch(
    /^\d+\s%.*des cases [SML] sont pleines au plus fort : \S+ à \d+ h\.$/,
  )
  expect(await textOf(`${section('collect')} .figure`)).toMatch(
    /^12 heures.*neuf sur dix sont retirés en 12 heures\. Colis retirés : 24\./,
  )
  expect(await textOf(`${section('refused')} .figure`)).toMatch(/^25\s%.*8 sur 32, surtout en taille M\./)
  expect(await textOf(`${section('ways')} .figure`)).toMatch(/^75\s%.*18 sur 24\./)
  expect(await textOf(`${section('faults')} .figure`)).toMatch(
    /^2 sur 3 portes en service sur cette période ont eu une panne\. La plus touchée : Bank · Porte 1 \(2\)\./,
  )
  expect(await it.page.locator('.chart[role=img][aria-label] canvas').count()).toBe(5)
  expect(await textOf(`${section('refused')} tr:nth-child(2)`)).toMatch(/M\s+8\s+8/)
  expect(await textOf('main')).not.toContain('Ada')
})

test('by keyboard: the tables of how full the boxes are, all sites, a time that is too long in words', async () => {
  const { page } = it
  await page.focus(`${section('fill')} summary`)
  await page.keyboard.press('Enter')
  await page.waitForSelector(`${section('fill')} details[open] tbody tr:nth-child(24)`)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('figures-table')
  await page.focus('input[name=all]')
  await page.keyboard.press('Space')
  const [asked] = await Promise.all([
    page.waitForRequest(request => request.url().includes('/api/statistics')),
    page.keyboard.press('Enter'),
  ])
  expect(asked.url()).not.toContain('siteId')
  await page.waitForFunction(() =>
    document.querySelector('[aria-labelledby=st-faults] .figure')?.textContent?.includes('8'),
  )
  await page.fill('input[name=from]', '2020-01-01')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=alert]:has-text("Un an au plus")')
  expect(await page.locator('.statistics section').count()).toBe(0)
  await page.goto(`${it.server.url}/statistics`)
  await page.waitForSelector('.chart canvas')
})

test('the looks of the charts come with them: no other page waits for those', async () => {
  const { page } = it
  expect(
    await page
      .locator('.u-wrap')
      .first()
      .evaluate(each => getComputedStyle(each).position),
  ).toBe('relative')
  const first = await page.evaluate(async () => {
    const html = await (await fetch('/')).text()
    const styles = [...html.matchAll(/href="([^"]+\.css)"/g)].map(([, path]) => path!)
    return Promise.all(styles.map(async path => (await fetch(path)).text()))
  })
  expect(first.length).toBeGreaterThan(0)
  expect(first.join('')).not.toContain('uplot')
})

test('days and site stand in the address: a reload and whoever is given it see the same', async () => {
  const { page, server, site } = it
  expect(new URL(page.url()).search).toBe(`?site=${siteId}`)
  const [from, until] = [ago(24 * 5), ago(24 * 3)].map(day => day.toISOString().slice(0, 10)) as [string, string]
  await page.fill('input[name=from]', from)
  await page.fill('input[name=until]', until)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/statistics?site=${siteId}&from=${from}&until=${until}`)
  const address = page.url()
  await page.evaluate(id => localStorage.setItem('site', id), site.siteId)
  const [asked] = await Promise.all([
    page.waitForRequest(request => request.url().includes('/api/statistics')),
    page.reload(),
  ])
  expect(Object.fromEntries(new URL(asked.url()).searchParams)).toEqual({ from, until, siteId })
  await page.waitForSelector('.chart canvas')
  expect([await page.inputValue('input[name=from]'), await page.inputValue('input[name=until]')]).toEqual([from, until])
  expect(await page.inputValue('.bar select')).toBe(siteId)
  await page.selectOption('.bar select', site.siteId)
  await page.waitForURL(address.replace(siteId, site.siteId))
  await page.check('input[name=all]')
  await page.click('button.main')
  await page.waitForURL('**/*&all=1')
  await page.reload()
  await page.waitForSelector('.chart canvas')
  expect(await page.isChecked('input[name=all]')).toBe(true)
  await page.goto(`${server.url}/statistics?site=${siteId}&from=yesterday&until=${until}`)
  await page.waitForSelector('.chart canvas')
  expect(new URL(page.url()).search).toBe(`?site=${siteId}`)
})

test('each table is there as CSV', async () => {
  const { page } = it
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(`${section('refused')} a`)])
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  expect(rowsOf(Buffer.concat(chunks).toString('utf8').slice(1))[2]).toEqual(['M', '8', '8'])
})

test('both languages, light and dark, from 320 px on: no rule of WCAG broken, and nothing went wrong', async () => {
  const { page, problems } = it
  for (const [language, colorScheme, width] of [
    ['en', 'dark', 390],
    ['en', 'light', 1920],
    ['fr', 'light', 1280],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(page, language)
    expect([language, await violations(page)]).toEqual([language, []])
    await picture(page, `statistics-${language}-${width}`)
  }
  expect(problems.filter(text => !/40[01]/.test(text))).toEqual([])
})
