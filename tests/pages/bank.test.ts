import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deposit, handsOf, type Placed } from '../support/deposit.ts'
import { speak } from '../support/speak.ts'
import { type Building, openBuilding, picture, violations } from './building.ts'

let building: Building
let page: Page
let problems: string[]
let parcel: Placed & { code: string }
beforeAll(async () => {
  building = await openBuilding(2)
  parcel = await deposit(building.site, { controllerId: 'bank-1', hands: handsOf(building.sim) })
  const opened = await building.phone()
  page = opened.page
  page.setDefaultTimeout(9_000)
  problems = opened.problems
}, 60_000)
afterAll(() => building?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name })
const title = (name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).waitFor()
const sql = () => building.database.sql
const alerts = () => sql()`select kind, parcel_id from alerts order by made_at`
const open = async (path = '/bank/bank-1') => {
  await page.goto(building.server.url + path)
  await page.locator('.step-title, input[name=carrierCode]').waitFor()
}

beforeEach(async () => {
  await sql()`delete from alerts`
  await sql()`delete from attempts`
  await open()
})

test('the door did not open, said by keyboard alone with the code of the parcel: what happens next in large letters', async () => {
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await title('Que se passe-t-il ?')
  await picture(page, 'bank-2-what')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('input[name=code]:focus').waitFor()
  await page.keyboard.type(`${parcel.code.slice(0, 4)} ${parcel.code.slice(4)}`)
  await picture(page, 'bank-3-code')
  await page.keyboard.press('Enter')
  await title('Merci, la conciergerie est prévenue.')
  await picture(page, 'bank-4-heard')
  const lines = page.locator('.what-now')
  expect(await lines.innerText()).toContain(`Votre colis est dans la boîte ${parcel.door}. Il y reste.`)
  expect(await lines.evaluate(each => Number.parseFloat(getComputedStyle(each).fontSize))).toBeGreaterThan(22)
  // large letters are no use beside what the last person said
  expect(await page.evaluate('document.activeElement.innerText')).toContain('Merci')
  expect(await alerts()).toEqual([{ kind: 'door-shut', parcelId: parcel.id }])
  expect(building.sim.state().doors.every(each => each.leaf === 'closed' && each.bolt === 'locked')).toBe(true)
  await button('Terminé').click()
  await title('Casier Banc')
  expect(problems).toEqual([])
})

test('too few digits are no try, wrong ones say what to do, five of them wait; nothing is told of any parcel', async () => {
  await button('Un problème avec mon colis').click()
  await button('Ce n’est pas mon colis').click()
  await page.fill('input[name=code]', '1234')
  await page.keyboard.press('Enter')
  await page.getByText('Il faut les 8 chiffres du code.').waitFor()
  const wrong = `${(Number(parcel.code[0]) + 1) % 10}${parcel.code.slice(1)}`
  await page.fill('input[name=code]', wrong)
  for (let n = 0; n < 5; n++) {
    const answered = page.waitForResponse('**/alerts')
    await page.keyboard.press('Enter')
    expect((await answered).status()).toBe(404)
    await page.locator('button.main:enabled').waitFor()
  }
  await page.getByText('Aucun colis de ce casier n’a ce code.').waitFor()
  await picture(page, 'bank-5-wrong')
  await page.fill('input[name=code]', parcel.code)
  await page.keyboard.press('Enter')
  await page.getByText('Trop d’essais').waitFor()
  expect(await alerts()).toEqual([])
})

test('two taps, and an answer that was lost, are one alert', async () => {
  await button('Un problème avec mon colis').click()
  await button('Le colis est abîmé').click()
  await page.fill('input[name=code]', parcel.code)
  await page.route('**/alerts', async route => {
    await route.fetch()
    return route.abort()
  })
  await button('Prévenir la conciergerie').click()
  await page.getByText('Le serveur ne répond pas').waitFor()
  await page.unroute('**/alerts')
  await button('Prévenir la conciergerie').dblclick()
  await title('Merci, la conciergerie est prévenue.')
  expect(await alerts()).toEqual([{ kind: 'damaged', parcelId: parcel.id }])
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
      await picture(page, `bank-${language}-${await page.locator('.step-title').innerText()}`)
    }
  }
  await check()
  await button('Un problème avec mon colis').click()
  await title('Que se passe-t-il ?')
  await check()
  await button('Ce n’est pas mon colis').click()
  await check()
  await page.fill('input[name=code]', parcel.code)
  await button('Prévenir la conciergerie').click()
  await title('Merci, la conciergerie est prévenue.')
  expect(await page.locator('.what-now li').allInnerTexts()).toEqual([
    `Remettez le colis dans la boîte ${parcel.door}.`,
    'Fermez bien la porte.',
    'Nous regardons la boîte et nous vous donnons des nouvelles.',
  ])
  await check()
})

test('from the tablet of the bank there and back; an unknown bank says so', async () => {
  await open(`/courier?site=${building.site.siteId}&bank=bank-1`)
  await page.getByRole('link', { name: /il y a un problème/ }).click()
  await title('Que se passe-t-il ?')
  await button('Retour').click()
  await page.locator('input[name=carrierCode]').waitFor()
  await page.goto(`${building.server.url}/bank/bank-9`)
  await page.getByText('Ce casier n’existe pas ici').waitFor()
})
