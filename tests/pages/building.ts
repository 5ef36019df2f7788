import { randomBytes } from 'node:crypto'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { type Server, startServer } from '../../server/server.ts'
import { admin, makeSite } from '../support/api.ts'
import type { Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

export type Building = {
  server: Server
  database: FreshDatabase
  site: Site
  sim: SimController
  browser: Browser
  /** one more bank of the site, connected and empty */
  addBank(id: string, name: string): Promise<SimController>
  /** a page of a phone; this one-process browser has room for one. The problems it had are in `problems` */
  phone(locale?: string): Promise<{ page: Page; problems: string[] }>
  close(): Promise<void>
}

const phoneSize = { width: 390, height: 844 }

const box = (door: number) =>
  ({ door, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }) as const

/** The whole of it: server, broker, database, a bank with boxes of size S, and a browser. */
export async function openBuilding(doors: number): Promise<Building> {
  const database = await freshDatabase()
  const server = await startServer({
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: database.url, logLevel: 'error' },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
  })
  const site = await makeSite(server.url, { controllerId: 'bank-1', doors })
  const sims: SimController[] = []
  async function connectBank(id: string, secrets: { password: string; codeKey: string }, count: number) {
    const boxes = Array.from({ length: count }, (_, at) => box(at + 1))
    const sim = await startController({ ...{ id, ...secrets, mqttUrl: server.mqttUrl }, doors: boxes })
    sims.push(sim)
    const isOnline = async () =>
      (await database.sql`select 1 from controllers where id = ${id} and online`).length === 1
    await eventually(isOnline, { withinMs: 20_000 })
    await database.sql`update doors set offer = 'free' where controller_id = ${id}`
    return sim
  }
  const sim = await connectBank('bank-1', site, doors)
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  return {
    ...{ server, database, site, sim, browser },
    async addBank(id, name) {
      const about = { id, siteId: site.siteId, name, doors: [box(1)] }
      const { body } = await site.landlord('POST', '/api/controllers', about)
      return connectBank(id, body as unknown as { password: string; codeKey: string }, 1)
    },
    async phone(locale = 'fr-FR') {
      const context = await browser.newContext({ locale, viewport: phoneSize, hasTouch: true })
      const page = await context.newPage()
      const problems: string[] = []
      page.on('pageerror', error => problems.push(error.message))
      return { page, problems }
    },
    async close() {
      await browser.close()
      for (const each of sims) await each.stop()
      await server.close()
      await database.drop()
    },
  }
}

/** Rules of WCAG that the page as it is now breaks; also 1.4.10: no scrolling sideways at 320 px, which is 400 % of 1280. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await import('axe-core').then(axe => axe.default.source))
  const broken = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
    return (await axe.run()).violations.map(({ id }) => id)
  })
  const before = page.viewportSize()!
  await page.setViewportSize({ ...before, width: 320 })
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
  await page.setViewportSize(before)
  return width > 320 ? [...broken, `${width} px wide`] : broken
}

/** For a look by hand: `SCREENSHOTS=folder npx vitest …` */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
