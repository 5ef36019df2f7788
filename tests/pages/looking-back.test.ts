import { readFileSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proofBytesAtMost } from '../../schema/api/proof.ts'
import { write } from '../../server/context.ts'
import { appendHistory, chainHash, noHash } from '../../server/store/history.ts'
import { landlord, makeSite, type Server, type Site, startForTests } from '../http/server-for-tests.ts'
import { speak } from '../support/speak.ts'
import { picture, violations } from './building.ts'
import { type Story, tellStory } from './parcel-story.ts'

let server: Server
let site: Site
let browser: Browser
let page: Page
let story: Story
const problems: string[] = []

beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
  story = await tellStory(server, site)
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(12_000)
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => message.type() === 'error' && problems.push(message.text()))
  await page.goto(`${server.url}/history`)
  await page.fill('input[name=email]', landlord.email)
  await page.fill('input[name=password]', landlord.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.facts .fact')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const shown = (text: string) => page.waitForSelector(`[role=status]:has-text("${text}")`)
const tabTo = async (target: string) => {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${target} by keyboard`)
}

/** Both languages, light and dark, at 320 px too. */
async function isSound(name: string): Promise<void> {
  for (const [language, colorScheme] of [
    ['en', 'dark'],
    ['fr', 'light'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await speak(page, language)
    await page.waitForFunction(said => document.documentElement.lang === said, language)
    expect([name, language, await violations(page)]).toEqual([name, language, []])
    await picture(page, `${name}-${language}`)
  }
  const before = page.viewportSize()!
  await page.setViewportSize({ width: 320, height: 800 })
  await picture(page, `${name}-320`)
  await page.setViewportSize(before)
}

test('the history in words: device time beside server time, offline marked, the reason, and nobody’s name', async () => {
  const text = await page.locator('.facts').innerText()
  expect(text).toContain('colis retiré')
  expect(text).toMatch(/à l’heure de l’appareil : \d\d\/\d\d\/\d{4}/)
  expect(text).toContain('hors ligne')
  expect(text).toContain('raison : « vu au comptoir »')
  expect(text).toContain(`colis ${story.receipt}`)
  expect(text).toContain('par Poste')
  expect(text).not.toContain('Ada')
  await isSound('history')
})

test('looked for by keyboard: what is found stands in the address and is found again; CSV is of what is filtered', async () => {
  await tabTo('input[name=q]')
  await page.keyboard.type(story.receipt.slice(0, 7).toLowerCase())
  await page.keyboard.press('Tab')
  await page.keyboard.type('verrou')
  await tabTo('button.main')
  await page.keyboard.press('Enter')
  await shown('Entrées montrées : 2')
  expect(new URL(page.url()).search).toContain('what=unlocked')
  await page.reload()
  await shown('Entrées montrées : 2')
  expect(await page.inputValue('select[name=what]')).toBe('unlocked')
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Télécharger en CSV')])
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString('utf8').split('\r\n')).toHaveLength(4)
  await page.fill('input[name=q]', 'nobody wrote this')
  await page.keyboard.press('Enter')
  await shown('Rien ne correspond.')
  await page.click('text=Tout effacer')
  await page.waitForSelector('.facts .fact')
  expect(new URL(page.url()).search).toBe('')
  expect(await page.inputValue('input[name=q]')).toBe('')
})

test('page by page to the very first entry', async () => {
  const { ctx } = server
  const now = new Date()
  const power = Array.from({ length: 130 }, () => ({ type: 'power' as const, at: now, receivedAt: now, facts: {} }))
  await write(ctx, tx => appendHistory(tx, site.siteId, power))
  await page.reload()
  await shown('Entrées montrées : 100')
  await page.focus('.looking-back > button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.looking-back > button', { state: 'detached' })
  expect(await page.locator('.facts').innerText()).toContain('appareil enregistré')
  const [all] = await server.sql<{ n: number }[]>`select history_n as n from sites where id = ${site.siteId}`
  expect(await page.locator('.facts .fact').count()).toBe(all!.n)
})

test('looked for again in the same way: what happened since is there', async () => {
  const find = () => page.locator('.history-filter button[type=submit]').click()
  await page.selectOption('select[name=what]', 'clock-set')
  await find()
  await shown('Rien')
  const at = new Date()
  const set = { type: 'clock-set' as const, at, receivedAt: at, facts: { by: 60_000 } }
  await write(server.ctx, tx => appendHistory(tx, site.siteId, [set]))
  await find()
  await shown('Entrées montrées : 1')
})

test('a parcel drawn: five lines, gaps, offline, a correction; the list beside it says the same', async () => {
  await page.goto(`${server.url}/parcel?id=${story.parcelId}`)
  await page.waitForSelector('.drawn-row')
  const lane = (name: string, is: string) => page.locator(`.drawn-row .lane-${name}[data-is="${is}"]`).count()
  expect(await lane('door', 'open')).toBe(2)
  expect(await lane('parcel', 'waiting')).toBeGreaterThan(0)
  expect(await lane('inside', 'occupied')).toBeGreaterThan(0)
  expect(await page.locator('.drawn-offline').count()).toBe(4)
  expect(await page.locator('.mark:text-is("✎")').count()).toBe(1)
  const words = await page.locator('.drawn .timeline').innerText()
  expect(words).toContain('2 j plus tard')
  expect(words).toContain('corrigé : était « retiré »')
  expect(await page.locator('main').innerText()).not.toContain('Ada')
  await isSound('parcel')
})

const proofOnPage = async (): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Télécharger la preuve')])
  expect(file.suggestedFilename()).toBe(`proof-${story.receipt}.json`)
  return readFileSync((await file.path())!, 'utf8')
}
const given = (text: string) =>
  page.setInputFiles('input[type=file]', {
    name: 'proof.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  })
/** by keyboard alone */
async function pasted(text: string): Promise<void> {
  await page.fill('textarea', text)
  await page.focus('textarea')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
}
const dropped = async (text: string, times = 1) => {
  const dataTransfer = await page.evaluateHandle(
    ([part, count]) => {
      const data = new DataTransfer()
      data.items.add(new File([part.repeat(count)], 'proof.json'))
      return data
    },
    [text, times] as const,
  )
  await page.dispatchEvent('form.drop', 'drop', { dataTransfer })
}
/** A proof of what never happened. */
function madeUp(told: { type: string; facts: object }[]): string {
  const nothing = { controllerId: null, journal: null, seq: null, doorId: null, grantId: null, orderId: null }
  const same = {
    siteId: 's',
    receivedAt: -8e15,
    live: false,
    ...nothing,
    parcelId: 'p',
    actorId: null,
    suspect: 'x: y',
  }
  let previous: Buffer = noHash
  const facts = told.map((each, index) => {
    const row = { ...same, ...each, n: index + 1, at: 8e15, salt: '' }
    const hash = chainHash({ previous, checkpoint: noHash }, row)
    const link = { previous: previous.toString('hex'), checkpoint: noHash.toString('hex'), hash: hash.toString('hex') }
    previous = hash
    return { way: { facts: [], checkpoints: [] }, ...link, row }
  })
  return JSON.stringify({ proof: 'parcel', version: 1, siteId: 's', parcelId: 'p', facts, head: null })
}
const verdict = (text: string) => page.waitForSelector(`.verdict:has-text("${text}")`)

test('a proof is taken along from the parcel, and anybody checks it without signing in: nothing is sent', async () => {
  const text = await proofOnPage()
  expect(text).not.toMatch(/Ada|Poste|comptoir/)
  await page.context().clearCookies()
  await page.click('text=Vérifier une preuve')
  await page.waitForSelector('.verify')
  const asked: string[] = []
  page.on('request', request => asked.push(`${request.method()} ${request.url()}`))
  await tabTo('input[type=file]')
  await given(text)
  await verdict('La preuve tient.')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('La preuve tient.')
  const said = await page.locator('.verdict').innerText()
  expect(said).toContain(story.receipt)
  expect(said).toContain('colis retiré')
  expect(await page.locator('.verdict .drawn-row').count()).toBe(JSON.parse(text).facts.length)
  await isSound('verify-holds')

  const proof = JSON.parse(text)
  const opened = proof.facts.find((each: { row: { type: string } }) => each.row.type === 'opened')
  opened.row.at += 3_600_000
  await given(JSON.stringify(proof))
  await verdict(`Le fait n° ${opened.row.n} n’est pas tel qu’il a été écrit`)
  expect(await page.locator('.verdict .drawn-row').count()).toBe(0)
  await isSound('verify-altered')
  await pasted(text.slice(0, -9))
  await verdict('pas le texte entier')
  await pasted(text)
  await verdict('La preuve tient.')
  expect(asked.filter(each => !each.includes('/assets/'))).toEqual([])
})

test('a file that somebody made to break the page is answered in a sentence', async () => {
  await given('['.repeat(3_000_000))
  await verdict('pas le texte entier')
  await given(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)
  await verdict('pas la preuve d’un colis')
  await dropped('{"facts":"<img src=x onerror=alert(1)>"}')
  await verdict('pas la preuve d’un colis')
  // whoever makes a whole chain of their own makes one that holds
  const told = { type: 'constructor', facts: { receipt: '<b>x'.repeat(200), to: 1e300, forMs: '\u202e' } }
  const late = { type: 'deadline-moved', facts: { to: 1e300, why: 'constructor' } }
  await given(madeUp([told, late]))
  await verdict('La preuve tient.')
  expect(await page.locator('.verdict .drawn-row').count()).toBe(2)
  expect(await page.locator('.verdict b').count()).toBe(0)
  await dropped('x', 100_000_000)
  await verdict('au plus 4 millions')
})

test('a proof that is refused is told in words, and what to do; a lost one comes on the next press', async () => {
  await page.goto(`${server.url}/parcel?id=${story.parcelId}`)
  await page.fill('input[name=email]', landlord.email)
  await page.fill('input[name=password]', landlord.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.proof-links a[download]')
  await page.route('**/proof', route => route.abort(), { times: 1 })
  await page.click('.proof-links a[download]')
  await page.waitForSelector('[role=alert]:has-text("ne répond pas")')
  await proofOnPage()
  const now = new Date()
  const endless = { type: 'opened' as const, at: now, receivedAt: now, facts: { told: 'x'.repeat(proofBytesAtMost) } }
  await write(server.ctx, tx => appendHistory(tx, site.siteId, [{ ...endless, parcelId: story.parcelId }]))
  await page.focus('.proof-links a[download]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=alert]:has-text("L’historique les a tous")')
  expect(new URL(page.url()).pathname).toBe('/parcel')
  await isSound('parcel-refused')
})

test('nothing went wrong in the pages', () => {
  expect(problems.filter(text => !/40[19]|ERR_FAILED/.test(text))).toEqual([])
})
