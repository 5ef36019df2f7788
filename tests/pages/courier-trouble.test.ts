import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { settled } from './bad-day.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'
import { courierHands } from './courier-hands.ts'

let building: Building
let page: Page
let hands: ReturnType<typeof courierHands>
beforeAll(async () => {
  building = await openBuilding(2)
  page = (await building.phone()).page
  page.setDefaultTimeout(9_000)
  hands = courierHands(building, page)
}, 60_000)
afterAll(() => building?.close())

const button = (name: string | RegExp) => hands.button(name)
const title = (name: string | RegExp) => hands.title(name)
const rows = (query: string) => hands.rows(query)
const said = (text: string) => page.getByText(text).first().waitFor()

afterEach(() => hands.bankBack())
beforeEach(() => hands.begin())

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
  await settled(page)
  expect(await button(/Appartement/).allInnerTexts()).toEqual([expect.stringContaining('Appartement 12')])
})

test('enough residents were shown: told until when, in place of anybody', async () => {
  const until = new Date(Date.now() + 1_800_000).toISOString()
  const error = { reason: 'seen-enough', message: '', details: { until } }
  await page.route('**/api/recipients?*', route => route.fulfill({ status: 429, json: { error } }))
  await button(/^S petit/).click()
  await page.fill('input[name=q]', '12')
  const time = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short' }).format(new Date(until))
  await said(`Réessayez à ${time}, ou demandez à la conciergerie.`)
  expect(await button(/Appartement/).count()).toBe(0)
  await picture(page, 'courier-18-seen-enough')
  expect(await violations(page)).toEqual([])
  await page.unroute('**/api/recipients?*')
  await page.fill('input[name=q]', ' 12')
  await button(/Appartement 12/).waitFor()
  expect(await page.getByText('Réessayez à').count()).toBe(0)
})

test('the answer was lost and the page loaded again: the next tap still ends at the receipt', async () => {
  const door = await hands.toBox()
  await hands.putIn(door)
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
  const door = await hands.toBox()
  await hands.cutBank()
  building.sim.put(door)
  building.sim.shutDoor(door)
  await button('Colis déposé').click()
  await page.getByText('n’a pas encore dit que la porte est fermée').waitFor()
  await picture(page, 'courier-11-not-heard')
  expect(await violations(page)).toEqual([])
  await hands.bankBack()
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
  const door = await hands.toBox()
  await hands.putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await rows(`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'`)
  await button('Colis suivant').click()
  await button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').first().waitFor()
  await hands.cutBank()
  await page.locator('.big-choices button').first().click()
  await page.getByText('rien ne peut être ouvert d’ici').waitFor()
  await hands.bankBack()
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
  const door = await hands.toBox()
  await hands.putIn(door)
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
  await page.goto(hands.address)
  await title('Quelle taille de boîte ?')
})

test('a box that nobody has looked into: used, it was empty', async () => {
  await rows(`update doors set offer = 'unchecked'`)
  await hands.toBox()
  await said('Est-elle vide ? Si oui, utilisez-la.')
  await picture(page, 'courier-16-unchecked')
  expect(await violations(page)).toEqual([])
  const door = (await hands.openBox())!
  await hands.putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  expect([(await hands.last()).state, await hands.offerOf(door)]).toEqual(['waiting', 'in-use'])
})

test('a box that nobody has looked into: something is in it, another box at once, and the first is looked after', async () => {
  await rows(`update doors set offer = 'unchecked'`)
  const door = await hands.toBox()
  await button('Non, il y a quelque chose dedans').click()
  await title(`Boîte ${3 - door}`)
  expect([await hands.offerOf(door), await hands.offerOf(3 - door)]).toEqual(['contested', 'reserved'])
  expect((await hands.last()).state).toBe('placing')
})

test('it does not fit, and nobody says that the box is empty: somebody has to look into it', async () => {
  const door = await hands.toBox()
  await button('Il n’entre pas').click()
  await button(/^S$/).click()
  await title(`Boîte ${3 - door}`)
  expect(await hands.offerOf(door)).toBe('contested')
})

test('it does not fit, said empty with its door open: told to shut it first', async () => {
  const door = await hands.toBox()
  await button('Il n’entre pas').click()
  await page.getByLabel('Cette boîte est vide et fermée').check()
  await picture(page, 'courier-17-empty-and-shut')
  expect(await violations(page)).toEqual([])
  await button(/^S$/).click()
  await said('La porte est encore ouverte')
  expect(await hands.offerOf(door)).toBe('reserved')
})
