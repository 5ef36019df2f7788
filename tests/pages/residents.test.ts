import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let server: StaffPage['server']
let site: StaffPage['site']
let page: StaffPage['page']
let problems: string[]

beforeAll(async () => {
  opened = await openStaffPage('/residents', '.residents .found button')
  ;({ server, site, page, problems } = opened)
})
afterAll(() => opened?.close())

const shot = (name: string) => picture(page, `residents-${name}`)
const part = (name: string) => page.click(`.parts button:text-is("${name}")`)
const people = () => server.sql`select * from residents where site_id = ${site.siteId} order by name`
const one = async (name: string) => (await server.sql`select * from residents where name = ${name}`)[0]!
const choose = async (name: string, text: string | Buffer) =>
  page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) })

test('somebody moves in: added by keyboard alone, and the card with the PIN is shown once', async () => {
  await part('Ajouter')
  await page.focus('input[name=flat]')
  await page.keyboard.type('22')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Zoé Martin')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.type('zoe@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('12')
  await page.keyboard.press('Enter')
  // what is wrong is said at its field
  await page.waitForSelector('input[name=phone][aria-invalid=true]')
  expect(await page.locator('#wrong-phone').innerText()).toContain('06 12 34 56 78')
  await page.fill('input[name=phone]', '06 12 34 56 78')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.slip h2:focus')
  const zoe = await one('Zoé Martin')
  expect(zoe).toMatchObject({
    flat: '22',
    needsLowDoor: 1,
    email: 'zoe@example.org',
    phone: '+33612345678',
    tellBy: ['email'],
  })
  const card = await page.locator('.slip').innerText()
  expect(card.replace(/\s/g, '')).toContain(zoe.memberNumber)
  const pin = await page.locator('.slip .pin').innerText()
  expect((await server.ask('POST', '/api/sessions', { memberNumber: zoe.memberNumber, pin })).status).toBe(201)
  expect(await violations(page)).toEqual([])
  await shot('card')
  await page.click('.slip button:text-is("Fermer")')
  await page.waitForSelector('.parts')
  expect(await page.locator('main').innerText()).not.toContain(pin)
})

test('found by the flat, changed, a new PIN, and moved out with a reason', async () => {
  await part('Chercher')
  await page.fill('input[name=q]', 'zoé')
  await page.keyboard.press('Enter')
  await page.locator('.found button', { hasText: 'Zoé Martin' }).press('Enter')
  await page.waitForSelector('.panel input[name=flat]')
  await page.fill('.panel input[name=flat]', '23 bis')
  await page.keyboard.press('Enter')
  await page.locator('.panel [role=status]:has-text("Enregistré.")').waitFor()
  expect(await one('Zoé Martin')).toMatchObject({ flat: '23 bis', email: 'zoe@example.org' })
  expect(await violations(page)).toEqual([])
  await shot('panel')
  const { pinHash } = await one('Zoé Martin')
  await page.locator('.panel summary', { hasText: 'Code secret oublié' }).press('Enter')
  await page.locator('.panel button', { hasText: 'Créer le code secret' }).dblclick()
  await page.waitForSelector('.slip .pin')
  expect((await one('Zoé Martin')).pinHash).not.toBe(pinHash)
  expect(await server.sql`select 1 from history where type = 'pin-made'`).toHaveLength(1)
  await page.click('.slip button:text-is("Fermer")')
  await page.locator('.found button', { hasText: 'Zoé Martin' }).click()
  const leave = page.locator('.panel details', { hasText: 'Cette personne déménage' })
  await leave.locator('summary').click()
  await leave.locator('input[name=reason]').fill('part à Lille')
  await leave.getByRole('button').dblclick()
  await page.waitForSelector('.panel .warning:has-text("N’habite plus ici.")')
  expect((await one('Zoé Martin')).movedOutAt).toBeInstanceOf(Date)
  await page.locator('.found button', { hasText: 'Zoé Martin' }).waitFor({ state: 'detached' })
  await page.check('input[name=movedOut]')
  await page.click('.find button')
  await page.locator('.found button', { hasText: 'N’habite plus ici.' }).waitFor()
})

