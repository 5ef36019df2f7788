import type { WebSocket } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Worker } from '../http/server-for-tests.ts'
import { things } from '../http/things.ts'
import { signOut } from '../support/own-menu.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage, signInAt } from './staff-page.ts'

let opened: StaffPage
let page: StaffPage['page']
let site: StaffPage['site']
let parcelId: string
let workers: Record<'volunteer' | 'technician', Worker>
/** what the server said to the page, in answers and on the socket */
const heard: string[] = []
const refused: string[] = []
const answers: Promise<unknown>[] = []
const name = 'Zénobie'
let workPages: { path: string; roles: readonly string[] }[]

beforeAll(async () => {
  // typed as a page is, by the dashboard's own settings
  ;({ workPages } = await import(new URL('../../dashboard/src/pages.ts', import.meta.url).href))
  opened = await openStaffPage('/', '.link-live')
  const { server } = opened
  ;({ page, site } = opened)
  parcelId = (await things(server, site)).code
  await server.sql`update residents set name = ${name} || flat`
  await server.sql`update doors set offer = 'contested' where id = ${site.doorId(1)}`
  workers = {
    volunteer: await server.worker('volunteer', [site.siteId], 'vera'),
    technician: await server.worker('technician', [site.siteId], 'tom'),
  }
  page.on('response', response => {
    const { pathname } = new URL(response.url())
    if (!pathname.startsWith('/api/')) return
    if (response.status() === 403) refused.push(pathname)
    answers.push(
      response.text().then(
        text => heard.push(text),
        () => {},
      ),
    )
  })
  page.on('websocket', (socket: WebSocket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))))
})
afterAll(() => opened?.close())

const address = (path: string) => `${opened.server.url}${path}${path === '/parcel' ? `?id=${parcelId}` : ''}`
const texts = async (selector: string) =>
  (await page.locator(selector).allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim())
const notTheirs = 'main > p:has-text("n’est pas pour votre rôle")'
const choose = async (door: number) => {
  await page.locator(`#door-${site.doorId(door)}`).press('Enter')
  await page.waitForSelector('.panel h2:focus')
}

async function again(role: keyof typeof workers) {
  await page.goto(address('/'))
  await signOut(page)
  await page.waitForSelector('input[name=email]')
  heard.length = 0
  await signInAt(page, workers[role])
  await page.waitForSelector('.link-live .door')
}

const people = [
  {
    role: 'volunteer',
    inBar: ['Tableau', 'Comptoir', 'Salles'],
    notTheirs: ['/residents', '/controllers', '/settings', '/history', '/statistics', '/accounts'],
    may: {
      contested: ['Ouvrir', 'Enregistrer', 'Histoire du colis', 'Fermer'],
      waiting: ['Ouvrir', 'Histoire du colis', 'Fermer'],
      alarm: ['Arrêter l’alarme', 'Ouvrir', 'Qui peut ouvrir', 'Fermer'],
      alert: ['Voir la porte', 'Arrêter l’alarme', 'Je m’en occupe'],
      counter: ['Colis', 'Alertes'],
    },
  },
  {
    role: 'technician',
    inBar: ['Tableau', 'Comptoir', 'Appareils'],
    notTheirs: ['/rooms', '/residents', '/settings', '/history', '/statistics', '/parcel', '/accounts'],
    may: {
      contested: ['Ouvrir', 'Fermer'],
      waiting: ['Ouvrir', 'Fermer'],
      alarm: ['Ouvrir', 'Qui peut ouvrir', 'Fermer'],
      alert: ['Voir la porte', 'Je m’en occupe'],
      counter: ['À vérifier'],
    },
  },
] as const
const shown: Record<string, string> = {
  '/': '.link-live .door',
  '/counter': '.counter .parts button',
  '/rooms': '.rooms .day-choice',
  '/controllers': '.controllers section h2',
  '/parcel': '.parcel-page .card',
  '/account': '.own-sessions li',
}

