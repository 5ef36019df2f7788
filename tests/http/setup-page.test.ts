import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSetupLink } from '../../server/domain/first-landlord.ts'
import { signOut } from '../support/own-menu.ts'
import { speak } from '../support/speak.ts'
import { type Server, startForTests } from './server-for-tests.ts'

let server: Server
let browser: Browser
let page: Page
const asked: string[] = []

beforeAll(async () => {
  server = await startForTests({ withLandlord: false })
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR' })
  page.on('request', request => asked.push(request.url()))
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** A change of the fragment alone would not load the page again. */
async function open(token: string) {
  await page.goto('about:blank')
  await page.goto(`${server.url}/setup${token && `#${token}`}`)
  await page.waitForSelector('input[name=password]')
}
async function fill(email: string) {
  await page.fill('input[name=name]', 'Odile Petit')
  await page.fill('input[name=email]', email)
  await page.fill('input[name=password]', 'twelve or more')
  await page.keyboard.press('Enter')
}
const told = async () => {
  await page.waitForSelector('.problem:not(:empty)')
  return page.locator('.problem').innerText()
}

test('a link cut short, void or too old says so, and what to do', async () => {
  await open('')
  expect(await told()).toContain('incomplet')
  expect(await page.locator('button.main').isDisabled()).toBe(true)
  await open('x'.repeat(43))
  await fill('odile@example.org')
  expect(await told()).toContain('n’est pas le plus récent')
  const token = await makeSetupLink(server.ctx)
  server.forward(25 * 3_600_000)
  await open(token!)
  await fill('odile@example.org')
  expect(await told()).toContain('plus de 24 heures')
})

test('no accessibility rule is broken, in either language, light and dark', async () => {
  await page.evaluate(await import('axe-core').then(axe => axe.default.source))
  for (const [language, colorScheme] of [
    ['fr', 'light'],
    ['en', 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(page, language)
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
      return (await axe.run()).violations.map(({ id }) => id)
    })
    expect(found).toEqual([])
  }
  expect(await told()).toContain('older than 24 hours')
})

test('the first landlord makes an account by keyboard and is signed in; the token was in no address asked for', async () => {
  const token = await makeSetupLink(server.ctx)
  await open(token!)
  await fill('odile@example.org')
  await page.waitForSelector('text=No site for this account.')
  expect(await page.locator('main a', { hasText: 'Add a site' }).getAttribute('href')).toBe('/accounts#sites')
  expect(new URL(page.url()).pathname).toBe('/')
  expect(page.url()).not.toContain(token)
  expect(asked.filter(url => new URL(url).pathname.includes(token!) || new URL(url).search.includes(token!))).toEqual(
    [],
  )
  await signOut(page)
  await open(token!)
  await fill('someone@example.org')
  expect(await told()).toContain('This link was used')
})
