import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { speak } from '../support/speak.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'

let building: Building
let page: Page
let problems: string[]
beforeAll(async () => {
  building = await openBuilding(3)
  const opened = await building.phone()
  page = opened.page
  page.setDefaultTimeout(9_000)
  problems = opened.problems
}, 60_000)
afterAll(() => building?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name })
const title = (name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).waitFor()
const rows = (query: string) => building.database.sql.unsafe(query)
const openBox = async () => {
  const number = await eventually(() => building.sim.state().doors.find(each => each.leaf === 'open')?.door)
  return number
}
const state = async () => (await rows('select state from parcels order by made_at desc limit 1'))[0]!.state

beforeEach(async () => {
  await rows(`update parcels set state = 'collected', ended_at = now() where state <> 'collected'`)
  await rows('update grants set used_at = now() where used_at is null')
  await rows(`update doors set offer = 'free', occupied = false`)
  await page.unroute('**/placed')
  await page.context().clearCookies()
  await page.goto(`${building.server.url}/courier?site=${building.site.siteId}&bank=bank-1`)
  // by then the page has kept its language; earlier it would keep it again after the clearing
  await page.locator('input[name=carrierCode]').waitFor()
  await page.evaluate('sessionStorage.clear(), localStorage.clear()')
  await page.reload()
  await page.fill('input[name=carrierCode]', 'RAPIDE-2026')
  await page.keyboard.press('Enter')
  await title('Quelle taille de boîte ?')
})

async function toBox(flat = '12'): Promise<number> {
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', flat)
  await button(/Appartement 12/)
    .last()
    .click()
  return openBox()
}
const putIn = async (door: number) => {
  building.sim.put(door)
  building.sim.shutDoor(door)
  // as it was before it was opened, too: what the bank told last must have been heard
  await eventually(() => building.sim.state().journal.unacked === 0)
  await eventually(
    async () => (await rows(`select 1 from doors where door = ${door} and state = 'closed' and occupied`)).length,
  )
}

test('a deposit in three taps and a flat number; the receipt has a page of its own', async () => {
  let taps = 0
  await page.exposeFunction('tapped', () => taps++)
  await page.evaluate(`addEventListener('click', () => tapped(), true)`)
  expect(await page.locator('.big-choices').innerText()).toMatch(/S[\s\S]*3 libre/)
  await picture(page, 'courier-1-size')
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).waitFor()
  expect(await page.content()).not.toContain('Petit')
  await picture(page, 'courier-2-recipient')
  await button(/Appartement 12/).click()
  const door = await openBox()
  await title(`Boîte ${door}`)
  await picture(page, 'courier-3-box')
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await picture(page, 'courier-4-done')
  expect(taps).toBe(3)
  expect(await state()).toBe('waiting')
  const receipt = await page.locator('.receipt a').innerText()
  await page.locator('.receipt a').click()
  await page.getByText('colis en attente').waitFor()
  expect(await page.locator('h2').innerText()).toContain(receipt)
  const today = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full' }).format(new Date())
  expect(await page.locator('dl').innerText()).toMatch(new RegExp(`${today} à \\d{2}:\\d{2}$`))
  await picture(page, 'courier-5-receipt')
  expect(problems).toEqual([])
})

test('each step keeps the rules of accessibility, in both languages, light and dark', async () => {
  const check = async () => {
    for (const [language, colorScheme] of [
      ['en', 'dark'],
      ['fr', 'light'],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await speak(page, language)
      expect(await violations(page)).toEqual([])
    }
  }
  await check()
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', 'pet')
  await button(/Appartement 12/).waitFor()
  await check()
  await button(/Appartement 12/).click()
  const door = await openBox()
  await title(`Boîte ${door}`)
  await check()
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await check()
  await button('Colis suivant').click()
  await button('Reprendre des colis en retard').click()
  await page.getByText('Rien à reprendre').waitFor()
  await check()
})

test('by keyboard alone, in English', async () => {
  await speak(page, 'en')
  await page.focus('.step-title')
  const tabTo = async (name: RegExp) => {
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press('Tab')
      const text = (await page.evaluate('document.activeElement.innerText')) as string
      if (name.test(text)) return page.keyboard.press('Enter')
    }
    throw new Error(`Tab never came to ${name}`)
  }
  await tabTo(/^S\s/)
  await title('Box S: for whom?')
  await page.keyboard.type('12')
  await button(/Flat 12/).waitFor()
  await tabTo(/Flat 12/)
  const door = await openBox()
  await title(`Box ${door}`)
  await putIn(door)
  await page.locator('button.main:enabled').waitFor()
  await tabTo(/^Parcel is inside$/)
  await title('Done, thank you!')
  expect(await state()).toBe('waiting')
})

test('a scanner fills in the tracking number, a mistyped one is told, and it is kept as it is', async () => {
  await button(/^S (petit|small)/).click()
  await page.locator('input[name=q]:focus').waitFor()
  await page.keyboard.type('RR473124828FR')
  await page.keyboard.press('Enter')
  await page.getByText('semble mal recopié').waitFor()
  expect(await page.inputValue('input[name=tracking]')).toBe('RR473124828FR')
  await page.fill('input[name=tracking]', 'RR473124829FR')
  await page.getByText('semble mal recopié').waitFor({ state: 'detached' })
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).click()
  const door = await openBox()
  expect((await rows('select tracking from parcels order by made_at desc limit 1'))[0]!.tracking).toBe('RR473124829FR')
  await putIn(door)
})

test('an unknown flat, and a wrong carrier code, say what to do', async () => {
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', '99')
  await page.getByText('Personne ne correspond').waitFor()
  await button('Se déconnecter').click()
  await page.fill('input[name=carrierCode]', 'WRONG-1')
  await page.keyboard.press('Enter')
  await page.getByText('Code transporteur inconnu ici').waitFor()
})

