import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadSpeech } from '../../dashboard/src/i18n/words.ts'
import { attentionKinds } from '../../schema/api/attention.ts'
import { appendHistory, type Fact } from '../../server/store/history.ts'
import { makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'

let server: Server
let site: Site
const browsers: Browser[] = []
let awa: Page
let bo: Page
let overdue: string
const problems: string[] = []

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  await oneOfEach()
  for (const name of ['Awa', 'Bo']) {
    const account = { email: `${name}@example.org`, name, role: 'caretaker', password: 'another long one' }
    await site.admin.ask('POST', '/api/accounts', { ...account, siteIds: [site.siteId] })
  }
  ;[awa, bo] = await Promise.all([dashboardOf('Awa'), dashboardOf('Bo')])
})
afterAll(async () => {
  for (const each of browsers) await each.close()
  await server?.close()
})

/** The small browser of the tests has room for one page: each person has one of their own. */
async function dashboardOf(name: string): Promise<Page> {
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  browsers.push(browser)
  const page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.addInitScript(`
    globalThis.tones = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (at) { globalThis.tones++; return start.call(this, at) }`)
  await page.goto(server.url)
  await page.fill('input[name=email]', `${name}@example.org`)
  await page.fill('input[name=password]', 'another long one')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.link-live .alert')
  return page
}

const waits = (more: object = {}) => ({ controllerId: site.controllerId, flat: '12', size: 'S', ...more })

/** A site on a very bad day. */
async function oneOfEach(): Promise<void> {
  const { ask } = site.courier
  const { sql } = server
  const placed = async (size: string) => {
    const { body } = await ask<{ id: string; receipt: string; doorId: string }>('POST', '/api/parcels', waits({ size }))
    await sql`update parcels set step = 'closed' where id = ${body.id}`
    await ask('POST', `/api/parcels/${body.id}/placed`, {})
    return body
  }
  const late = await placed('S')
  overdue = late.receipt
  await sql`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where id = ${late.id}`
  const damaged = await placed('L')
  await site.caretaker.ask('POST', `/api/parcels/${damaged.id}/alert`, { kind: 'damaged', says: 'mouillé' })
  await sql`update residents set email = 'ada@example.org', tell_by = '{email}' where flat = '12'`
  await site.caretaker.ask('POST', `/api/parcels/${damaged.id}/new-code`, { reason: 'x' })
  await sql`update notices set state = 'dead', last_problem = '550', tries = 8`
  await sql`update doors set state = 'jammed' where id = ${site.doorId(2)}`
  await sql`update doors set offer = 'contested' where id = ${site.doorId(3)}`
  await sql`update doors set alarm = 'held-open', alarm_at = now(), state = 'open' where id = ${site.doorId(5)}`
  const doors = [{ door: 1, kind: 'room', name: 'Cave', doorSensor: true, occupancySensor: false }]
  await site.admin.ask('POST', '/api/controllers', { id: 'cave', siteId: site.siteId, name: 'Porte de la cave', doors })
  await sql`update controllers set last_heard_at = now() - interval '1 hour', doubtful_until = 9 where id = 'cave'`
  await sql`update doors set alarm = 'forced', alarm_at = now() where controller_id = 'cave'`
  const now = new Date()
  const told = { at: now, receivedAt: now, controllerId: site.controllerId }
  const facts: Fact[] = [
    { type: 'keypad-locked', ...told, facts: { keypad: 1, forMs: 900_000 } },
    { type: 'loss', ...told, suspect: 'events-lost' },
  ]
  await sql.begin(tx => appendHistory(tx, site.siteId, facts))
}

