import { afterAll, beforeAll, expect, test } from 'vitest'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let site: StaffPage['site']
let page: StaffPage['page']
let problems: string[]

beforeAll(async () => {
  opened = await openStaffPage('/settings', 'input[name=deadlineDays]')
  ;({ server, site, page, problems } = opened)
})
afterAll(() => opened?.close())

const part = (name: string) => page.locator(`.parts button:text-is("${name}")`).press('Enter')
const fold = (name: string) => page.locator('details', { has: page.locator(`summary:text-is("${name}")`) })
const one = async <T>(rows: PromiseLike<T[]>): Promise<T> => (await rows)[0]!

test('deadlines, closed days and quiet hours of the site, by keyboard', async () => {
  await page.fill('input[name=deadlineDays]', '7')
  await page.locator('input[name=closedWeekdays][value="7"]').press('Space')
  await page.fill('textarea[name=closedDays]', '2026-12-24\n2026-02-31')
  await page.fill('input[name=quietFrom]', '21:00')
  await page.focus('input[name=quietUntil]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('textarea[aria-invalid=true]')
  expect(await violations(page)).toEqual([])
  await page.fill('textarea[name=closedDays]', '2026-12-24\n2026-12-31')
  await page.focus('input[name=quietUntil]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]:has-text("Enregistré.")')
  expect(await one(server.sql`select * from sites where id = ${site.siteId}`)).toMatchObject({
    ...{ deadlineDays: 7, closedWeekdays: [7], closedDays: ['2026-12-24', '2026-12-31'], quietFrom: '21:00' },
  })
  await picture(page, 'settings-rules')
})

test('a room is made behind its door, gets its hours, a day that is not as usual, and other rules', async () => {
  await part('Salles')
  const form = fold('Ajouter une salle')
  await form.locator('summary').press('Enter')
  await form.locator('input[name=name]').fill('Atelier')
  await form.locator('input[name=capacity]').fill('12')
  await form.locator('input[name=places]').fill('4')
  await form.locator('input[name=longest]').fill('2.5')
  await form.locator('input[name=longest]').press('Enter')
  await page.waitForSelector('section[aria-label=Atelier]')
  expect(await one(server.sql`select * from rooms`)).toMatchObject({
    ...{ name: 'Atelier', capacity: 12, places: 4, longestMs: 9_000_000, whoMayBook: 'members', holidays: 'FR' },
  })
  const hours = fold('Heures d’ouverture')
  await hours.locator('summary').press('Enter')
  await hours.locator('input[name=day-1]').fill('9-12, 14-18:30')
  await hours.locator('input[name=day-2]').fill('le matin')
  await hours.locator('input[name=day-2]').press('Enter')
  await page.waitForSelector('input[name=day-2][aria-invalid=true]')
  await hours.locator('input[name=day-2]').fill('0-24')
  await hours.locator('input[name=day-2]').press('Enter')
  await hours.locator('[role=status]:has-text("Enregistré.")').waitFor()
  const kept = await server.sql`select weekday, "from", until from room_hours order by weekday, "from"`
  expect(kept.map(each => `${each.weekday} ${each.from}-${each.until}`)).toEqual([
    ...['1 09:00-12:00', '1 14:00-18:30', '2 00:00-00:00'],
  ])
  const days = fold('Jours pas comme les autres')
  await days.locator('summary').press('Enter')
  await days.locator('input[name=day]').fill('2027-05-01')
  await days.locator('input[name=reason]').fill('fête du quartier')
  await days.locator('input[name=from]').fill('00:00')
  await days.locator('input[name=until]').fill('00:00')
  await days.locator('input[name=until]').press('Enter')
  await days.locator('li', { hasText: 'toute la journée' }).waitFor()
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true
  })
  expect(await violations(page)).toEqual([])
  await picture(page, 'settings-rooms')
  await days.locator('li button').click()
  await days.locator('li').waitFor({ state: 'detached' })
  const rules = fold('Réservation')
  await rules.locator('select[name=whoMayBook]').selectOption('caretaker')
  await rules.locator('input[name=noShow]').fill('30')
  await rules.locator('input[name=noShow]').press('Enter')
  await rules.locator('[role=status]:has-text("Enregistré.")').waitFor()
  expect(await one(server.sql`select * from rooms`)).toMatchObject({ whoMayBook: 'caretaker', noShowMs: 1_800_000 })
})

test('a day that is open from midnight to midnight is "all day" where its hours are shown', async () => {
  await page.goto(`${server.url}/rooms`)
  await page.waitForSelector('.day-choice input[type=date]')
  await page.fill('.day-choice input[type=date]', '2027-06-08') // a Tuesday
  await page.waitForSelector('text=ouvert toute la journée')
  await page.goto(`${server.url}/settings`)
})

test('a carrier gets a code, told once; another for a reason; and comes no more', async () => {
  await part('Transporteurs')
  await page.fill('form[aria-label="Ajouter un transporteur"] input', 'Vélo Express')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.code')
  const code = await page.locator('.code').innerText()
  const signIn = async (carrierCode: string) =>
    (await server.ask('POST', '/api/sessions', { carrierCode, siteId: site.siteId })).status
  expect(await signIn(code)).toBe(201)
  expect(await violations(page)).toEqual([])
  await picture(page, 'settings-carriers')
  const carrier = page.locator('section[aria-label="Vélo Express"]')
  const renew = carrier.locator('details', { hasText: 'Changer le code' })
  await renew.locator('summary').press('Enter')
  await renew.locator('input[name=reason]').fill('papier perdu')
  await renew.locator('input[name=reason]').press('Enter')
  await page.waitForFunction(old => document.querySelector('.code')?.textContent !== old, code)
  const next = await page.locator('.code').innerText()
  expect([await signIn(code), await signIn(next)]).toEqual([401, 201])
  const end = carrier.locator('details', { hasText: 'Ne vient plus' })
  await end.locator('summary').click()
  await end.locator('input[name=reason]').fill('contrat fini')
  await end.getByRole('button').dblclick()
  await carrier.waitFor({ state: 'detached' })
  expect(await signIn(next)).toBe(401)
})

test('in English and dark no rule is broken on any part, and nothing went wrong in the page', async () => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await speak(page, 'en')
  for (const name of ['Deadlines and closed days', 'Rooms', 'Carriers']) {
    await part(name)
    await page.waitForSelector('.settings-page form', { state: 'attached' })
    expect([name, await violations(page)]).toEqual([name, []])
  }
  expect(problems).toEqual([])
})
