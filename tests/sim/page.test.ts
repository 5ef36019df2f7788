import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright, type Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { defaultConfig } from '../../firmware-sim/machine/state.ts'
import { type Page, startPage } from '../../firmware-sim/page.ts'
import type { DoorSetup } from '../../firmware-sim/setup.ts'
import { eventually } from '../support/eventually.ts'
import { codeKey, grantOf, hour, password, type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
let bank: SimController
let room: SimController
let page: Page
let browser: Browser | null = null

beforeAll(async () => {
  server = await startSmallServer()
  const common = { password, codeKey, mqttUrl: server.mqttUrl }
  bank = await startController({ id: 'bank-1', doors: 24, ...common })
  const roomDoors: DoorSetup[] = [
    { door: 1, kind: 'room' },
    { door: 2, kind: 'room', withoutPower: 'fail-safe' },
  ]
  const keypads = [1, 2].map(door => ({ keypad: door, doors: [door] }))
  room = await startController({ id: 'room-1', doors: roomDoors, keypads, ...common })
  await eventually(() => bank.state().connected && room.state().connected, { withinMs: 10_000 })
  const grants = [
    grantOf('g-1', '12345678', { door: 4 }),
    grantOf('g-2', '22222222', { usedAt: Date.now() - hour }),
    grantOf('g-3', '33333333', { from: Date.now() + hour, until: Date.now() + 9 * hour }),
    grantOf('g-4', '44444444', { until: Date.now() - hour }),
  ]
  await server.send('bank-1', 'grants', { version: 3, page: 1, pages: 1, grants })
  await eventually(() => bank.state().versions.grants === 3)
  // slow machines need more than 3 s from the exit button to the door
  await server.send('room-1', 'config', { ...defaultConfig, version: 2, unlockMs: 60_000 })
  await eventually(() => room.state().versions.config === 2)
  page = await startPage({ controllers: [bank, room], host: '127.0.0.1', port: 0 })
  const executablePath = process.env.CHROME_PATH ?? (await chromium.executablePath())
  // one process for all tabs would end with the first tab
  const args = chromium.args.filter(each => each !== '--single-process')
  browser = await playwright.launch({ executablePath, args, headless: true })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await page?.close()
  await Promise.all([bank?.stop(), room?.stop()])
  await server?.close()
})

async function openTab(width: number, colorScheme: 'light' | 'dark' = 'light') {
  const tab = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' })
  const problems: string[] = []
  tab.on('console', message => message.type() === 'error' && problems.push(message.text()))
  tab.on('pageerror', error => problems.push(error.message))
  await tab.goto(page.url)
  await tab.waitForSelector('.door')
  return { tab, problems }
}

const display = (tab: Tab) => tab.innerText('#display')
const typeCode = async (tab: Tab, code: string) => {
  await tab.keyboard.type(code)
  await tab.keyboard.press('Enter')
}

test('everything is served under a policy without inline script or style; nothing else is', async () => {
  const html = await fetch(page.url)
  expect(html.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/)
  const text = await html.text()
  expect(text).not.toMatch(/<style|style=|onclick|<script(?![^>]*src=)/)
  for (const [, path] of text.matchAll(/(?:href|src)="(\/[^"]+)"/g)) {
    expect((await fetch(new URL(path!, page.url))).status, path).toBe(200)
  }
  expect((await fetch(new URL('/../package.json', page.url))).status).toBe(404)
  expect((await fetch(page.url, { method: 'POST' })).status).toBe(405)
})

test('a page of another origin may not open doors', async () => {
  const answer = await new Promise(done => {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      origin: 'https://evil.example',
    }
    const asked = request(new URL('/devices', page.url), { headers })
    asked.on('upgrade', () => done('let in'))
    asked.on('error', () => done('refused'))
    asked.end()
  })
  expect(answer).toBe('refused')
})

test('a wish that makes no sense is answered, not obeyed', async () => {
  const socket = new WebSocket(new URL('/devices', page.url.replace('http', 'ws')))
  const problems: string[] = []
  socket.on('message', data => {
    const message = JSON.parse(String(data))
    if (message.type === 'problem') problems.push(message.problem)
  })
  await new Promise(done => socket.once('open', done))
  for (const wish of [
    '{',
    '{"id":"x"}',
    '{"id":"bank-1","does":"toString"}',
    '{"id":"bank-1","does":"open","door":99}',
    '{"id":"bank-1","does":"drift","by":"much"}',
    '{"id":"bank-1","does":"code","keypad":99,"code":"12345678"}',
    '{"id":"bank-1","does":"badge","keypad":99,"code":"04a2b9c1"}',
  ]) {
    socket.send(wish)
  }
  await eventually(() => problems.length === 7)
  socket.close()
})

