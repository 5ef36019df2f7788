import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendHistory } from '../../server/store/history.ts'
import { landlord, makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'
import { openOwn } from '../support/own-menu.ts'
import { type Button, badDay } from './bad-day.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
let day: ReturnType<typeof badDay>
const problems: string[] = []
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const about = { controllerId: site.controllerId, flat: '12', size: 'S' }
  const { id } = (await site.courier.ask<{ id: string }>('POST', '/api/parcels', about)).body
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${id}/placed`, {})
  await site.caretaker.ask('POST', `/api/parcels/${id}/alert`, { kind: 'damaged', says: 'mouillé' })
  await server.sql`update residents set email = 'ada@example.org', tell_by = '{email}'`
  await site.caretaker.ask('POST', `/api/parcels/${id}/new-code`, { reason: 'x' })
  await server.sql`update notices set state = 'dead', last_problem = '550 no such user', tries = 8`
  await site.caretaker.ask('POST', '/api/residents', { siteId: site.siteId, name: 'Bo Li', flat: '14' })
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
  page.setDefaultTimeout(9_000)
  await page.addInitScript('globalThis.printed = 0; globalThis.print = () => globalThis.printed++')
  page.on('pageerror', error => problems.push(error.message))
  day = badDay(page, server.sql, 'Le serveur ne répond pas')
  await page.goto(`${server.url}/counter`)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const said = (text: string) => () => page.getByText(text).first().waitFor()
const there = (selector: string) => () => page.locator(selector).first().waitFor()
const isDone = there('main [role=status]:text-is("C’est fait.")')
const panelSays = (state: string) => () => page.locator('.panel > p', { hasText: state }).first().waitFor()
const panelGone = () => page.locator('.panel').waitFor({ state: 'detached' })
/** Opens a fold, unless it is open, and says why. */
const because = (summary: string) => async () => {
  const fold = page.locator('details', { has: page.locator(`summary:text-is("${summary}")`) }).first()
  if (!(await fold.evaluate(each => (each as HTMLDetailsElement).open))) await fold.locator('summary').click()
  await fold.locator('input[name=reason]').fill('vu ensemble')
}
const box = (door: number) => page.locator('.boxes li', { hasText: `Porte ${door}` })

const parcel: Button[] = [
  {
    name: 'Se connecter',
    first: async () => {
      await page.fill('input[name=email]', landlord.email)
      await page.fill('input[name=password]', landlord.password)
    },
    ...{ posts: '/sessions', shows: there('.link-live') },
  },
  { name: 'Chercher', first: () => page.fill('input[name=q]', '12'), shows: there('.found button') },
  { name: /^Porte \d [SML]/, shows: there('.panel h2') },
  {
    name: 'Ouvrir pour elle',
    first: because('Remettre en main propre'),
    ...{ posts: '/collect-for', shows: there('.panel .steps'), facts: ['collect-for', 'order-made'] },
  },
  {
    name: 'Montrer le code',
    first: because('Montrer le code'),
    ...{ posts: '/code', shows: there('.panel .code'), facts: ['code-shown'] },
  },
  { name: 'Imprimer le papier', shows: there('.slip h2') },
  { name: 'Imprimer', shows: () => page.waitForFunction('globalThis.printed === 1') },
  { name: 'Fermer', shows: there('.panel .code') },
  {
    name: 'Donner un nouveau code',
    first: because('Donner un nouveau code'),
    ...{ posts: '/new-code', shows: there('.panel .code') },
    facts: ['code-reissued', 'grant-revoked', 'grant-made'],
  },
  {
    name: 'Laisser plus de temps',
    first: because('Laisser plus de temps'),
    ...{ posts: '/extend', shows: isDone, facts: ['deadline-moved'] },
  },
  {
    name: 'Chercher',
    first: async () => {
      await page.click('summary:text-is("Attribuer à quelqu’un d’autre")')
      await page.fill('.panel input[name=q]', 'bo')
    },
    shows: there('.find'),
  },
  {
    name: 'Attribuer à quelqu’un d’autre',
    first: async () => {
      await page.press('.panel input[name=q]', 'Enter')
      await because('Attribuer à quelqu’un d’autre')()
    },
    ...{ posts: '/reassign', shows: isDone },
  },
  {
    name: 'Corriger l’état',
    first: because('Corriger l’état'),
    ...{ posts: '/correct', shows: said('retiré ·'), heard: true, facts: ['parcel-collected', 'grant-revoked'] },
  },
  { name: 'Fermer', shows: panelGone },
]

const handed = (to: 'resident' | 'carrier', name: string): Button[] => [
  {
    name: /^au comptoir/,
    first: async () => {
      const about = { siteId: site.siteId, flat: '14', size: 'XL', shelf: `A${to.length}` }
      await site.courier.ask('POST', '/api/shelf', about)
      await page.fill('input[name=q]', '14')
      await page.press('input[name=q]', 'Enter')
    },
    shows: there('.panel h2'),
  },
  {
    name,
    first: because(name),
    ...{ posts: '/hand-over', shows: panelSays(to === 'resident' ? 'retiré' : 'retourné'), heard: true },
  },
  { name: 'Fermer', shows: panelGone },
]
const shelf = [...handed('resident', 'Remettre au destinataire'), ...handed('carrier', 'Rendre au transporteur')]

const boxes: Button[] = [
  { name: 'Boîtes', shows: there('.boxes') },
  {
    name: 'Mettre hors service',
    first: because('Mettre la porte 3 hors service'),
    ...{
      posts: '/retire',
      shows: () => box(3).locator('summary:text-is("Remettre la porte 3 en service")').waitFor(),
      facts: ['door-retired'],
      heard: true,
    },
  },
  {
    name: 'Remettre en service',
    first: because('Remettre la porte 3 en service'),
    ...{
      posts: '/return',
      shows: () => box(3).locator('summary:text-is("Mettre la porte 3 hors service")').waitFor(),
      facts: ['door-returned'],
      heard: true,
    },
  },
  {
    name: 'Commencer un tour de contrôle',
    first: because('Commencer un tour de contrôle'),
    ...{ posts: '/audits', shows: there('.one-box'), facts: ['audit-started'] },
  },
  { name: 'Ouvrir', posts: '/open', shows: there('.one-box .steps'), facts: ['order-made'] },
  {
    name: /^(rien|le colis|autre chose)$/,
    ...{ posts: '/looked', shows: there('.one-box h3:has-text("Porte 2")'), facts: ['door-looked'], heard: true },
  },
  { name: /^([✔…] )?Porte \d · /, shows: there('.one-box h3:has-text("Porte 1")') },
  { name: /^Arrêter ici/, posts: '/end', shows: there('.boxes'), facts: ['audit-ended'] },
]

const alerts: Button[] = [
  { name: 'Alertes', shows: there('.suspects .bank') },
  { name: 'Je m’en occupe', posts: '/take', shows: said('s’en occupe depuis'), facts: ['alert-taken'], heard: true },
  {
    name: 'Régler',
    first: () => page.locator('input[name=note]').first().fill('vu avec elle'),
    ...{ posts: '/settle', shows: said('Rien n’est signalé.'), facts: ['alert-settled'], heard: true },
  },
  { name: 'Essayer encore', posts: '/retry', shows: said('Tous les messages sont partis.'), facts: ['notice-retried'] },
]

const suspects: Button[] = [
  { name: /^À vérifier/, shows: there('.suspects li') },
  {
    name: 'Régler',
    first: () => page.fill('.suspects input[name=note]', 'batterie changée'),
    ...{ posts: '/settle', shows: said('Rien à vérifier.'), facts: ['suspect-settled'], heard: true },
  },
  { name: 'Colis', shows: there('.find') },
]

const attention: Button[] = [
  {
    name: /^Son : coupé/,
    first: async () => {
      await page.goto(`${server.url}/`)
      await server.sql`update doors set alarm = 'forced', alarm_at = now() where door = 5`
      server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(5)] })
      await page.waitForSelector('.alert-forced')
    },
    shows: said('Son : activé'),
  },
  { name: /^Son : activé/, shows: said('Son : coupé') },
  {
    name: 'Je m’en occupe',
    ...{ posts: '/attention/take', shows: there('.alert .mine'), facts: ['attention-taken'], heard: true },
  },
  {
    name: 'Je ne m’en occupe plus',
    ...{ posts: '/attention/release', shows: said('Je m’en occupe'), facts: ['attention-released'], heard: true },
  },
  {
    name: 'Voir la porte',
    first: () => page.locator('.alert summary').click(),
    shows: there('.panel h2'),
  },
  { name: 'Fermer', shows: panelGone },
  {
    name: 'Arrêter l’alarme',
    first: () => page.fill('.alert input[name=reason]', 'vu'),
    ...{ posts: '/end-alarm', shows: said('Rien ne demande quelqu’un.'), facts: ['alarm-ended'], heard: true },
  },
]

const wall: Button[] = [
  { name: 'Touches ?', first: () => page.goto(`${server.url}/`), shows: there('dialog[open]') },
  { name: 'Fermer', shows: () => page.locator('dialog[open]').waitFor({ state: 'detached' }) },
  {
    name: /^(\S )?(bloquée ou alarme|contesté|ouverte|délai dépassé|colis|réservé|à vérifier|libre|retiré|salle) \d+$/,
    shows: there('.legend [aria-pressed=true]'),
  },
  {
    name: /^(Porte \d|Salle), /,
    first: async () => {
      await server.sql`update doors set offer = 'contested' where door = 1`
      server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(1)] })
      await page.waitForSelector('.door:has-text("contesté")')
    },
    shows: there('.panel h2'),
  },
  {
    name: 'Ouvrir',
    first: () => page.locator('.panel input[name=reason]').first().fill('voir'),
    ...{ posts: '/open', shows: there('.panel .steps'), facts: ['order-made'] },
  },
  {
    name: 'Enregistrer',
    ...{ posts: '/looked', shows: said('libre'), facts: ['door-looked'], heard: true },
  },
  { name: 'Fermer', shows: panelGone },
  { name: 'Se déconnecter', first: () => openOwn(page), shows: there('input[name=email]') },
]
const all = { parcel, shelf, boxes, alerts, suspects, attention, wall }

describe.each(Object.entries(all))('%s', (_, buttons) => {
  test.each(buttons)('$name', button => day.press(button))
})

test('every button that was seen on the way has its row', () => {
  expect(day.unpressed(Object.values(all).flat())).toEqual([])
  expect(problems).toEqual([])
})