test('the bank is away: said before anything is scanned, and nothing can be chosen', async () => {
  building.sim.cutNetwork()
  await rows(`update controllers set online = false`)
  await title('Ce casier n’est pas joignable')
  expect(await button(/^S (petit|small)/).isDisabled()).toBe(true)
  await picture(page, 'courier-6-away')
  building.sim.restoreNetwork()
  await eventually(async () => (await rows('select 1 from controllers where online')).length === 1, {
    withinMs: 20_000,
  })
  await title('Quelle taille de boîte ?')
})

test('the bank goes away before the box is asked for: told, and nothing is reserved', async () => {
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).waitFor()
  building.sim.cutNetwork()
  await rows(`update controllers set online = false`)
  await button(/Appartement 12/).click()
  await page.getByText('rien ne peut être ouvert d’ici').waitFor()
  expect((await rows(`select 1 from parcels where state = 'placing'`)).length).toBe(0)
  building.sim.restoreNetwork()
  await eventually(async () => (await rows('select 1 from controllers where online')).length === 1, {
    withinMs: 20_000,
  })
})

test('the door is still open: told to shut it; then it is done', async () => {
  const door = await toBox()
  building.sim.put(door)
  await title(`Boîte ${door}`)
  await button('Colis déposé').click()
  await page.getByText('La porte est encore ouverte').waitFor()
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
})

test('it does not fit: another box; with none left the alternatives, and the shelf takes it', async () => {
  const first = await toBox()
  await title(`Boîte ${first}`)
  building.sim.shutDoor(first)
  await button('Il n’entre pas').click()
  await picture(page, 'courier-7-swap')
  await page.getByRole('group').getByRole('button', { name: 'S', exact: true }).click()
  const second = await eventually(
    () => building.sim.state().doors.find(each => each.leaf === 'open' && each.door !== first)?.door,
  )
  await title(`Boîte ${second}`)
  building.sim.shutDoor(second)
  await rows(`update doors set offer = 'contested' where offer = 'free'`)
  await button('Il n’entre pas').click()
  await page.getByRole('group').getByRole('button', { name: 'XL', exact: true }).click()
  await title('Plus de boîte XL libre')
  await picture(page, 'courier-8-none-free')
  expect(await violations(page)).toEqual([])
  await page.fill('input[name=shelf]', 'A3')
  await button('Posé sur l’étagère').click()
  await page.getByText('étagère A3').waitFor()
  expect(await rows(`select state, shelf from parcels where shelf is not null`)).toMatchObject([
    { state: 'waiting', shelf: 'A3' },
  ])
})

test('two taps are one deposit, and a lost answer followed by another tap too', async () => {
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', '12')
  await button(/Appartement 12/).dblclick()
  const door = await openBox()
  await title(`Boîte ${door}`)
  expect((await rows(`select 1 from parcels where state = 'placing'`)).length).toBe(1)
  await putIn(door)
  // the server does it, and its answer never comes
  let lost = 0
  await page.route('**/placed', async route => {
    if (lost++ > 0) return route.continue()
    await route.fetch()
    return route.abort()
  })
  await button('Colis déposé').click()
  await page.getByText('Le serveur ne répond pas').waitFor()
  expect(await state()).toBe('waiting')
  await button('Colis déposé').dblclick()
  await title('C’est fait, merci !')
  expect(
    (
      await rows(
        `select 1 from history where type = 'parcel-waiting' and parcel_id = (select id from parcels order by made_at desc limit 1)`,
      )
    ).length,
  ).toBe(1)
})

test('a reload in the middle does not lose the open box', async () => {
  const door = await toBox()
  await title(`Boîte ${door}`)
  await page.reload()
  await title(`Boîte ${door}`)
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
})

test('the second parcel of a flat into the same box', async () => {
  const door = await toBox()
  await title(`Boîte ${door}`)
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  await button('Colis suivant').click()
  await button(/^S (petit|small)/).click()
  await page.fill('input[name=q]', '12')
  await button(/même boîte/).waitFor()
  await picture(page, 'courier-9-beside')
  await button(/même boîte/).click()
  expect(await openBox()).toBe(door)
  await title(`Boîte ${door}`)
  await putIn(door)
  await button('Colis déposé').click()
  await title('C’est fait, merci !')
  expect((await rows(`select 1 from parcels where state = 'waiting' and joined_to is not null`)).length).toBe(1)
})

test('overdue parcels are taken back: one taken, one not there', async () => {
  const carrier = (await rows('select id from carriers'))[0]!.id
  for (let n = 0; n < 2; n++) {
    const door = await toBox()
    await title(`Boîte ${door}`)
    await putIn(door)
    await button('Colis déposé').click()
    await title('C’est fait, merci !')
    await button('Colis suivant').click()
  }
  await rows(`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'`)
  expect(carrier).toBeTruthy()
  await button('Reprendre des colis en retard').click()
  await page.locator('.big-choices button').nth(1).waitFor()
  await picture(page, 'courier-10-take-back')
  await page.locator('.big-choices button').first().click()
  const first = await openBox()
  await title(`Boîte ${first}`)
  building.sim.take(first)
  building.sim.shutDoor(first)
  await eventually(async () => (await rows(`select 1 from parcels where step = 'took'`)).length === 1)
  await button('Repris').click()
  await page.locator('.big-choices button').first().click()
  const second = await openBox()
  await title(`Boîte ${second}`)
  building.sim.shutDoor(second)
  await button('Il n’y est pas').click()
  await page.getByText('Rien à reprendre').waitFor()
  const states = await rows(`select state from parcels where state in ('returned', 'contested') order by state`)
  expect(states.map(each => each.state)).toEqual(['contested', 'returned'])
})