test('a file that Excel saved is read as what it is, and nothing is written before "import"', async () => {
  await part('Importer un fichier')
  const before = (await people()).length
  // Windows-1252: é E9, Œ 8C
  const text =
    'Nom;Appartement;E-mail;Étage\r\nH\u00e9l\u00e8ne \u008cuvrard;31;helene@example.org;2\r\nBo;32;nonsense;2\r\nAda;12;;1\r\n'
  await choose('habitants.csv', Buffer.from(text, 'latin1'))
  await page.waitForSelector('.sheet td:has-text("Hélène Œuvrard")')
  expect(await page.inputValue('.import select')).toBe('windows-1252')
  const shown = await page.locator('.import').innerText()
  expect(shown).toContain('1 habitant à ajouter · 1 déjà là · 1 ligne à corriger')
  expect(shown).toContain('Colonnes non utilisées : Étage')
  expect(await page.locator('.row-wrong').innerText()).toMatch(/3[\s\S]*e-mail : n’est pas une adresse « nonsense »/)
  expect((await people()).length).toBe(before)
  expect(await page.locator('.import button.main').isDisabled()).toBe(true)
  expect(await violations(page)).toEqual([])
  await shot('import')
  // read otherwise, it says so
  await page.selectOption('.import select', 'utf-8')
  await page.waitForSelector('.problem:has-text("caractères perdus")')
  await page.selectOption('.import select', 'windows-1252')
  await page.waitForSelector('.sheet td:has-text("Hélène Œuvrard")')
  await page.check('.import .choice input')
  await page.focus('.import button.main')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=status]:has-text("1 habitant ajouté.")')
  expect(await one('Hélène Œuvrard')).toMatchObject({ flat: '31', tellBy: ['email'], pinHash: null })
  expect((await people()).length).toBe(before + 1)
  await choose('habitants.csv', Buffer.from(text, 'latin1'))
  await page.waitForSelector('.import :text("2 déjà là")')
  expect(await page.locator('.import button.main').isDisabled()).toBe(true)
})

test.each([
  ['classeur.csv', Buffer.from([0x50, 0x4b, 3, 4]), 'C’est un classeur Excel'],
  ['loyers.csv', 'Nom;Loyer\nAda;300\n', 'ne nomme pas l’appartement. Elle dit : Nom | Loyer'],
  ['coupé.csv', 'Nom;Appt\nAda;"12\n', 'Un guillemet ouvert ligne 2'],
  ['photo.csv', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0, 1]), 'ne nomme pas'],
])('%s: what is wrong and what to do stands there', async (name, content, words) => {
  await choose(name, content)
  await page.waitForSelector(`.import .problem:has-text("${words}")`)
})

test('names with markup, marks of another direction or of 300 letters do no harm, here or in the exported file', async () => {
  const rows = [
    `<img src=x onerror=document.title='hacked'>;41`,
    `"\u202Egnp.exe\u202D";42`,
    `=cmd|' /C calc'!A0;43`,
    `${'W'.repeat(200)};44`,
    `${'W'.repeat(300)};45`,
  ]
  await choose('étrange.csv', `Nom;Appt\n${rows.join('\n')}\n`)
  await page.waitForSelector('.row-wrong:has-text("trop long")')
  expect(await violations(page)).toEqual([])
  await page.check('.import .choice input')
  await page.click('.import button.main')
  await page.waitForSelector('[role=status]:has-text("4 habitants ajoutés.")')
  await part('Chercher')
  await page.locator('.found button', { hasText: '<img src=x' }).click()
  await page.waitForSelector('.panel input[name=flat]')
  expect(await violations(page)).toEqual([])
  await shot('hostile')
  expect(await page.locator('main img').count()).toBe(0)
  expect(await page.title()).not.toContain('hacked')
  await part('Exporter')
  await page.fill('input[name=reason]', 'assemblée des locataires')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  const file = await readFile(await download.path(), 'utf8')
  expect(file.startsWith('\uFEFFAppartement;Nom;')).toBe(true)
  expect(file).toContain(`43;'=cmd|' /C calc'!A0;`)
  const [told] = await server.sql`
    select m.text from history h join notes m on m.id = (h.facts ->> 'noteId')::uuid where h.type = 'residents-exported'`
  expect(told!.text).toBe('assemblée des locataires')
})

test('in English and dark no rule is broken on any part, and nothing went wrong in the page', async () => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await speak(page, 'en')
  for (const name of ['Find', 'Add', 'Import a file', 'Export']) {
    await part(name)
    expect([name, await violations(page)]).toEqual([name, []])
    await shot(`en-${name}`)
  }
  expect(problems).toEqual([])
})
