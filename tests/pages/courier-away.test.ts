import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SimController } from '../../firmware-sim/controller.ts'
import { eventually } from '../support/eventually.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'
import { courierHands } from './courier-hands.ts'

let building: Building
let page: Page
let second: SimController
let hands: ReturnType<typeof courierHands>
beforeAll(async () => {
  building = await openBuilding(2)
  second = await building.addBank('bank-2', 'Banc du fond')
  page = (await building.phone()).page
  page.setDefaultTimeout(9_000)
  hands = courierHands(building, page)
}, 60_000)
afterAll(() => building?.close())
beforeEach(() => hands.begin())
afterEach(() => hands.bankBack())

const said = (text: string) => page.getByText(text).first().waitFor()
const away = 'rien ne peut être ouvert d’ici'
const placing = async () => (await hands.rows(`select 1 from parcels where state = 'placing'`)).length

test('away before anything: the shelf is offered, and the parcel is noted there with its size', async () => {
  await hands.cutBank()
  await hands.title('Ce casier n’est pas joignable')
  expect(await hands.button(/^S petit/).isDisabled()).toBe(true)
  await hands.button('Noter un colis sur l’étagère').click()
  await hands.title('Sur l’étagère : pour qui ?')
  await hands.chooseFlat()
  await hands.title('Ce casier n’est pas joignable')
  await picture(page, 'courier-12-away-shelf')
  expect(await violations(page)).toEqual([])
  await page.fill('input[name=shelf]', 'B2')
  await page.selectOption('select[name=size]', 'L')
  await hands.button('Posé sur l’étagère').click()
  await said('étagère B2')
  expect(await hands.last()).toMatchObject({ state: 'waiting', shelf: 'B2', size: 'L' })
  expect(await placing()).toBe(0)
})

test('away when the box is asked for: another bank of the site and the shelf at once, and the other bank takes it', async () => {
  await hands.button(/^S petit/).click()
  await page.fill('input[name=q]', '12')
  await hands.button(/Appartement 12/).waitFor()
  await hands.cutBank()
  await hands.button(/Appartement 12/).click()
  await said(away)
  expect(await placing()).toBe(0)
  await page.locator('input[name=shelf]').waitFor()
  await picture(page, 'courier-13-away-asked')
  expect(await violations(page)).toEqual([])
  await hands.button(/^Banc du fond/).click()
  await hands.button(/Appartement 12/).click()
  await hands.title('Boîte 1')
  await eventually(() => second.state().doors[0]!.leaf === 'open')
  second.put(1)
  second.shutDoor(1)
  await eventually(async () => (await hands.rows(`select 1 from parcels where step = 'closed'`)).length === 1)
  await hands.button('Colis déposé').click()
  await hands.title('C’est fait, merci !')
  expect(await hands.last()).toMatchObject({ state: 'waiting', shelf: null })
})

test('away while the door should open: told that it will not any more; cancelled, and the box is looked after', async () => {
  await page.route('**/api/orders/*', async route => {
    const answer = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, state: 'expired', unlockedAt: null, openedAt: null } })
  })
  await hands.button(/^S petit/).click()
  await hands.chooseFlat()
  await said('cette porte ne s’ouvrira plus par cet ordre')
  const door = await hands.openBox()
  await hands.cutBank()
  await hands.button('Prendre une autre boîte').click()
  await hands.button(/^S$/).click()
  await said(away)
  await hands.button('Annuler ce dépôt').click()
  await hands.title('Ce casier n’est pas joignable')
  expect([(await hands.last()).state, await hands.offerOf(door)]).toEqual(['cancelled', 'contested'])
})

test('away at "it does not fit": told, nothing moves; back again, seen empty, another box', async () => {
  const door = await hands.toBox()
  await hands.cutBank()
  building.sim.take(door)
  building.sim.shutDoor(door)
  await hands.button('Il n’entre pas').click()
  await page.getByLabel('Cette boîte est vide et fermée').check()
  await picture(page, 'courier-14-away-swap')
  await hands.button(/^S$/).click()
  await said(away)
  expect(await violations(page)).toEqual([])
  expect([await placing(), await hands.offerOf(door)]).toEqual([1, 'reserved'])
  await hands.bankBack()
  await hands.shut(door, false)
  await hands.button(/^S$/).click()
  await hands.title(`Boîte ${3 - door}`)
  expect([await placing(), await hands.offerOf(door)]).toEqual([1, 'free'])
})

test('away at cancel: it ends, and nobody is sent to that box before somebody looked', async () => {
  const door = await hands.toBox()
  await hands.cutBank()
  await hands.button('Annuler ce dépôt').click()
  await hands.title('Ce casier n’est pas joignable')
  expect([(await hands.last()).state, await hands.offerOf(door)]).toEqual(['cancelled', 'contested'])
})

test('away while taking back: not guessed; once it is back the parcel is returned, and its receipt says so', async () => {
  const door = await hands.deposit()
  await hands.overdue()
  await hands.button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').first().click()
  await hands.openBox()
  await page.locator('button.main:enabled').waitFor()
  await hands.cutBank()
  building.sim.take(door)
  building.sim.shutDoor(door)
  await hands.button('Repris').click()
  await said('n’a pas encore dit que la porte est fermée')
  await picture(page, 'courier-15-away-taking')
  expect(await violations(page)).toEqual([])
  expect((await hands.last()).state).toBe('expired')
  await hands.bankBack()
  await hands.shut(door, false)
  await hands.button('Repris').click()
  await said('Rien à reprendre')
  expect([(await hands.last()).state, await hands.offerOf(door)]).toEqual(['returned', 'free'])
})

test('away while taking back, and it is not there: that is recorded all the same', async () => {
  const door = await hands.deposit()
  await hands.overdue()
  await hands.button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').first().click()
  await hands.openBox()
  await page.locator('button.main:enabled').waitFor()
  await hands.cutBank()
  await hands.button('Il n’y est pas').click()
  await said('Rien à reprendre')
  expect([(await hands.last()).state, await hands.offerOf(door)]).toEqual(['contested', 'contested'])
})
