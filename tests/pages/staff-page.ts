import chromium from '@sparticuz/chromium'
import { type Page, chromium as playwright } from 'playwright-core'
import { makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'

export type StaffPage = { server: Server; site: Site; page: Page; problems: string[]; close(): Promise<void> }

export const caretaker = { email: 'bank-1@example.org', password: 'another long one' }

/** A caretaker, or who is given, signed in at a page, in a browser as wide as a tablet; `shown` is there once the page is. */
export async function openStaffPage(path: string, shown: string, who = caretaker): Promise<StaffPage> {
  const server = await startForTests()
  const site = await makeSite(server)
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  const page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1180, height: 820 } })
  const problems: string[] = []
  page.setDefaultTimeout(10_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(`${server.url}${path}`)
  await signInAt(page, who)
  await page.waitForSelector(shown)
  return {
    ...{ server, site, page, problems },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

export async function signInAt(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.fill('input[name=email]', email)
  await page.fill('input[name=password]', password)
  await page.keyboard.press('Enter')
}