async function violations(tab: Tab) {
  await tab.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
  return tab.evaluate(`axe.run({ runOnly: ${JSON.stringify(tags)} }).then(r => r.violations.map(v =>
    v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).slice(0, 3).join(' | ')))`)
}

test.each([
  [390, 'light'],
  [390, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('fits %i px in %s, without a violation of WCAG 2.2 AA', async (width, scheme) => {
  const { tab, problems } = await openTab(width, scheme)
  const over = await tab.evaluate('document.documentElement.scrollWidth - window.innerWidth')
  expect(over).toBeLessThanOrEqual(0)
  expect(await violations(tab)).toEqual([])
  expect(problems).toEqual([])
  await tab.close()
})

test('each refusal is said in its own words, a right code opens, and the door is used by keyboard', async () => {
  const { tab } = await openTab(1280)
  await tab.keyboard.type('222222')
  expect(await tab.innerText('#display-digits')).toBe('2222 22')
  await typeCode(tab, '22')
  await eventually(async () => /Déjà utilisé[\s\S]*Ce code a servi le .* à /.test(await display(tab)))
  await typeCode(tab, '33333333')
  await eventually(async () => /Trop tôt[\s\S]*à partir du /.test(await display(tab)))
  await typeCode(tab, '44444444')
  await eventually(async () => /Code périmé[\s\S]*jusqu’au /.test(await display(tab)))
  await tab.click('[data-language=en]')
  await eventually(async () => /Code expired[\s\S]*valid until /.test(await display(tab)))
  server.answer = ({ ask }) => ({ ask, type: 'refuse', reason: 'unknown' })
  await tab.fill('#badge', '04a2b9c1')
  await tab.press('#badge', 'Enter')
  await eventually(async () => (await display(tab)).includes('This badge opens nothing here'))
  await tab.evaluate('document.activeElement.blur()')
  server.answer = ({ ask }) => ({ ask, type: 'refuse', reason: 'door-out-of-service' })
  await typeCode(tab, '55555555')
  await eventually(async () => (await display(tab)).includes('Door out of service'))
  await tab.click('[data-language=fr]')

  await typeCode(tab, '12345678')
  await eventually(async () => (await display(tab)).includes('Boîte 4 ouverte'))
  expect(bank.state().doors[3]?.leaf).toBe('open')
  await tab.focus('[data-does=put]')
  await tab.keyboard.press('Enter')
  await eventually(() => bank.state().doors[3]?.occupied)
  await tab.focus('[data-does=shut]')
  await tab.keyboard.press('Space')
  await eventually(() => bank.state().doors[3]?.leaf === 'closed')
  await eventually(async () => (await tab.getAttribute('[data-door="4"]', 'aria-label'))?.includes('un colis'))
  await tab.close()
})

test('a box that an order opened is told on the display, so that the courier finds it', async () => {
  const { tab } = await openTab(1280)
  const { boot, up } = bank.state()
  const order = { order: crypto.randomUUID(), type: 'open', door: 7, grant: 'g-7', boot, notAfterUp: up + 10_000 }
  await server.send('bank-1', 'order', order)
  await eventually(async () => (await display(tab)).includes('Boîte 7 ouverte'))
  await tab.click('[data-does=shut]')
  await eventually(() => bank.state().doors[6]?.leaf === 'closed')
  await tab.close()
})

test('without network it says so, and how long a keypad is locked; without power it is dark', async () => {
  const { tab } = await openTab(390)
  await tab.click('[data-switch=network]')
  await eventually(() => bank.state().phase === 'down')
  await typeCode(tab, '99999999')
  await eventually(async () => /Code inconnu[\s\S]*Sans réseau/.test(await display(tab)))
  for (let i = 0; i < 4; i++) {
    await typeCode(tab, '99999999')
    await eventually(() => bank.state().keypads[0]?.wrong === i + 2 || bank.state().keypads[0]!.lockedForMs > 0)
  }
  await eventually(async () => /Clavier bloqué[\s\S]*dans 5 minutes/.test(await display(tab)))
  // not only to who typed: it stays there for as long as it lasts
  const other = await openTab(390)
  await eventually(async () => /Clavier bloqué[\s\S]*dans 5 minutes/.test(await display(other.tab)))
  await other.tab.close()
  await tab.keyboard.type('1234')
  await tab.click('[data-switch=power]')
  await eventually(async () => (await display(tab)).includes('Sans courant'))
  // also of what was typed or told a moment before
  await tab.keyboard.type('5678')
  expect(await display(tab)).not.toMatch(/1234|5678|bloqué/)
  expect(await tab.isDisabled('[data-key="1"]')).toBe(true)
  expect(await tab.innerText('[data-switch=power]')).toMatch(/Courant\s+coupé/)
  expect(await tab.innerText('#facts')).not.toMatch(/vide|aucune|inconnue/)
  await tab.click('[data-switch=power]')
  await tab.click('[data-switch=network]')
  await eventually(() => bank.state().connected, { withinMs: 10_000 })
  await tab.close()
})

const openRoom = async (width: number, scheme?: 'light' | 'dark') => {
  const opened = await openTab(width, scheme)
  await opened.tab.click('#tabs button:nth-child(2)')
  await opened.tab.waitForSelector('.rooms .door')
  return opened
}

test('a keypad that waits for an answer does not keep the other one waiting', async () => {
  const { tab } = await openRoom(390)
  server.answer = () => null
  await typeCode(tab, '55555555')
  await eventually(async () => (await display(tab)).includes('Un instant'))
  await tab.click('#keypads button:nth-child(2)')
  await eventually(async () => (await display(tab)).includes('Tapez votre code'))
  await tab.close()
})

test('a room door has its exit', async () => {
  const { tab } = await openRoom(1280)
  await tab.click('#exit')
  await eventually(() => room.state().doors[0]?.bolt === 'unlocked')
  await tab.click('[data-door="1"]')
  await eventually(() => room.state().doors[0]?.leaf === 'open')
  expect(room.events().some(each => each.type === 'forced')).toBe(false)
  await tab.close()
})

test('a room door is let go of or kept shut without power, as it says; its handle inside opens', async () => {
  const { tab, problems } = await openRoom(390, 'dark')
  expect(await violations(tab)).toEqual([])
  await tab.click('[data-door="2"]')
  expect(await tab.innerText('#chosen')).toContain('Sans courant, elle se déverrouille.')
  await tab.click('[data-door="1"]')
  expect(await tab.innerText('#chosen')).toContain('elle reste verrouillée ; la poignée intérieure ouvre')
  await tab.click('[data-switch=network]')
  await tab.focus('[data-switch=power]')
  await tab.keyboard.press('Space')
  await eventually(() => !room.state().power)
  expect(room.state().doors.map(each => each.bolt)).toEqual(['locked', 'unlocked'])
  await eventually(async () => (await tab.innerText('#exit')) === 'Poignée intérieure')
  await tab.click('#exit')
  await eventually(() => room.state().doors[0]?.bolt === 'unlocked')
  await tab.click('[data-switch=power]')
  await eventually(() => room.state().doors.every(each => each.bolt === 'locked'))
  await eventually(async () => /Horloge\s+inconnue/.test(await tab.innerText('#facts')))
  await tab.click('[data-switch=network]')
  await eventually(() => room.state().connected && room.state().clock.kind === 'synced', { withinMs: 10_000 })
  expect(problems).toEqual([])
  await tab.close()
})

test('its clock is put wrong and lost by keyboard, and the next contact sets it right', async () => {
  const { tab } = await openRoom(1280)
  await tab.click('[data-language=en]')
  await tab.click('[data-switch=network]')
  await eventually(() => room.state().phase === 'down')
  await tab.focus('[data-drift="120000"]')
  await tab.keyboard.press('Enter')
  await eventually(() => room.state().clock.time - Date.now() > 110_000)
  await eventually(async () => (await tab.innerText('#facts')).includes('2 min ahead'))
  await tab.keyboard.press('Tab')
  await tab.keyboard.press('Space')
  await eventually(() => room.state().clock.kind === 'none')
  await eventually(async () => /Clock\s+unknown/.test(await tab.innerText('#facts')))
  await tab.click('[data-switch=network]')
  await eventually(async () => (await tab.innerText('#facts')).includes('on time'), { withinMs: 10_000 })
  expect(Math.abs(room.state().clock.time - Date.now())).toBeLessThan(5_000)
  await tab.close()
})

test('a door that is held open, or shut to every code, says so', async () => {
  const { tab } = await openRoom(1280)
  for (const [mode, words] of [
    ['free', 'tenue ouverte'],
    ['locked', 'fermée à tous les codes'],
  ] as const) {
    const { boot, up } = room.state()
    const order = { order: crypto.randomUUID(), type: 'mode', mode, forMs: hour, door: 1, grant: 'g-m', boot }
    await server.send('room-1', 'order', { ...order, notAfterUp: up + 10_000 })
    await eventually(async () => (await tab.getAttribute('[data-door="1"]', 'aria-label'))?.includes(words))
  }
  await tab.click('#exit')
  await eventually(() => room.state().doors[0]?.bolt === 'unlocked')
  await tab.close()
})
