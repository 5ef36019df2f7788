import chromium from '@sparticuz/chromium'
import { type Page, chromium as playwright } from 'playwright-core'
import { makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'

export type StaffPage = { server: Server; site: Site; page: Page; problems: string[]; close(): Promise<void> }

/** A caretaker signed in at a page, in a browser as wide as a tablet; `shown` is there once the page is. */
export async function openStaffPage(path: string, shown: string): Promise<StaffPage> {
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
  await page.fill('input[name=email]', 'bank-1@example.org')
  await page.fill('input[name=password]', 'another long one')
  await page.keyboard.press('Enter')
  await page.waitForSelector(shown)
  return {
    ...{ server, site, page, problems },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}
