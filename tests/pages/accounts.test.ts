import { afterAll, beforeAll, expect, test } from 'vitest'
import { totpAt } from '../../schema/wire/codes.ts'
import { landlord } from '../http/server-for-tests.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let page: StaffPage['page']
let problems: string[]

beforeAll(async () => {
  opened = await openStaffPage('/accounts', '.accounts .found button', landlord)
  ;({ server, page, problems } = opened)
})
afterAll(() => opened?.close())

const part = (name: string) => page.locator(`.parts button:text-is("${name}")`).press('Enter')
const choose = (name: string) => page.locator('.found button', { hasText: name }).press('Enter')
const role = (name: string) => page.locator('label.choice', { hasText: name }).locator('input')
const said = (words: string) => page.locator(`.accounts [role=status]:has-text("${words}")`).waitFor()
const accountOf = async (email: string) =>
  (
    await server.sql`
    select a.id, a.name, a.role, a.closed_at, array(select s.name from account_sites x join sites s on s.id = x.site_id
      where x.account_id = a.id) as sites from accounts a where email = ${email}`
  )[0]!
const signIn = async (email: string, password: string) =>
  (await server.ask('POST', '/api/sessions', { email, password })).status
/** Opens a fold of the panel and says why. */
async function because(summary: string, reason: string) {
  const fold = page.locator('.panel details', { has: page.locator(`summary:text-is("${summary}")`) })
  await fold.locator('summary').press('Enter')
  await fold.locator('input[name=reason]').fill(reason)
  await fold.locator('input[name=reason]').press('Enter')
}
const shownPassword = async () => {
  await page.waitForSelector('.slip h2:focus')
  const password = await page.locator('.slip dd code').innerText()
  await page.locator('.slip button:text-is("C’est noté, fermer")').press('Enter')
  await page.waitForSelector('.accounts .found')
  expect(await page.content()).not.toContain(password)
  return password
}

test('a site is added, and can be chosen at once', async () => {
  await part('Sites')
  await page.fill('input[name=name]', 'Lyon')
  await page.fill('input[name=timeZone]', 'Europe/Lyon')
  await page.keyboard.press('Enter')
  await page.waitForSelector('input[name=timeZone][aria-invalid=true]')
  expect(await violations(page)).toEqual([])
  await page.fill('input[name=timeZone]', 'Europe/Paris')
  await page.keyboard.press('Enter')
  await said('Site ajouté : Lyon.')
  await page.locator('.bar option', { hasText: 'Lyon' }).waitFor({ state: 'attached' })
  await picture(page, 'accounts-sites')
})

test('an account is made by keyboard, with a role and its sites; its password is shown once and is the right one', async () => {
  await part('Ajouter un compte')
  await page.focus('input[name=email]')
  await page.keyboard.type('bank-1@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Inès Roux')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  expect(await role('bénévole').isChecked()).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('input[name=email][aria-invalid=true]')
  expect(await page.locator('#account-email').innerText()).toBe('Un compte porte déjà cette adresse.')
  expect(await violations(page)).toEqual([])
  await picture(page, 'accounts-add')
  await page.fill('input[name=email]', 'ines@example.org')
  await page.focus('input[name=email]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.slip h2:focus')
  expect(await page.locator('.slip').innerText()).toContain('ines@example.org')
  expect(await violations(page)).toEqual([])
  await picture(page, 'accounts-card')
  const password = await shownPassword()
  expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/)
  const { role: made, name, sites } = await accountOf('ines@example.org')
  expect([made, name, sites]).toEqual(['volunteer', 'Inès Roux', ['Amiens']])
  expect(await signIn('ines@example.org', password)).toBe(201)
})

