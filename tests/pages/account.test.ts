import decodeQR from 'qr/decode.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { totpAt } from '../../schema/wire/codes.ts'
import { openOwn } from '../support/own-menu.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { caretaker, openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let page: StaffPage['page']
let problems: string[]
let secret: string
let codes: string[]

beforeAll(async () => {
  opened = await openStaffPage('/', '.link-live')
  ;({ server, page, problems } = opened)
  await page.addInitScript('globalThis.printed = 0; globalThis.print = () => globalThis.printed++')
})
afterAll(() => opened?.close())

const codeNow = () => totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime())
const panel = (name: string) => page.locator('.account section', { has: page.locator(`h2:text-is("${name}")`) })
const fold = (name: string) => page.locator('details', { has: page.locator(`summary:text-is("${name}")`) })
const refusedAt = (field: string, words: string) =>
  page.locator(`label:has(input[name=${field}][aria-invalid=true]:focus) small.problem:has-text("${words}")`).waitFor()
const said = (words: string) => page.locator(`.account > [role=status]:has-text("${words}")`).waitFor()
const signIn = async (about: object, agent = 'curl/8') => {
  const answer = await server.ask<{ token: string }>(
    'POST',
    '/api/sessions',
    { ...caretaker, ...about },
    { 'user-agent': agent },
  )
  return answer.status === 201 ? answer.body.token : undefined
}
const isIn = async (token: string) =>
  (await server.ask('GET', '/api/sessions/me', undefined, { authorization: `Bearer ${token}` })).status === 200

/** What a scanner reads from the picture, four dots for each of its squares. */
async function scanned(): Promise<string> {
  const svg = page.locator('svg.qr')
  const [box, path] = [await svg.getAttribute('viewBox'), await svg.locator('path').getAttribute('d')]
  const size = Number(box!.split(' ')[2])
  const width = size * 4
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of path!.matchAll(/M(\d+) (\d+)h1/g))
    for (let dot = 0; dot < 16; dot += 1) {
      const at = ((Number(y) * 4 + (dot >> 2)) * width + Number(x) * 4 + (dot & 3)) * 4
      data.fill(0, at, at + 3)
    }
  return decodeQR({ width, height: width, data })
}

test('the address signed in leads to one’s own account, from any page', async () => {
  expect(await page.locator('.own-menu summary').innerText()).toBe('bank-1@example.org')
  await openOwn(page)
  await page.locator('.bar a.own').press('Enter')
  await page.waitForSelector('.account')
  expect(await page.locator('.bar a.own').getAttribute('aria-current')).toBe('page')
  expect(await page.locator('.account > p').first().innerText()).toBe('Caretaker · bank-1@example.org · gardien')
  expect(await violations(page)).toEqual([])
  await picture(page, 'account-off')
})

