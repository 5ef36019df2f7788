import encodeQR from 'qr'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeControllerSignIn } from '../../server/domain/controller-sign-in.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let site: StaffPage['site']
let page: StaffPage['page']
let problems: string[]

beforeAll(async () => {
  opened = await openStaffPage('/controllers', '.controllers section')
  ;({ server, site, page, problems } = opened)
})
afterAll(() => opened?.close())

const deviceSignIn = (id: string, password: string) => makeControllerSignIn(server.ctx)(id, Buffer.from(password))
/** The dark squares of a QR code as the page draws them. */
const pathOf = (text: string) =>
  encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
const card = (name: string) => page.locator(`.controllers section[aria-label="${name}"]`)

test('what a controller says of itself, and how its doors differ, in words', async () => {
  await server.sql`
    update controllers set firmware = '1.4.2', clock = 'synced', grants_made = 1760000060000, grants_known = 1760000000000,
      journal = 'j7', last = 12, doors_differ = '3: missing; 4: size is S, expected L' where id = ${site.controllerId}`
  await server.sql`
    insert into journals (controller_id, journal, seq, created_at) values (${site.controllerId}, 'j7', 9, now())`
  server.ctx.announce({ siteId: site.siteId, controllers: [site.controllerId] })
  await card('Banc').locator('text=attendue, mais il ne l’a pas').waitFor()
  const told = await card('Banc').innerText()
  for (const words of [
    'connecté',
    '3 × S, 1 × L, 1 salle',
    '1.4.2',
    'heure juste',
    '3 événements pas encore arrivés',
    'droits pas encore connus du casier (dernière liste : 9 oct. 2025',
    'j7, reçu jusqu’au n° 9',
    'taille S, attendu L',
  ])
    expect(told).toContain(words)
  expect(await violations(page)).toEqual([])
  await picture(page, 'controllers-list')
})

test('a controller is enrolled by keyboard; its secrets are shown once, as text and as QR, and are the right ones', async () => {
  await page.locator('.parts button', { hasText: 'Ajouter un appareil' }).press('Enter')
  await page.focus('input[name=id]')
  await page.keyboard.type('casier-2')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Casier du hall')
  await page.keyboard.press('Tab')
  await page.keyboard.type('2 × S, 1 × XXL')
  await page.waitForSelector('#doors-read:has-text("Pas compris : 1 × XXL")')
  expect(await page.locator('form button.main').isDisabled()).toBe(true)
  await page.fill('textarea', 'colonne 2 : 2 × S\ncolonne 1 : 1 × XL bas\n1 × salle')
  await page.waitForSelector('#doors-read:has-text("4 portes comprises.")')
  expect(await page.locator('.drawn-bank .column').allInnerTexts()).toEqual([
    expect.stringMatching(/^3 XL/),
    expect.stringMatching(/^1 S\s+2 S$/),
  ])
  expect(await violations(page)).toEqual([])
  await picture(page, 'controllers-enrol')
  await page.locator('form button.main').press('Enter')
  await page.waitForSelector('.secrets h2:focus')
  const [id, password, codeKey] = await page.locator('.secret').allInnerTexts()
  expect([id, codeKey?.length]).toEqual(['casier-2', 64])
  expect(await deviceSignIn('casier-2', password!)).toBe('ok')
  expect(await page.locator('.secrets svg.qr').count()).toBe(1)
  expect(await violations(page)).toEqual([])
  await picture(page, 'controllers-secrets')
  const doors = await server.sql`
    select door, kind, size, height, occupancy_sensor, "column", "row" from doors where controller_id = 'casier-2' order by door`
  expect(
    doors.map(each => [each.door, each.kind, each.size, each.height, each.occupancySensor, each.column, each.row]),
  ).toEqual([
    [1, 'compartment', 'S', 'normal', false, 2, 1],
    [2, 'compartment', 'S', 'normal', false, 2, 2],
    [3, 'compartment', 'XL', 'low', false, 1, 1],
    [4, 'room', null, 'normal', false, null, null],
  ])
  await page.locator('.secrets button', { hasText: 'C’est noté' }).press('Enter')
  await card('Casier du hall').waitFor()
  expect(await page.content()).not.toContain(password)
})

