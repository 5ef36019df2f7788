import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'
import { type Button, badDay } from './bad-day.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
let day: ReturnType<typeof badDay>
const problems: string[] = []
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  const about = { controllerId: site.controllerId, flat: '12', size: 'S', carrier: 'Poste' }
  const { id } = (await site.courier.ask<{ id: string }>('POST', '/api/parcels', about)).body
  await server.sql`update parcels set step = 'closed'`
  await site.courier.ask('POST', `/api/parcels/${id}/placed`, {})
  await server.sql`update residents set email = 'ada@example.org'`
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 390, height: 844 }, hasTouch: true })
  page.setDefaultTimeout(9_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.addInitScript('globalThis.printed = 0; globalThis.print = () => globalThis.printed++')
  day = badDay(page, server.sql, 'Le serveur ne répond pas')
  await page.goto(`${server.url}/me`)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const said = (text: string) => () => page.getByText(text).first().waitFor()
const there = (selector: string) => () => page.locator(selector).first().waitFor()
const fill = (name: string, text: string) => page.locator(`input[name=${name}]`).first().fill(text)
const open = (label: string) => page.locator('summary', { hasText: label }).first().click()
const count = async (table: string) => Number((await server.sql.unsafe(`select count(*) as n from ${table}`))[0]!.n)

const buttons: Button[] = [
  { name: 'Recevoir un code à la place', shows: said('Nous envoyons un code') },
  { name: 'J’ai mon code secret', shows: there('input[name=pin]') },
  { name: 'Recevoir un code à la place', shows: said('Nous envoyons un code') },
  {
    name: /^Un code par/,
    first: () => fill('memberNumber', site.resident.memberNumber),
    ...{ posts: '/sign-in-codes', shows: there('input[name=oneTimeCode]') },
  },
  { name: 'J’ai mon code secret', shows: there('input[name=pin]') },
  {
    name: 'Voir mes colis',
    first: () => fill('pin', site.resident.pin),
    ...{ posts: '/sessions', shows: there('.parcel') },
  },
  { name: /^Garder \d jours de plus/, posts: '/extend', shows: said('C’est fait'), facts: ['deadline-moved'] },
  {
    name: 'Garder mon colis',
    first: async () => {
      await open('Je suis absent')
      await fill('until', new Date(Date.now() + 14 * 24 * 3600_000).toISOString().slice(0, 10))
    },
    ...{ posts: '/hold', shows: said('Gardé pendant votre absence'), facts: ['deadline-moved'] },
  },
  {
    name: 'Créer son code',
    first: () => open('Quelqu’un').then(() => fill('name', 'Léa')),
    ...{ posts: '/delegate', shows: said('Léa peut retirer ce colis'), facts: ['grant-made'] },
  },
  {
    name: 'Retirer le code de Léa',
    ...{ posts: '/revoke', shows: said('Le code de Léa est retiré'), facts: ['grant-revoked'] },
  },
  {
    name: 'Prévenir la conciergerie',
    first: () => open('Un problème').then(() => page.getByLabel('Le colis est abîmé').first().check()),
    ...{ posts: '/alert', shows: said('la conciergerie est prévenue'), facts: ['alert-made'] },
  },
  { name: 'Imprimer', shows: there('.slip h2') },
  { name: 'Imprimer', shows: () => page.waitForFunction('globalThis.printed === 1') },
  { name: 'Fermer', shows: there('.me') },
  {
    name: 'Enregistrer',
    first: () => open('Mes réglages').then(() => page.getByLabel('J’ai besoin d’une porte basse').check()),
    ...{ posts: '/needs', shows: said('Enregistré.') },
  },
  {
    name: 'Enregistrer',
    first: () => page.getByLabel('Téléphone').fill('06 12 34 56 78'),
    ...{ posts: '/contact', shows: said('Enregistré.') },
  },
  { name: 'Actualiser', shows: there('.me') },
  { name: 'Se déconnecter', shows: there('input[name=memberNumber]') },
]

test.each(buttons)('$name', button => day.press(button))

test('every button that was seen on the way has its row, and each thing is there once', async () => {
  expect(day.unpressed(buttons)).toEqual([])
  expect(problems).toEqual([])
  const tables = ['alerts', 'delegates', 'sign_ins', `notices where kind = 'sign-in-code'`]
  expect(await Promise.all(tables.map(count))).toEqual([1, 1, 1, 1])
})

test('a second touch right after the first one, and a key held down, press nothing', async () => {
  const button = page.getByRole('button', { name: 'Recevoir un code à la place' })
  const through = await button.evaluate(each => {
    let clicks = 0
    each.addEventListener('click', () => clicks++)
    const touch = (clientX: number) => {
      each.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch', clientX }))
      ;(each as HTMLElement).click()
    }
    for (const x of [10, 12, 200]) touch(x)
    return clicks
  })
  expect(through).toBe(2)
  await page.getByRole('button', { name: 'J’ai mon code secret' }).focus()
  await page.keyboard.down('Enter')
  await there('input[name=pin]')()
  await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await button.waitFor()
  expect(await page.locator('input[name=pin]').count()).toBe(1)
})
