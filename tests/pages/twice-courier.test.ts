import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Button, badDay } from './bad-day.ts'
import { type Building, openBuilding } from './building.ts'

let building: Building
let page: Page
let day: ReturnType<typeof badDay>
const problems: string[] = []
beforeAll(async () => {
  building = await openBuilding(6)
  await building.addBank('bank-2', 'Banc du fond')
  await rows(`update doors set size = 'M' where controller_id = 'bank-1' and door = 6`)
  const opened = await building.phone()
  page = opened.page
  page.setDefaultTimeout(9_000)
  page.on('pageerror', error => problems.push(error.message))
  day = badDay(page, building.database.sql, 'Le serveur ne répond pas')
  await page.goto(`${building.server.url}/courier?site=${building.site.siteId}&bank=bank-1`)
}, 60_000)
afterAll(() => building?.close())

const rows = (query: string) => building.database.sql.unsafe(query)
const title = (name: string | RegExp) => () => page.getByRole('heading', { name, level: 2 }).waitFor()
const said = (text: string) => () => page.getByText(text).first().waitFor()
const sizes = title('Quelle taille de boîte ?')
const whom = title('Boîte S : pour qui ?')
const done = title('C’est fait, merci !')
const online = 'select 1 from controllers where online'
const cutBanks = async () => {
  building.sim.cutNetwork()
  await rows('update controllers set online = false')
}
const banksBack = async () => {
  building.sim.restoreNetwork()
  await rows(`update controllers set online = true where id = 'bank-2'`)
  await eventually(async () => (await rows(online)).length === 2, { withinMs: 20_000 })
}
const noneOf = (size: string) => title(`Plus de boîte ${size} libre`)
const openDoor = () => eventually(() => building.sim.state().doors.find(each => each.leaf === 'open')?.door)

/** The box that is open: its door shut, full or empty, and the server has heard it. */
async function shut(full: boolean): Promise<void> {
  const door = await openDoor()
  if (full) building.sim.put(door)
  else building.sim.take(door)
  building.sim.shutDoor(door)
  const told = `select 1 from doors where controller_id = 'bank-1' and door = ${door} and state = 'closed' and occupied = ${full}`
  await eventually(async () => (await rows(told)).length === 1)
}

const typeFlat = () => page.fill('input[name=q]', '12')
const opened = async () => {
  await title(/^Boîte \d$/)()
  await page.locator('button.main:enabled').waitFor()
}
const offer = (to: string, where = "controller_id = 'bank-1'") =>
  rows(`update doors set offer = '${to}' where ${where}`)
const askBox = { posts: '/parcels', shows: opened, facts: ['parcel-placing', 'order-made'] }
const toHome = { name: 'Retour', shows: sizes }
/** The browser asks whether the page may, and nobody answers. */
const neverAllowed = () =>
  page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => new Promise(() => {})
  })
const toWhom = { name: /^S petit/, shows: whom }

const deposited: Button = {
  name: 'Colis déposé',
  first: () => shut(true),
  ...{ posts: '/placed', shows: done, facts: ['parcel-waiting', 'grant-made'] },
}

const signedIn: Button[] = [
  {
    name: 'Commencer',
    first: () => page.fill('input[name=carrierCode]', 'RAPIDE-2026'),
    ...{ posts: '/sessions', shows: sizes, facts: [] },
  },
]

const aDeposit: Button[] = [
  toWhom,
  toHome,
  toWhom,
  { name: 'Scanner l’étiquette', first: neverAllowed, shows: said('Tenez le code-barres') },
  { name: 'Arrêter la caméra', shows: () => page.getByRole('button', { name: 'Scanner l’étiquette' }).waitFor() },
  { name: /^Appartement 12/, first: typeFlat, ...askBox },
  { name: 'Il n’entre pas', shows: said('Quelle taille maintenant ?') },
  {
    name: /^(S|M|L|XL)$/,
    first: () => shut(false),
    posts: '/swap',
    shows: opened,
    facts: ['parcel-swap', 'order-made'],
  },
  deposited,
  { name: 'Colis suivant', shows: sizes },
  toWhom,
  { name: /même boîte/, first: typeFlat, ...askBox },
  { name: 'Annuler ce dépôt', first: () => shut(true), posts: '/cancel', shows: sizes, facts: ['parcel-cancelled'] },
  toWhom,
  { name: /autre boîte$/, first: () => offer('unchecked', "offer = 'free'").then(typeFlat), ...askBox },
  {
    name: 'Non, il y a quelque chose dedans',
    first: () => shut(true).then(() => offer('in-use', "offer = 'unchecked'")),
    ...{ posts: '/swap', shows: noneOf('S'), facts: ['parcel-swap', 'none-free', 'parcel-cancelled'] },
  },
]

