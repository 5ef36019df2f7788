import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { write } from '../../server/context.ts'
import { appendHistory } from '../../server/store/history.ts'
import { landlord, makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { type Story, tellStory } from './parcel-story.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
let story: Story
const problems: string[] = []

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  story = await tellStory(server, site)
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(12_000)
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => message.type() === 'error' && problems.push(message.text()))
  await page.goto(`${server.url}/history`)
  await page.fill('input[name=email]', landlord.email)
  await page.fill('input[name=password]', landlord.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.facts .fact')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const shown = (text: string) => page.waitForSelector(`[role=status]:has-text("${text}")`)
const tabTo = async (target: string) => {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${target} by keyboard`)
}

/** Both languages, light and dark, at 320 px too. */
async function isSound(name: string): Promise<void> {
  for (const [language, colorScheme] of [
    ['en', 'dark'],
    ['fr', 'light'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(page, language)
    await page.waitForFunction(said => document.documentElement.lang === said, language)
    expect([name, language, await violations(page)]).toEqual([name, language, []])
    await picture(page, `${name}-${language}`)
  }
  const before = page.viewportSize()!
  await page.setViewportSize({ width: 320, height: 800 })
  await picture(page, `${name}-320`)
  await page.setViewportSize(before)
}

test('the history in words: device time beside server time, offline marked, the reason, and nobody’s name', async () => {
  const text = await page.locator('.facts').innerText()
  expect(text).toContain('colis retiré')
  expect(text).toMatch(/à l’heure de l’appareil : \d\d\/\d\d\/\d{4}/)
  expect(text).toContain('hors ligne')
  expect(text).toContain('raison : « vu au comptoir »')
  expect(text).toContain(`colis ${story.receipt}`)
  expect(text).toContain('par Poste')
  expect(text).not.toContain('Ada')
  await isSound('history')
})

test('looked for by keyboard: what is found stands in the address and is found again; CSV is of what is filtered', async () => {
  await tabTo('input[name=q]')
  await page.keyboard.type(story.receipt.slice(0, 7).toLowerCase())
  await page.keyboard.press('Tab')
  await page.keyboard.type('verrou')
  await tabTo('button.main')
  await page.keyboard.press('Enter')
  await shown('Entrées montrées : 2')
  expect(new URL(page.url()).search).toContain('what=unlocked')
  await page.reload()
  await shown('Entrées montrées : 2')
  expect(await page.inputValue('select[name=what]')).toBe('unlocked')
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Télécharger en CSV')])
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString('utf8').split('\r\n')).toHaveLength(4)
  await page.fill('input[name=q]', 'nobody wrote this')
  await page.keyboard.press('Enter')
  await shown('Rien ne correspond.')
  await page.click('text=Tout effacer')
  await page.waitForSelector('.facts .fact')
  expect(new URL(page.url()).search).toBe('')
  expect(await page.inputValue('input[name=q]')).toBe('')
})

test('page by page to the very first entry', async () => {
  const { ctx } = server
  const now = new Date()
  const power = Array.from({ length: 130 }, () => ({ type: 'power' as const, at: now, receivedAt: now, facts: {} }))
  await write(ctx, tx => appendHistory(tx, site.siteId, power))
  await page.reload()
  await shown('Entrées montrées : 100')
  await page.focus('.looking-back > button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.looking-back > button', { state: 'detached' })
  expect(await page.locator('.facts').innerText()).toContain('appareil enregistré')
})

test('a parcel drawn: five lines, gaps, offline, a correction; the list beside it says the same', async () => {
  await page.goto(`${server.url}/parcel?id=${story.parcelId}`)
  await page.waitForSelector('.drawn-row')
  const lane = (name: string, is: string) => page.locator(`.drawn-row .lane-${name}[data-is="${is}"]`).count()
  expect(await lane('door', 'open')).toBe(2)
  expect(await lane('parcel', 'waiting')).toBeGreaterThan(0)
  expect(await lane('inside', 'occupied')).toBeGreaterThan(0)
  expect(await page.locator('.drawn-offline').count()).toBe(4)
  expect(await page.locator('.mark:text-is("✎")').count()).toBe(1)
  const words = await page.locator('.drawn .timeline').innerText()
  expect(words).toContain('2 j plus tard')
  expect(words).toContain('corrigé : était « retiré »')
  expect(await page.locator('main').innerText()).not.toContain('Ada')
  await isSound('parcel')
})

test('nothing went wrong in the pages', () => {
  expect(problems.filter(text => !text.includes('401'))).toEqual([])
})