test('found by what is typed; another role and other sites; a landlord is at every site', async () => {
  const search = page.locator('.accounts input[type=search]')
  await search.fill('bénévole')
  expect(await page.locator('.found button').count()).toBe(1)
  await choose('Inès Roux')
  await page.waitForSelector('.panel h2:focus')
  await role('gardien').check()
  await role('Lyon').check()
  await role('Amiens').uncheck()
  await page.locator('.panel input[name=name]').press('Enter')
  await said('Enregistré.')
  expect(await accountOf('ines@example.org')).toMatchObject({ role: 'caretaker', sites: ['Lyon'] })
  await search.fill('lyon')
  await page.locator('.found button', { hasText: /Inès Roux\s*gardien · Lyon/ }).waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'accounts-panel')
  await role('bailleur').check()
  expect(await page.locator('.panel input[name=siteIds]').count()).toBe(0)
  await page.locator('.panel button.main').first().press('Enter')
  await search.fill('tous les sites')
  await page.locator('.found button', { hasText: /Inès Roux\s*bailleur · tous les sites/ }).waitFor()
  await role('gardien').check()
  await page.locator('.panel button.main').first().press('Enter')
  await search.fill('')
  await page.locator('.found button', { hasText: /Inès Roux\s*gardien · aucun site/ }).waitFor()
})

test('a forgotten password is given anew, a lost second factor reset, both with a reason', async () => {
  await choose('Caretaker')
  await because('Mot de passe oublié', 'appelé ce matin')
  const password = await shownPassword()
  expect(await signIn('bank-1@example.org', password)).toBe(201)
  const { ask } = await server.signedIn({ email: 'bank-1@example.org', password })
  const { secret } = (await ask<{ secret: string }>('POST', '/api/account/second-factor', { password })).body
  const code = totpAt({ secret, digits: 6, period: 30 }, server.ctx.now().getTime())
  await ask('POST', '/api/account/second-factor/confirm', { code })
  await page.reload()
  await choose('Caretaker')
  await page.locator('.panel >> text=second facteur activé').waitFor()
  await because('Second facteur perdu', 'téléphone volé')
  await said('Le second facteur de ce compte est coupé.')
  await page.locator('.panel >> text=sans second facteur').waitFor()
  expect(await signIn('bank-1@example.org', password)).toBe(201)
  const told = await server.sql`
    select h.type, n.text from history h join notes n on n.id = (h.facts ->> 'noteId')::uuid order by h.n`
  expect(told.map(({ type, text }) => [type, text])).toEqual([
    ['password-given', 'appelé ce matin'],
    ['second-factor-reset', 'téléphone volé'],
  ])
})

test('an account is closed for a reason; the last landlord is not, and one’s own is seen to elsewhere', async () => {
  await choose('Inès Roux')
  await because('Fermer le compte', 'partie')
  await said('Compte fermé : Inès Roux.')
  expect(await page.locator('.accounts input[type=search]').evaluate(each => each === document.activeElement)).toBe(
    true,
  )
  await page.locator('.found button', { hasText: 'Inès Roux' }).waitFor({ state: 'detached' })
  await choose('bailleur')
  const panel = page.locator('.panel')
  expect(await panel.locator('a[href="/account"]').count()).toBe(1)
  expect(await panel.locator('summary').allInnerTexts()).toEqual(['Fermer le compte'])
  await because('Fermer le compte', 'par erreur')
  await panel.locator('.problem:has-text("C’est le dernier bailleur")').waitFor()
  await page.keyboard.press('Escape')
  await page.waitForSelector('.found button:focus:has-text("bailleur")')
})

test('in English and dark no rule is broken on any part; who closes their own account is signed out', async () => {
  await server.worker('landlord', [], 'second')
  await page.reload()
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await speak(page, 'en')
  for (const name of ['Add an account', 'Sites', 'Accounts']) {
    await part(name)
    expect([name, await violations(page)]).toEqual([name, []])
  }
  await choose('· you')
  await page.waitForSelector('.panel h2:focus')
  expect(await violations(page)).toEqual([])
  await because('Close the account', 'over')
  await page.waitForSelector('form.sign-in')
  expect(problems).toEqual([])
})