describe.each(people)('as a $role', ({ role, inBar, notTheirs: forbidden, may }) => {
  test('the bar lists what is theirs', async () => {
    await again(role)
    const withoutCount = (name: string) => name.replace(/ \d.*$/, '')
    expect((await texts('.bar nav a')).map(withoutCount)).toEqual(inBar)
    await picture(page, `roles-${role}`)
  })

  test('every page opens with all it asks for, or says that it is not for their role', async () => {
    const closed = workPages.filter(({ roles }) => !roles.includes(role)).map(({ path }) => path)
    expect(closed).toEqual(expect.arrayContaining([...forbidden]))
    for (const { path } of workPages) {
      const isClosed = closed.includes(path)
      await page.goto(address(path))
      await page.waitForSelector(isClosed ? notTheirs : (shown[path] ?? 'main > div'))
      expect([path, await page.locator(notTheirs).count()]).toEqual([path, isClosed ? 1 : 0])
      if (isClosed) expect([path, await page.locator('main > *').count()]).toEqual([path, 1])
      if (path === '/accounts') {
        expect(await page.locator('main').innerText()).toContain(role === 'volunteer' ? 'bénévole' : 'technicien')
        expect(await violations(page)).toEqual([])
        await picture(page, `roles-${role}-forbidden`)
      }
    }
    await Promise.all(answers)
    expect(refused).toEqual([])
    expect(heard.join('\n')).not.toContain(name)
    for (const path of ['/', '/counter']) {
      await page.goto(address(path))
      await page.waitForSelector(shown[path]!)
      expect([path, await violations(page)]).toEqual([path, []])
    }
  })

  test('at a door, an alert and the counter there is what they may do', async () => {
    await page.goto(address('/'))
    await page.waitForSelector('.link-live .door')
    const found: Record<string, string[]> = {}
    for (const [door, about] of [
      [1, 'contested'],
      [4, 'waiting'],
      [5, 'alarm'],
    ] as const) {
      await choose(door)
      if (about !== 'alarm' && role === 'volunteer') await page.waitForSelector('.panel .timeline li')
      found[about] = await texts('.panel :is(button, summary, h3)')
    }
    await page.locator('.alert-forced summary').press('Enter')
    await page.waitForSelector('.alert-forced .unfolded')
    found.alert = await texts('.alert-forced :is(button, a)')
    await page.goto(address('/counter'))
    await page.waitForSelector('.counter .parts button')
    found.counter = await texts('.parts button')
    expect(found).toEqual(may)
  })
})

test('a volunteer finds a parcel and helps, without codes and corrections; at the rooms a name is asked for with a reason', async () => {
  await again('volunteer')
  await page.goto(address('/counter'))
  await page.fill('input[name=q]', '12')
  await page.keyboard.press('Enter')
  const found = page.locator('.found button', { hasText: 'colis en attente' })
  const acts: string[][] = []
  for (const place of ['Porte 4', 'au comptoir']) {
    await found.filter({ hasText: place }).press('Enter')
    await page.waitForSelector('.panel .timeline li')
    acts.push(await texts('.panel summary'))
  }
  expect(acts).toEqual([
    ['Remettre en main propre', 'Laisser plus de temps'],
    ['Remettre au destinataire', 'Rendre au transporteur', 'Laisser plus de temps'],
  ])
  await page.goto(address('/rooms'))
  // late in the evening the next hour is tomorrow's
  const [{ day }] = await opened.server.sql<[{ day: string }]>`
    select to_char("from" at time zone 'Europe/Paris', 'YYYY-MM-DD') as day from bookings order by made_at limit 1`
  await page.fill('.day-choice input[type=date]', day)
  await page.waitForSelector('.day-list li')
  expect(await texts('.rooms summary')).toEqual(['Voir les noms'])
  heard.length = 0
  await page.locator('.rooms summary').press('Enter')
  await page.fill('.rooms input[name=reason]', 'clé oubliée')
  await page.keyboard.press('Enter')
  await page.waitForSelector(`.rooms .found li:has-text("${name}")`)
})

test('a technician hears of no parcel and no resident, whatever page it is', async () => {
  await again('technician')
  for (const path of ['/', '/counter', '/controllers', '/account']) {
    await page.goto(address(path))
    await page.waitForSelector(shown[path]!)
  }
  const { server } = opened
  await server.sql`update doors set state = 'open' where id = ${site.doorId(4)}`
  await page.goto(address('/'))
  await page.waitForSelector('.link-live .door')
  server.ctx.announce({ siteId: site.siteId, doors: [site.doorId(4)], parcels: [parcelId] })
  await page.waitForSelector(`#door-${site.doorId(4)}.look-open`)
  await Promise.all(answers)
  const all = heard.join('\n')
  expect(all).toContain(site.doorId(4))
  const hidden = await server.sql<{ word: string }[]>`
    select id::text as word from parcels union all select receipt from parcels union all select id::text from residents`
  expect(hidden.length).toBeGreaterThan(10)
  expect(hidden.filter(({ word }) => all.includes(word))).toEqual([])
  expect(all).not.toContain(name)
  expect(opened.problems).toEqual([])
})