test('new secrets with a reason make the old ones void; out of service with a reason', async () => {
  const renew = card('Casier du hall').locator('details', { hasText: 'Nouveaux secrets' })
  await renew.locator('summary').press('Enter')
  await renew.locator('input[name=reason]').fill('appareil remplacé')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.secrets')
  const password = (await page.locator('.secret').allInnerTexts())[1]!
  expect(await deviceSignIn('casier-2', password)).toBe('ok')
  expect(await server.sql`select 1 from history where type = 'controller-credentials'`).toHaveLength(1)
  await page.locator('.secrets button', { hasText: 'C’est noté' }).click()
  const retire = card('Casier du hall').locator('details', { hasText: 'hors service pour toujours' })
  await retire.locator('summary').click()
  await retire.locator('input[name=reason]').fill('démonté')
  await retire.getByRole('button').dblclick()
  await page.waitForSelector('.about:has-text("Hors service : casier-2")')
  expect(await deviceSignIn('casier-2', password)).toBe('refused')
})

test('the boxes of a bank are placed as they stand, and drawn so before it is saved; two in one place are not saved', async () => {
  await card('Banc').getByRole('button', { name: 'Place et taille des boîtes' }).press('Enter')
  await page.waitForSelector('.places-form h2:focus')
  await page.getByRole('button', { name: 'Prendre les places du dessin' }).press('Enter')
  const field = (what: string, door: number) => page.getByLabel(`${what}, porte ${door}`, { exact: true })
  expect(await field('Rangée', 3).inputValue()).toBe('3')
  await field('Colonne', 1).fill('2')
  await field('Colonne', 2).fill('2')
  await field('Rangée', 2).fill('1')
  await page.waitForSelector('.places-form [role=status]:has-text("À la place d’une autre : porte 2")')
  const save = page.getByRole('button', { name: 'Enregistrer les places' })
  expect(await save.isDisabled()).toBe(true)
  await field('Rangée', 2).fill('2')
  await field('Taille', 1).selectOption('M')
  await field('Hauteur', 1).selectOption('low')
  expect(await page.locator('.drawn-bank .column').last().innerText()).toMatch(/^1 M ↧\s+porte basse\s+2 S$/)
  expect(await violations(page)).toEqual([])
  await picture(page, 'controllers-places')
  await save.press('Enter')
  await card('Banc').waitFor()
  const doors = await server.sql`
    select door, size, height, "column", "row" from doors where controller_id = 'bank-1' order by door`
  expect(doors.map(each => [each.door, each.size, each.height, each.column, each.row])).toEqual([
    [1, 'M', 'low', 2, 1],
    [2, 'S', 'normal', 2, 2],
    [3, 'S', 'normal', 1, 3],
    [4, 'L', 'normal', 1, 4],
    [5, null, 'normal', null, null],
  ])
  expect(await server.sql`select 1 from history where type = 'door-placed'`).toHaveLength(4)
})

test('the sticker of a bank: two addresses that answer, as QR codes and in letters; on paper nothing else', async () => {
  await card('Banc').getByRole('button', { name: 'Étiquette à coller' }).press('Enter')
  await page.waitForSelector('.sticker h2:focus')
  const addresses = await page.locator('.sticker small').allInnerTexts()
  const courier = `${server.url}/courier?site=${site.siteId}&bank=bank-1`
  expect(addresses).toEqual([`${server.url}/bank/bank-1`, courier])
  for (const [at, address] of addresses.entries()) {
    expect((await fetch(address)).status).toBe(200)
    const qr = page.locator('.sticker svg.qr').nth(at)
    expect(await qr.locator('path').getAttribute('d')).toBe(pathOf(address))
  }
  expect(await page.getByText('n’existe que sur cette machine').isVisible()).toBe(true)
  expect(await violations(page)).toEqual([])
  await picture(page, 'controllers-sticker')
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.sticker button:visible, .bar:visible, .warning:visible').count()).toBe(0)
  await picture(page, 'controllers-sticker-paper')
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: 'Fermer' }).click()
  await card('Banc').waitFor()
})

test('in English and dark no rule is broken, and nothing went wrong in the page', async () => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await speak(page, 'en')
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true
  })
  expect(await violations(page)).toEqual([])
  expect(await card('Banc').innerText()).toContain('door 4: size S, expected L')
  expect(problems).toEqual([])
})
