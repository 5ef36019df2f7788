import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendHistory } from '../../server/store/history.ts'
import { speak } from '../support/speak.ts'
import { landlord, makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
let parcel: { id: string; receipt: string }
const problems: string[] = []

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const body = { controllerId: site.controllerId, flat: '12', size: 'S' }
  parcel = (await site.courier.ask<typeof parcel>('POST', '/api/parcels', body)).body
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${parcel.id}/placed`, {})
  await site.caretaker.ask('POST', '/api/residents', { siteId: site.siteId, name: 'Bo Li', flat: '14' })
  await site.caretaker.ask('POST', `/api/parcels/${parcel.id}/alert`, { kind: 'damaged', says: 'mouillé' })
  await server.sql`update residents set email = 'ada@example.org', tell_by = '{email}' where flat = '12'`
  await site.caretaker.ask('POST', `/api/parcels/${parcel.id}/new-code`, { reason: 'x' })
  await server.sql`update notices set state = 'dead', last_problem = '550 no such user', tries = 8`
  const now = new Date()
  const { siteId, controllerId } = site
  const lost = { type: 'loss', at: now, receivedAt: now, controllerId, suspect: 'events-lost' } as const
  await server.sql.begin(tx => appendHistory(tx, siteId, [lost]))
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 1180, height: 820 } })
  page.setDefaultTimeout(12_000)
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => message.type() === 'error' && problems.push(message.text()))
  await page.goto(`${server.url}/counter`)
  await page.fill('input[name=email]', landlord.email)
  await page.fill('input[name=password]', landlord.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.link-live')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const shot = async (name: string) => {
  if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}-${name}.png`, fullPage: true })
}
const part = (name: string) => page.click(`.parts button:has-text("${name}")`)
const act = (title: string) => page.locator('.panel details', { has: page.locator(`summary:text-is("${title}")`) })
const one = async <T>(rows: PromiseLike<T[]>): Promise<T> => (await rows)[0]!

/** By keyboard alone: open the part, say why, done. */
async function does(title: string, why: string): Promise<void> {
  const form = act(title)
  await form.locator('summary').focus()
  await page.keyboard.press('Enter')
  await form.locator('input[name=reason]').focus()
  await page.keyboard.type(why)
  await page.keyboard.press('Enter')
}

