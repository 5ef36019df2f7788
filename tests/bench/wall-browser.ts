import chromium from '@sparticuz/chromium'
import { type CDPSession, type Page, chromium as playwright } from 'playwright-core'
import { lookOf } from '../../dashboard/src/state.ts'
import type { LiveMessage, WallDoor } from '../../schema/api/live.ts'
import { admin } from '../support/api.ts'

/** Since the page was opened, as DevTools count it; `told`: doors in the changes that it was sent. */
export type Spent = {
  at: number
  scriptMs: number
  layoutMs: number
  busyMs: number
  told: number
  sockets: number
}
export type Shown = {
  spent(): Promise<Spent>
  memory(): Promise<{ heapMB: number }>
  /** what is shown of each door, by its id */
  words(): Promise<Record<string, string>>
  leave(): Promise<void>
}

/** What both pages say of a door, as a class. */
export const wordOf = (door: WallDoor): string => `look-${lookOf(door)}`

/** One browser, signed in; it shows one page at a time. */
export async function openWallBrowser(url: string, siteId: string) {
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  const page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1920, height: 1080 } })
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  await page.goto(url)
  await page.fill('input[name=email]', admin.email)
  await page.fill('input[name=password]', admin.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.link-live .door')
  let told = 0
  let sockets = 0
  page.on('websocket', socket => {
    sockets += 1
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload)) as LiveMessage
      if (message.type === 'change') told += message.doors?.length ?? 0
    })
  })
  const shown = async (path: string, ready: () => Promise<unknown>): Promise<Shown> => {
    told = 0
    sockets = 0
    await page.goto(url + path)
    await ready()
    return {
      spent: async () => ({ ...(await durations(cdp)), told, sockets }),
      memory: () => heapOf(cdp),
      words: () => wordsOn(page),
      leave: async () => void (await page.goto('about:blank')),
    }
  }
  return {
    wall: () => shown('/', () => page.waitForSelector('.link-live .door')),
    bare: () => shown('/health', () => drawBare(page, siteId)),
    close: () => browser.close(),
  }
}

async function durations(cdp: CDPSession) {
  const { metrics } = await cdp.send('Performance.getMetrics')
  const seconds = (name: string) => metrics.find(each => each.name === name)!.value
  const layout = seconds('LayoutDuration') + seconds('RecalcStyleDuration')
  return {
    at: seconds('Timestamp') * 1_000,
    scriptMs: seconds('ScriptDuration') * 1_000,
    layoutMs: layout * 1_000,
    busyMs: seconds('TaskDuration') * 1_000,
  }
}

async function heapOf(cdp: CDPSession) {
  for (let n = 0; n < 2; n++) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  return { heapMB: usedSize / 1e6 }
}

const wordsOn = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.door')].map(each => [
        each.id.replace('door-', ''),
        [...each.classList].find(name => name.startsWith('look-')) ?? '',
      ]),
    ),
  )

/** The least that a page can do with what it hears. */
async function drawBare(page: Page, siteId: string): Promise<void> {
  await page.evaluate(site => {
    document.body.replaceChildren()
    document.body.style.display = 'grid'
    document.body.style.gridTemplateColumns = 'repeat(25, 1fr)'
    const buttons = new Map<string, HTMLElement>()
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live?siteId=${site}`)
    socket.addEventListener('message', ({ data }) => {
      for (const door of (JSON.parse(data) as { doors?: WallDoor[] }).doors ?? []) {
        const button = buttons.get(door.id) ?? document.body.appendChild(document.createElement('button'))
        buttons.set(door.id, button)
        button.id = `door-${door.id}`
        button.className = `door look-${door.state === 'open' ? 'open' : door.offer}`
        button.textContent = `${door.door} ${door.state} ${door.since}`
      }
    })
  }, siteId)
  await page.waitForSelector('.door')
}