test('a second factor by keyboard: the password, the QR code or the key as text, a code before it counts', async () => {
  await page.focus('section:has(#second-factor) input[name=password]')
  await page.keyboard.type('not this one at all')
  await page.keyboard.press('Enter')
  await refusedAt('password', 'Ce n’est pas le mot de passe')
  expect(await violations(page)).toEqual([])
  await page.keyboard.type(caretaker.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('#second-factor:focus')
  const told = await page.locator('.account code.secret').innerText()
  expect(told).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
  secret = told.replaceAll(' ', '')
  expect(new URL(await scanned()).searchParams.get('secret')).toBe(secret)
  expect(await signIn({})).toBeDefined()
  expect(await violations(page)).toEqual([])
  await picture(page, 'account-enrol')
  const right = codeNow()
  await page.keyboard.press('Tab')
  await page.keyboard.type(right === '000000' ? '000001' : '000000')
  await page.keyboard.press('Enter')
  await refusedAt('code', 'Ce code n’est pas le bon')
  await page.keyboard.type(`${right.slice(0, 3)} ${right.slice(3)}`)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.slip h2:focus')
})

test('recovery codes are shown once, to print and to copy, and open', async () => {
  codes = await page.locator('.recovery-codes code').allInnerTexts()
  expect(new Set(codes).size).toBe(10)
  expect(await signIn({})).toBeUndefined()
  expect(await signIn({ otp: codes[0] })).toBeDefined()
  await page.locator('.slip button:text-is("Imprimer")').press('Enter')
  expect(await page.evaluate('globalThis.printed')).toBe(1)
  await page.evaluate('navigator.clipboard.writeText = async text => void (globalThis.copied = text)')
  await page.locator('.slip button:has-text("Copier")').press('Enter')
  await page.locator('.slip button:has-text("Copié")').waitFor()
  expect(await page.evaluate('globalThis.copied')).toBe(codes.join('\n'))
  expect(await violations(page)).toEqual([])
  await picture(page, 'account-codes')
  await page.locator('.slip button:text-is("C’est noté, fermer")').press('Enter')
  await page.locator('text=Il vous reste 10 codes de secours.').waitFor()
  expect(await page.content()).not.toContain(codes[1])
  await page.reload()
  await page.locator('text=Il vous reste 9 codes de secours.').waitFor()
})

test('new recovery codes need password and code; when the answer is lost, it is said that they were not shown', async () => {
  server.forward(30_000)
  await fold('Nouveaux codes de secours').locator('summary').press('Enter')
  const form = fold('Nouveaux codes de secours')
  await form.locator('input[name=password]').fill(caretaker.password)
  await form.locator('input[name=otp]').fill('aaaaa-aaaaa')
  await page.keyboard.press('Enter')
  await refusedAt('otp', 'Ce code n’est pas le bon')
  const path = (url: URL) => url.pathname.endsWith('/recovery-codes')
  let times = 0
  await page.route(path, async route => {
    times += 1
    if (times > 1) return route.fallback()
    await route.fetch()
    await route.abort()
  })
  await form.locator('input[name=otp]').fill(codeNow())
  await page.keyboard.press('Enter')
  await form.locator('text=Le serveur ne répond pas').waitFor()
  await page.keyboard.press('Enter')
  await said('créez-en de nouveaux')
  await page.unroute(path)
  expect(await signIn({ otp: codes[2] })).toBeUndefined()
  server.forward(30_000)
  await form.locator('input[name=password]').fill(caretaker.password)
  await form.locator('input[name=otp]').fill(codeNow())
  await page.keyboard.press('Enter')
  await page.waitForSelector('.recovery-codes')
  codes = await page.locator('.recovery-codes code').allInnerTexts()
  expect(codes).toHaveLength(10)
  await page.locator('.slip button:text-is("C’est noté, fermer")').press('Enter')
})

test('sessions in words, this one marked; one is ended, then all the others', async () => {
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0'
  const one = (await signIn({ otp: codes[0] }, firefox))!
  const two = (await signIn({ otp: codes[1] }))!
  await page.reload()
  const sessions = panel('Où ce compte est connecté')
  await sessions.locator('li', { hasText: 'Firefox sur Windows' }).waitFor()
  expect(await sessions.locator('li[aria-current=true]').innerText()).toMatch(/^Chrome sur Linux\s+ici/)
  expect(await sessions.locator('li[aria-current=true] button').count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await picture(page, 'account-on')
  await sessions.getByRole('button', { name: /^Déconnecter : Firefox sur Windows, connecté / }).press('Enter')
  await said('Déconnecté.')
  await sessions.locator('li', { hasText: 'Firefox sur Windows' }).waitFor({ state: 'detached' })
  expect([await isIn(one), await isIn(two)]).toEqual([false, true])
  await sessions.getByRole('button', { name: 'Déconnecter tous les autres' }).press('Enter')
  await page.locator('.account > [role=status]:has-text("déconnectée")').waitFor()
  expect(await isIn(two)).toBe(false)
  await page.waitForFunction('document.querySelectorAll(".own-sessions li").length === 1')
})

test('another password: the old one at its field, what is typed can be looked at, the others are signed out', async () => {
  const other = (await signIn({ otp: codes[2] }))!
  const form = panel('Changer le mot de passe')
  await form.locator('input[name=password]').fill('not this one at all')
  await form.locator('input[name=newPassword]').fill('too short')
  await page.keyboard.press('Enter')
  expect(
    await form.locator('input[name=newPassword]').evaluate(each => (each as HTMLInputElement).validity.tooShort),
  ).toBe(true)
  await form.locator('input[name=newPassword]').fill('quite another one')
  await page.keyboard.press('Enter')
  await refusedAt('password', 'Ce n’est pas le mot de passe')
  await page.keyboard.type(caretaker.password)
  await form.locator('input[type=checkbox]').press('Space')
  expect(await form.locator('input[name=newPassword]').getAttribute('type')).toBe('text')
  await form.locator('input[name=newPassword]').press('Enter')
  await said('Mot de passe changé. 1 autre session déconnectée.')
  expect(await form.locator('input[name=newPassword]').inputValue()).toBe('')
  expect(await isIn(other)).toBe(false)
  expect(await signIn({ otp: codes[3] })).toBeUndefined()
  expect(await signIn({ otp: codes[3], password: 'quite another one' })).toBeDefined()
})

test('turned off with password and a recovery code; in English and dark no rule is broken', async () => {
  await fold('Couper le second facteur').locator('summary').press('Enter')
  const form = fold('Couper le second facteur')
  await form.locator('input[name=password]').fill('quite another one')
  await form.locator('input[name=otp]').fill(codes[4]!.toUpperCase())
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await speak(page, 'en')
  expect(await violations(page)).toEqual([])
  await fold('Turn the second factor off').locator('input[name=otp]').press('Enter')
  await said('From now on the password is enough to sign in.')
  await page.locator('.account strong:text-is("The second factor is off.")').waitFor()
  expect((await page.locator('.account').innerText()).split('The second factor is off.')).toHaveLength(2)
  expect(await signIn({ password: 'quite another one' })).toBeDefined()
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, 'account-en-390')
  expect(problems).toEqual([])
})
