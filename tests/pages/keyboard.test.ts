import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { admin } from '../support/api.ts'
import { deposit, doorIs, doorOnWall, handsOf } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type Building, openBuilding } from './building.ts'
import { keyboardOf } from './keyboard.ts'

const doors = 3
let building: Building
let page: Page
let keys: ReturnType<typeof keyboardOf>
const problems: string[] = []

beforeAll(async () => {
  building = await openBuilding(doors)
  page = await building.browser.newPage({ locale: 'fr-FR', viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.addInitScript(`
    globalThis.printed = 0
    globalThis.print = () => globalThis.printed++
    for (const type of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(type, () => { throw new Error(type) }, true)`)
}, 60_000)
afterAll(() => building?.close())

/** Each job begins where the day does. */
beforeEach(async () => {
  await page.context().clearCookies()
  await page.goto(building.server.url)
  await page.waitForSelector('.sign-in')
  keys = keyboardOf(page)
  await keys.tabTo('input[name=email]')
  await keys.type(admin.email)
  await keys.press('Tab')
  await keys.type(admin.password)
  await keys.press('Enter')
  await page.waitForSelector('.link-live .door')
})

const said = (text: string) => page.getByText(text).first().waitFor()
const waits = () => deposit(building.site, { controllerId: 'bank-1', hands: handsOf(building.sim) })
const isOpen = (door: number) =>
  eventually(() => building.sim.state().doors.find(each => each.door === door)?.leaf === 'open').catch(async cause => {
    throw new Error(`door ${door} is not open: ${await page.locator('main').innerText()}`, { cause })
  })
const facts = async (...types: string[]) =>
  (await building.database.sql`select type from history where type in ${building.database.sql(types)}`).length

/** The first found of what is looked for at the counter. */
async function findAtCounter(what: string): Promise<void> {
  await keys.tabTo('.bar a[href="/counter"]')
  await keys.go('.counter.link-live input[name=q]')
  await keys.tabTo('.skip')
  await keys.press('Enter')
  await keys.tabTo('input[name=q]')
  await keys.type(what)
  await keys.press('Enter')
  await page.waitForSelector('.found button')
  await keys.tabTo('.found button')
  await keys.press('Enter')
  await page.waitForSelector('.panel h2:focus')
}

/** Unfolds what the panel offers by that name, and says why. */
async function because(act: string): Promise<void> {
  const summary = `.panel details:has(> summary:focus)`
  for (let n = 0; (await page.locator(summary, { hasText: act }).count()) === 0; n++) {
    expect(n).toBeLessThan(20)
    await keys.press('Tab')
  }
  await keys.press('Enter')
  await keys.tabTo('input[name=reason]')
  await keys.type('il est là')
  await keys.press('Enter')
}

const within = (presses: number) => expect(keys.count().presses).toBeLessThanOrEqual(presses)

test('one box is opened, and the focus comes back to it', async () => {
  await keys.press('/')
  await keys.type('2')
  await keys.press('Enter')
  await keys.press('Enter')
  await page.waitForSelector('.panel h2:focus')
  await keys.tabTo('.panel input[name=reason]')
  await keys.type('livre oublié')
  await keys.press('Enter')
  await isOpen(2)
  await page.waitForSelector('.panel .steps li:nth-child(4).done')
  await keys.press('Escape')
  expect(await page.locator('.door:focus').innerText()).toMatch(/^Porte 2/)
  building.sim.shutDoor(2)
  await doorIs(building.site, 'bank-1', 2, 'closed')
  within(20)
})

test('a parcel is found, its code made anew, and the slip printed', async () => {
  const { code } = await waits()
  await findAtCounter('12')
  await because('Donner un nouveau code')
  await page.waitForSelector('.panel .code')
  const shown = (await page.locator('.panel .code').innerText()).replaceAll(' ', '')
  expect(shown).toMatch(/^\d{8}$/)
  expect(shown).not.toBe(code)
  await keys.tabTo('.panel .code + button', 'Shift+Tab')
  await keys.press('Enter')
  await page.waitForSelector('.slip h2:focus')
  await keys.tabTo('.slip button.main')
  await keys.press('Enter')
  expect(await page.evaluate('printed')).toBe(1)
  await keys.press('Tab')
  await keys.press('Enter')
  await page.waitForSelector('.slip', { state: 'detached' })
  await keys.press('Escape')
  await page.waitForSelector('.found button:focus')
  within(40)
})

test('a parcel is handed to somebody who stands there: the box opens, and is empty when it is shut', async () => {
  await findAtCounter('12')
  await because('Remettre en main propre')
  const door = await eventually(() => building.sim.state().doors.find(each => each.leaf === 'open')?.door)
  await page.waitForSelector('.panel .steps li:nth-child(4).done')
  building.sim.take(door)
  building.sim.shutDoor(door)
  // by then what could be done about it is gone, and the focus was there
  await page.locator('.panel > p', { hasText: 'retiré' }).waitFor()
  await keys.press('Escape')
  await page.waitForSelector('.panel', { state: 'detached' })
  expect(await facts('collect-for', 'parcel-collected')).toBe(2)
  within(35)
})

test('the boxes of a bank are walked along: each opened and looked into, and the walk ended', async () => {
  await keys.tabTo('.bar a[href="/counter"]')
  await keys.go('.counter.link-live .parts')
  await keys.tabTo('.parts button:nth-child(2)')
  await keys.press('Enter')
  await keys.tabTo('.bank > details > summary')
  await keys.press('Enter')
  await keys.tabTo('input[name=reason]')
  await keys.type('tour du matin')
  await keys.press('Enter')
  for (let door = 1; door <= doors; door++) {
    await page.waitForSelector(`.one-box h3:focus:has-text("Porte ${door}")`)
    await keys.press('Tab')
    await keys.press('Enter')
    await isOpen(door)
    await page.waitForSelector('.one-box .steps li:nth-child(4).done')
    building.sim.shutDoor(door)
    await keys.tabTo('.one-box .answers button')
    await keys.press('Enter')
  }
  await said(`Regardées : ${doors} sur ${doors}`)
  await keys.tabTo('.bank section > button')
  await keys.press('Enter')
  await page.waitForSelector('.boxes')
  within(60)
})

test('an alert is taken and its box put out of service', async () => {
  const { id } = await doorOnWall(building.site, 'bank-1', 3)
  building.sim.jam(3, true)
  await building.site.landlord('POST', `/api/doors/${id}/open`, { reason: 'x' })
  await page.waitForSelector('.alert-jammed')
  await keys.tabTo('.alert-jammed summary')
  await keys.press('Enter')
  await keys.tabTo('.alert-jammed .taking button')
  await keys.press('Enter')
  await page.waitForSelector('.alert-jammed .mine')
  await keys.tabTo('.alert-jammed input[name=reason]', 'Shift+Tab')
  await keys.type('gond tordu')
  await keys.press('Enter')
  await page.waitForSelector('.alert-jammed', { state: 'detached' })
  await page.waitForSelector(`#door-${id}.look-retired`)
  await keys.press('Tab')
  within(32)
  expect(problems).toEqual([])
})