async function violations(): Promise<string[]> {
  await page.evaluate(await import('axe-core').then(axe => axe.default.source))
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

async function noViolations(name: string): Promise<void> {
  for (const [language, colorScheme] of [
    ['en', 'dark'],
    ['fr', 'light'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(page, language)
    expect(await violations(), `${name} ${language}`).toEqual([])
    await shot(`${name}-${language}`)
  }
}

test('a parcel is found by its flat, and shown without a name', async () => {
  await page.fill('input[name=q]', '12')
  await page.keyboard.press('Enter')
  await page.waitForSelector(`.found button:has-text("${parcel.receipt}")`)
  expect(await page.locator('.found').innerText()).toContain('appartement 12')
  expect(await page.locator('main').innerText()).not.toContain('Ada')
  await page.focus('.found button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.panel h2:focus')
  await noViolations('parcel')
})

test('a new code is shown in two groups of four, and is the one that opens', async () => {
  await does('Donner un nouveau code', 'reçu perdu')
  await page.waitForSelector('.panel .code')
  const shown = await page.locator('.panel .code').innerText()
  expect(shown).toMatch(/^\d{4} \d{4}$/)
  const answer = await site.caretaker.ask<{ code: string }>('POST', `/api/parcels/${parcel.id}/code`, {
    reason: 'test',
  })
  expect(shown.replace(' ', '')).toBe(answer.body.code)
  const notes = await server.sql<{ text: string }[]>`select text from notes`
  expect(notes.map(each => each.text)).toContain('reçu perdu')
  await page.waitForSelector('.timeline li:has-text("nouveau code donné")')
})

test('the slip on paper: large digits, three lines of what to do, nothing of the page around it', async () => {
  const shown = await page.locator('.panel .code').innerText()
  await page.click('button:text-is("Imprimer le papier")')
  await page.waitForSelector('.slip h2:focus')
  expect(await page.locator('.slip .code [aria-hidden]').innerText()).toBe(shown)
  const lines = await page.locator('.slip p').allInnerTexts()
  expect(lines.filter(line => /^\d\. /.test(line))).toHaveLength(3)
  await noViolations('slip')
  await page.emulateMedia({ media: 'print' })
  for (const hidden of ['.bar', '.slip button', '.panel']) expect(await page.isVisible(hidden)).toBe(false)
  await shot('slip-paper')
  await page.emulateMedia({ media: 'screen' })
  await page.click('.slip button:text-is("Fermer")')
  await page.waitForSelector('.panel .code')
})

test('a badge for a parcel: read, given once, taken back, by keyboard', async () => {
  const form = act('Ouvrir avec un badge')
  const given = () => server.sql`select revoked_at from grants where means = 'badge'`
  await form.locator('summary').focus()
  await page.keyboard.press('Enter')
  await form.locator('input[name=badge]').focus()
  await page.keyboard.type('un badge')
  await page.keyboard.press('Enter')
  await form.getByText('Ce n’est pas un numéro de badge').waitFor()
  await form.locator('input[name=badge]').fill('')
  // as a reader types it
  await page.keyboard.type('04:A2:B9:C1')
  await page.keyboard.press('Enter')
  const takeBack = form.getByRole('button', { name: 'Retirer le badge' })
  await takeBack.waitFor()
  expect(await given()).toMatchObject([{ revokedAt: null }])
  await noViolations('badge')
  await takeBack.dblclick()
  await form.getByText('Le badge est retiré').waitFor()
  expect(await given()).toMatchObject([{ revokedAt: expect.any(Date) }])
  await form.locator('summary').click()
})

test('given to somebody else: looked for by name, chosen, and theirs', async () => {
  const form = act('Attribuer à quelqu’un d’autre')
  await form.locator('summary').click()
  await form.locator('input[name=q]').fill('bo')
  await page.keyboard.press('Enter')
  await form.locator('select[name=residentId]').waitFor()
  expect(await form.locator('select').innerText()).toContain('14 · Bo Li')
  await form.locator('input[name=reason]').fill('mauvais appartement')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.panel [role=status]:has-text("C’est fait.")')
  // the code shown before is not theirs
  expect(await page.locator('.panel .code').count()).toBe(0)
  const owner = await one(server.sql`select r.flat from parcels p join residents r on r.id = p.resident_id`)
  expect(owner.flat).toBe('14')
})

test('opened for somebody at the counter: the steps of the door arrive; pressed twice it is one order', async () => {
  const form = act('Remettre en main propre')
  await form.locator('summary').click()
  await form.locator('input[name=reason]').fill('reconnue')
  await page.evaluate(() => {
    const [button] = document.querySelectorAll<HTMLButtonElement>('.panel details[open] button.main')
    button!.click()
    button!.click()
  })
  await page.waitForSelector('.panel .steps')
  const orders = await server.sql<{ id: string }[]>`
    select o.id from orders o join grants g on g.id = o.grant_id where g.purpose = 'pickup'`
  expect(orders).toHaveLength(1)
  await server.sql`update orders set accepted_at = now(), unlocked_at = now(), state = 'done' where id = ${orders[0]!.id}`
  server.ctx.announce({ siteId: site.siteId, orders: [orders[0]!.id] })
  await page.waitForSelector('.steps .done:nth-child(3)')
  await shot('opened')
})

test('only what may be corrected from here is offered, and a refusal is said in words', async () => {
  const form = act('Corriger l’état')
  await form.locator('summary').click()
  expect(await form.locator('option').allInnerTexts()).toEqual(['retiré', 'retourné', 'annulé'])
  await form.locator('input[name=reason]').fill('remis en main propre')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.panel p:has-text("retiré")')
  expect((await one(server.sql`select state from parcels`)).state).toBe('collected')
  await page.keyboard.press('Escape')
})

test('a box out of service and back, each with a reason', async () => {
  await part('Boîtes')
  const box = page.locator('.boxes li', { hasText: 'Porte 3' })
  await box.locator('summary').focus()
  await page.keyboard.press('Enter')
  await box.locator('input[name=reason]').fill('charnière cassée')
  await page.keyboard.press('Enter')
  await box.locator('summary:has-text("Remettre la porte 3")').waitFor()
  expect((await one(server.sql`select offer from doors where id = ${site.doorId(3)}`)).offer).toBe('retired')
  await noViolations('boxes')
  await box.locator('summary').click()
  await box.locator('input[name=reason]').fill('réparée')
  await page.keyboard.press('Enter')
  await box.locator('summary:text-is("Mettre la porte 3 hors service")').waitFor()
  expect((await one(server.sql`select offer from doors where id = ${site.doorId(3)}`)).offer).toBe('free')
})

test('an audit: one box after the other, opened, looked into, by keyboard; left and gone on with after a reload', async () => {
  await page
    .locator('details', { has: page.locator('summary:text-is("Commencer un tour de contrôle")') })
    .first()
    .click()
  await page.locator('details[open] input[name=reason]').first().fill('tour du mois')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.one-box h3:focus')
  expect(await page.locator('.one-box h3').innerText()).toContain('Porte 1')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.one-box .steps')
  expect(server.devices.filter(each => 'order' in each).length).toBeGreaterThan(0)
  await noViolations('audit')
  await page.click('.answers button:text-is("rien")')
  await page.waitForSelector('.one-box h3:has-text("Porte 2")')
  await page.reload()
  await page.waitForSelector('.link-live')
  await part('Boîtes')
  await page.waitForSelector('.one-box h3:has-text("Porte 2")')
  await page.click('.answers button:text-is("autre chose")')
  for (const door of [3, 4]) {
    await page.waitForSelector(`.one-box h3:has-text("Porte ${door}")`)
    await page.focus('.answers button')
    await page.keyboard.press('Enter')
  }
  await page.click('button:text-is("Terminer le tour")')
  await page.waitForSelector('summary:text-is("Commencer un tour de contrôle")')
  const found = await server.sql`select facts ->> 'found' as found from history where type = 'door-looked' order by n`
  expect(found.map(each => each.found)).toEqual(['empty', 'something-else', 'empty', 'empty'])
  expect((await one(server.sql`select offer from doors where id = ${site.doorId(2)}`)).offer).toBe('contested')
})

test('what residents said, with what the bank had told, and what they could not be told', async () => {
  await part('Alertes')
  await page.waitForSelector('blockquote:has-text("mouillé")')
  const alert = page.locator('.suspects .bank', { hasText: 'Colis abîmé' })
  expect(await alert.innerText()).toContain('À ce moment : casier connecté, porte fermée.')
  await alert.locator('summary').click()
  await alert.locator('.timeline li').first().waitFor()
  const notice = page.locator('.suspects .bank', { hasText: 'nouveau code' })
  expect(await notice.innerText()).toContain('E-mail, 8 essais. Dernière réponse : 550 no such user')
  await noViolations('alerts')
  await notice.locator('input[name=note]').fill('appelée au téléphone')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]:has-text("Tous les messages sont partis.")')
  const [dropped] = await server.sql`select n.state from notices n where kind = 'new-code' and state <> 'waiting'`
  expect(dropped!.state).toBe('dropped')
})

test('what does not add up is settled with a note, and is gone from the list', async () => {
  await part('À vérifier')
  await page.waitForSelector('.suspects li')
  await noViolations('suspects')
  await page.fill('.suspects input[name=note]', 'batterie changée')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]:has-text("Rien à vérifier.")')
  const [settled] = await server.sql`select m.text from settlements s join notes m on m.id = s.note_id`
  expect(settled!.text).toBe('batterie changée')
  await page.check('.check input')
  await page.waitForSelector('.suspects li:has-text("batterie changée")')
})

test('what lies on the shelf is found with its place, and handed over to whom it is for', async () => {
  const shelf = { siteId: site.siteId, flat: '12', size: 'XL', shelf: 'A3' }
  const { id, receipt } = (await site.courier.ask<typeof parcel>('POST', '/api/shelf', shelf)).body
  await part('Colis')
  await page.fill('input[name=q]', receipt)
  await page.keyboard.press('Enter')
  await page.locator(`.found button:has-text("${receipt}")`).press('Enter')
  await page.waitForSelector('.panel p:has-text("étagère A3")')
  // no door, so nothing to open and no code
  const offered = await page.locator('.panel summary').allInnerTexts()
  expect(offered).toEqual(['Remettre au destinataire', 'Rendre au transporteur', 'Laisser plus de temps'])
  await noViolations('shelf')
  await does('Remettre au destinataire', 'carte vue')
  await page.waitForSelector('.panel p:has-text("retiré")')
  expect((await one(server.sql`select state from parcels where id = ${id}`)).state).toBe('collected')
  const told = await one(server.sql`
    select m.text from history h join notes m on m.id = (h.facts ->> 'noteId')::uuid
    where h.parcel_id = ${id} and h.type = 'parcel-collected'`)
  expect(told.text).toBe('carte vue')
})

test('a narrow screen needs no sideways scrolling, and nothing went wrong in the page', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const name of ['Colis', 'Boîtes', 'Alertes', 'À vérifier']) {
    await part(name)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await shot(`narrow-${name}`)
  }
  expect(problems.filter(text => !text.includes('401'))).toEqual([])
})