const nothingFits: Button[] = [
  { name: 'Rien de cela : je garde le colis', shows: sizes },
  { name: /^M moyen/, shows: title('Boîte M : pour qui ?') },
  {
    name: /^Appartement 12/,
    first: () =>
      offer('in-use', "size = 'M'")
        .then(() => offer('free', "size = 'S'"))
        .then(typeFlat),
    ...{ posts: '/parcels', shows: noneOf('M'), facts: ['none-free'] },
  },
  { name: /^S .*essayer cette taille/, shows: whom },
  {
    name: /^Appartement 12/,
    first: () => offer('in-use'),
    posts: '/parcels',
    shows: noneOf('S'),
    facts: ['none-free'],
  },
  { name: /^Banc du fond/, shows: whom },
  { name: /^Appartement 12/, first: () => offer('in-use', 'true'), posts: '/parcels', shows: noneOf('S') },
  {
    name: 'Posé sur l’étagère',
    first: () => page.fill('input[name=shelf]', 'A3'),
    ...{ posts: '/shelf', shows: done, facts: ['parcel-waiting'] },
  },
  { name: 'Colis suivant', shows: sizes },
  { name: 'Noter un colis sur l’étagère', first: cutBanks, shows: title('Sur l’étagère : pour qui ?') },
  { name: /^Appartement 12/, first: typeFlat, shows: title('Ce casier n’est pas joignable') },
  { name: 'Rien de cela : je garde le colis', first: banksBack, shows: sizes },
]

/** The answer about every order, as if the bank had said this. */
const orderIs = (state: string) =>
  page.route('**/api/orders/*', async route => {
    const answer = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, state, unlockedAt: null, openedAt: null } })
  })
const ordersAreTrue = () => page.unroute('**/api/orders/*')

const refused: Button[] = [
  { ...toWhom, first: () => page.selectOption('.steps-page select', 'bank-1') },
  {
    name: /^Appartement 12/,
    first: () =>
      offer('free', "size = 'S'")
        .then(() => orderIs('refused'))
        .then(typeFlat),
    ...{ ...askBox, shows: said('Le casier a refusé d’ouvrir') },
  },
  { name: 'Prendre une autre boîte', shows: said('Quelle taille de boîte ?') },
  {
    name: /^(S|M|L|XL)$/,
    first: () => ordersAreTrue().then(() => shut(false)),
    ...{ posts: '/swap', shows: opened, facts: ['parcel-swap', 'order-made'] },
  },
  deposited,
  { name: 'Colis suivant', shows: sizes },
]

const list = title('Reprendre des colis en retard')
const overdue = "update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'"
const takeBack: Button[] = [
  { name: 'Reprendre des colis en retard', first: () => rows(overdue), shows: list },
  { name: /^Boîte \d/, posts: '/take-back', shows: opened, facts: ['order-made'] },
  {
    name: 'Il n’y est pas',
    first: () => shut(true),
    ...{ posts: '/not-there', shows: list, facts: ['parcel-contested'] },
  },
  {
    name: /^Boîte \d/,
    first: () => orderIs('expired'),
    ...{ posts: '/take-back', shows: said('n’ouvrira plus la porte'), facts: ['order-made'] },
  },
  { name: 'Retour', shows: list },
  {
    name: /^Boîte \d/,
    first: ordersAreTrue,
    ...{ posts: '/take-back', shows: opened, facts: ['order-made'] },
  },
  { name: 'Ouvrir encore une fois', posts: '/take-back', shows: opened, facts: ['order-made'] },
  {
    name: 'Repris',
    first: () => shut(false),
    ...{ posts: '/taken', shows: said('Ailleurs'), facts: ['parcel-returned', 'grant-revoked'] },
  },
  { name: 'Retour', shows: sizes },
  { name: 'Se déconnecter', shows: () => page.locator('input[name=carrierCode]').waitFor() },
]
const all = {
  'signed in': signedIn,
  'a deposit': aDeposit,
  'nothing fits': nothingFits,
  refused,
  'to take back': takeBack,
}

describe.each(Object.entries(all))('%s', (_, buttons) => {
  test.each(buttons)('$name', button => day.press(button))
})

test('every button that was seen on the way has its row', () => {
  expect(day.unpressed(Object.values(all).flat())).toEqual([])
  expect(problems).toEqual([])
})