const alert = (page: Page, kind: string) => page.locator(`.alert-${kind}`)
const tabTo = async (page: Page, target: string) => {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${target} by keyboard`)
}
const changed = (...numbers: number[]) =>
  server.ctx.announce({ siteId: site.siteId, doors: numbers.map(n => site.doorId(n)) })

test('each kind says what it is, what happened and what to do, in both languages; nobody is named', async () => {
  await awa.click('button:text-is("Tout afficher (11)")')
  expect(await awa.locator('.alert').evaluateAll(all => all.map(each => each.className))).toEqual(
    attentionKinds.map(kind => `alert alert-${kind}`),
  )
  for (const summary of await awa.locator('.alert summary').all()) await summary.click()
  for (const [language, colorScheme] of [
    ['en', 'dark'],
    ['fr', 'light'],
  ] as const) {
    await awa.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(awa, language)
    const { t } = await loadSpeech(language)
    for (const kind of attentionKinds) {
      const text = await alert(awa, kind).innerText()
      const [beforeFirst = ''] = t(`at_${kind}_what`).split('{')
      expect(beforeFirst).toMatch(/^\p{Lu}.{9,}/u)
      expect(t(`at_${kind}_do`)).toMatch(/^\p{Lu}.{15,}\.$/u)
      for (const words of [t(`at_${kind}`), beforeFirst, t(`at_${kind}_do`)]) expect(text).toContain(words)
      expect(text).not.toMatch(/\{\w+\}/)
    }
    expect(await violations(awa), language).toEqual([])
    await picture(awa, `alerts-${language}`)
  }
  expect(await awa.locator('.alerts').innerText()).not.toMatch(/Ada|appartement 12/)
  await awa.setViewportSize({ width: 390, height: 844 })
  await picture(awa, 'alerts-390')
  await awa.setViewportSize({ width: 1280, height: 900 })
})

test('two dashboards, by keyboard alone: one sees to it, the other one sees who, and takes over', async () => {
  await tabTo(awa, '.alert-forced .taking button')
  await awa.keyboard.press('Enter')
  await alert(awa, 'forced').locator('.mine:has-text("Vous vous en occupez")').waitFor()
  await alert(bo, 'forced').locator('.taken:has-text("Awa s’en occupe")').waitFor({ timeout: 2_000 })
  await picture(bo, 'alerts-taken')
  await tabTo(bo, '.alert-forced .taking button')
  expect(await bo.evaluate('document.activeElement.textContent')).toBe('Prendre le relais')
  await bo.keyboard.press('Enter')
  await alert(bo, 'forced').locator('.mine').waitFor()
  await alert(awa, 'forced').locator('.taken:has-text("Bo s’en occupe")').waitFor({ timeout: 2_000 })
  await bo.keyboard.press('Enter')
  await alert(awa, 'forced').locator('.taken').waitFor({ state: 'detached', timeout: 2_000 })
})

test('two press at the same moment: one has it, and the other is told who', async () => {
  const press = (page: Page) => alert(page, 'jammed').locator('.taking button').click()
  await Promise.all([press(awa), press(bo)])
  for (const page of [awa, bo]) await alert(page, 'jammed').locator('.taken').waitFor()
  const taken = await server.sql`
    select a.name from taken t join accounts a on a.id = t.taken_by where t.kind = 'jammed'`
  expect(taken).toHaveLength(1)
  const [has, sees] = taken[0]!.name === 'Awa' ? [awa, bo] : [bo, awa]
  await alert(has, 'jammed').locator('.mine').waitFor()
  await alert(sees, 'jammed').getByText(`${taken[0]!.name} s’en occupe`).waitFor()
})

test('seen to by keyboard: the alarm is ended with a reason, gone from both, and the focus is not lost', async () => {
  await tabTo(bo, '.alert-forced summary')
  await bo.keyboard.press('Enter')
  await tabTo(bo, '.alert-forced input[name=reason]')
  await bo.keyboard.type('la femme de ménage a une clé')
  await bo.keyboard.press('Enter')
  for (const page of [bo, awa]) await alert(page, 'forced').waitFor({ state: 'detached', timeout: 2_000 })
  expect(await bo.evaluate('document.activeElement.id')).toBe('alerts-title')
  const [note] = await server.sql`select text from notes where text like 'la femme%'`
  expect(note).toBeDefined()
})

test('a box is opened and looked into from its alert; a message is tried again; a fact is settled', async () => {
  await alert(awa, 'contested').getByRole('button', { name: 'Ouvrir et regarder' }).click()
  await awa.waitForSelector('.panel h2:focus')
  await awa.selectOption('.panel select[name=found]', 'empty')
  await awa.click('.panel button:text-is("Enregistrer")')
  await alert(awa, 'contested').waitFor({ state: 'detached' })
  await awa.keyboard.press('Escape')
  await alert(awa, 'notice-dead').getByRole('button', { name: 'Essayer encore' }).click()
  await alert(awa, 'notice-dead').waitFor({ state: 'detached' })
  await alert(awa, 'suspect').locator('input[name=note]').fill('pile changée')
  await awa.keyboard.press('Enter')
  await alert(awa, 'suspect').waitFor({ state: 'detached' })
  await alert(bo, 'suspect').waitFor({ state: 'detached' })
})

test('sound is off until asked for, rings once for a burst and is remembered; new alerts are told once', async () => {
  const tones = (page: Page) => page.evaluate('globalThis.tones')
  expect(await bo.locator('.alerts-head [aria-pressed]').innerText()).toBe('Son : coupé')
  await bo.click('.alerts-head [aria-pressed]')
  expect(await tones(bo)).toBe(2)
  await server.sql`update doors set alarm = 'forced', alarm_at = now() where door in (1, 3) and controller_id = ${site.controllerId}`
  changed(1, 3)
  await bo.waitForSelector('.alerts [role=status]:text-is("Nouvelles alertes : 2.")')
  expect(await tones(bo)).toBe(4)
  // a dashboard where nobody asked for it is told, and silent
  await awa.waitForSelector('.alerts [role=status]:text-is("Nouvelles alertes : 2.")')
  expect(await tones(awa)).toBe(0)
  await bo.reload()
  await bo.waitForSelector('.link-live .alert')
  expect(await bo.locator('.alerts-head [aria-pressed]').innerText()).toBe('Son : activé')
  await bo.getByText('Le navigateur attend').waitFor()
  await bo.keyboard.press('Tab')
  await bo.getByText('Le navigateur attend').waitFor({ state: 'detached' })
  await server.sql`update doors set state = 'jammed' where id = ${site.doorId(4)}`
  changed(4)
  await bo.waitForSelector('.alerts [role=status]:has-text("Nouvelle alerte : Porte bloquée, Porte 4")')
  expect(await tones(bo)).toBe(2)
})

test('what is about a parcel leads to it at the counter; nothing went wrong in the pages', async () => {
  const late = alert(bo, 'overdue')
  if ((await late.count()) === 0) await bo.getByRole('button', { name: /^Tout afficher/ }).click()
  await late.locator('summary').click()
  await late.getByRole('link', { name: 'Voir au comptoir' }).click()
  await bo.waitForSelector(`.found button:has-text("${overdue}")`)
  expect(await bo.locator('.found button').count()).toBe(1)
  expect(problems).toEqual([])
})
