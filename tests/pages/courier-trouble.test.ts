import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'

let building: Building
let page: Page
beforeAll(async () => {
  building = await openBuilding(2)
  page = (await building.phone()).page
  page.setDefaultTimeout(9_000)
}, 60_000)
afterAll(() => building?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name })
const title = (name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).waitFor()
const rows = (query: string) => building.database.sql.unsafe(query)
const courierAt = () => `${building.server.url}/courier?site=${building.site.siteId}&bank=bank-1`
const openBox = () => eventually(() => building.sim.state().doors.find(each => each.leaf === 'open')?.door)

afterEach(() => bankBack())
beforeEach(async () => {
  for (const { door, leaf } of building.sim.state().doors) if (leaf === 'open') building.sim.shutDoor(door)
  await rows(`update parcels set state = 'collected', ended_at = now() where state <> 'collected'`)
  await rows('update grants set used_at = now() where used_at is null')
  await rows(`update doors set offer = 'free', occupied = false`)
  await page.unrouteAll()
  await page.context().clearCookies()
  await page.goto(courierAt())
  await page.evaluate('sessionStorage.clear()')
  await page.reload()
  await signIn()
})

async function signIn(): Promise<void> {
  await page.fill('input[name=carrierCode]', 'RAPIDE-2026')
  await page.keyboard.press('Enter')
  await title('Quelle taille de boîte ?')
}

async function chooseFlat(): Promise<void> {
  await button(/^S petit/).click()
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/)
    .first()
    .click()
}

async function toBox(): Promise<number> {
  await chooseFlat()
  const door = await openBox()
  await title(`Boîte ${door}`)
  return door
}

/** Shut, and the server has it from the bank. */
async function shutAndHeard(door: number): Promise<void> {
  building.sim.shutDoor(door)
  const heard = async () =>
    (await rows(`select 1 from parcels where state = 'placing' and step = 'closed'`)).length === 1
  await eventually(heard)
}

async function putIn(door: number): Promise<void> {
  building.sim.put(door)
  await shutAndHeard(door)
  await eventually(async () => (await rows(`select 1 from doors where door = ${door} and occupied`)).length === 1)
}

async function cutBank(): Promise<void> {
  building.sim.cutNetwork()
  await rows('update controllers set online = false')
}
async function bankBack(): Promise<void> {
  building.sim.restoreNetwork()
  const isOnline = async () => (await rows('select 1 from controllers where online')).length === 1
  await eventually(isOnline, { withinMs: 20_000 })
}

test('a slow answer to what was typed before never replaces who was found for what is typed now', async () => {
  await button(/^S petit/).click()
  let slow: (() => void) | undefined
  await page.route('**/api/recipients?*q=9', async route => {
    await new Promise<void>(done => {
      slow = done
    })
    await route.fulfill({
      json: { items: [{ residentId: building.site.siteId, initials: 'X.', flat: '9', beside: null }] },
    })
  })
  await page.fill('input[name=q]', '9')
  await eventually(() => slow)
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).waitFor()
  const answered = page.waitForResponse(/q=9$/)
  slow!()
  await (await answered).finished()
  await page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done)))')
  expect(await button(/Appartement/).allInnerTexts()).toEqual([expect.stringContaining('Appartement 12')])
})

test('the answer was lost and the page loaded again: the next tap still ends at the receipt', async () => {
  const door = await toBox()
  await putIn(door)
  await page.route('**/placed', async route => {
    await route.fetch()
    return route.abort()
  })
  await button('Colis déposé').click()
  await page.getByText('Le serveur ne répond pas').waitFor()
  await page.unrouteAll()
  await page.reload()
  await title(`Boîte ${door}`)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  const [last] = await rows('select receipt from parcels order by made_at desc limit 1')
  expect(await page.locator('.receipt a').innerText()).toBe(last!.receipt)
  expect((await rows(`select 1 from parcels where state = 'waiting'`)).length).toBe(1)
})

test('the bank goes away after its door opened: nothing is guessed of the door, and it is done once it is back', async () => {
  const door = await toBox()
  await page.locator('button.main:enabled').waitFor()
  await cutBank()
  building.sim.put(door)
  building.sim.shutDoor(door)
  await button('Colis déposé').click()
  await page.getByText('n’a pas encore dit que la porte est fermée').waitFor()
  await picture(page, 'courier-11-not-heard')
  expect(await violations(page)).toEqual([])
  await bankBack()
  await eventually(
    async () => (await rows(`select 1 from parcels where step = 'closed' and state = 'placing'`)).length === 1,
  )
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
})

test('two couriers and one box: who comes second is told at once what else there is', async () => {
  await rows(`update doors set offer = 'contested' where door = 2`)
  await button(/^S petit/).click()
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).waitFor()
  const last = { controllerId: 'bank-1', flat: '12', size: 'S' }
  expect((await building.site.courier('POST', '/api/parcels', last)).status).toBe(201)
  await button(/Appartement 12/).click()
  await title('Plus de boîte S libre')
  expect((await rows(`select 1 from parcels where state = 'placing'`)).length).toBe(1)
})

test('taking back when the bank goes away: said, and the list is one tap away', async () => {
  const door = await toBox()
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await rows(`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'`)
  await button('Colis suivant').click()
  await button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').first().waitFor()
  await cutBank()
  await page.locator('.big-choices button').first().click()
  await page.getByText('rien ne peut être ouvert d’ici').waitFor()
  await bankBack()
  await page.route('**/api/orders/*', async route => {
    const answer = await route.fetch()
    await route.fulfill({ json: { ...(await answer.json()), state: 'expired', unlockedAt: null, openedAt: null } })
  })
  await page.locator('.big-choices button').first().click()
  await page.getByText('cet ordre n’ouvrira plus la porte').waitFor()
  await button('Retour').click()
  await title('Reprendre des colis en retard')
  expect((await rows(`select state from parcels order by made_at desc limit 1`))[0]!.state).toBe('expired')
})

test('collected meanwhile: there is nothing to take back, and the list is shown again', async () => {
  const door = await toBox()
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await rows(`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'`)
  await button('Colis suivant').click()
  await button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').first().click()
  await title(`Boîte ${door}`)
  await rows(`update parcels set state = 'collected', ended_at = now() where state = 'expired'`)
  await button('Repris').click()
  await page.getByText('Rien à reprendre : aucun').waitFor()
  await page.getByText('retiré ou prolongé entre-temps').waitFor()
})

test('a phone that was signed in at another site is asked for the code of this one', async () => {
  const elsewhere = building.site.siteId.replace(/.$/, last => (last === '0' ? '1' : '0'))
  await page.goto(`${building.server.url}/courier?site=${elsewhere}`)
  await page.locator('input[name=carrierCode]').waitFor()
  await page.goto(courierAt())
  await title('Quelle taille de boîte ?')
})
