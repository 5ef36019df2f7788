import { afterAll, beforeAll, expect, test } from 'vitest'
import { signal } from '../support/signal.ts'
import { settled } from './bad-day.ts'
import { openStaffPage, type StaffPage } from './staff-page.ts'

let opened: StaffPage
let page: StaffPage['page']
beforeAll(async () => {
  opened = await openStaffPage('/residents', '.residents .found button')
  page = opened.page
})
afterAll(() => opened?.close())

/** The next answer to a question whose address matches is made now and comes only when it is let go. */
async function hold(address: RegExp) {
  const [made, released] = [signal(), signal()]
  await page.route(
    address,
    async route => {
      const response = await route.fetch()
      made.give()
      await released.given
      await route.fulfill({ response })
    },
    { times: 1 },
  )
  return {
    made: made.given,
    async letGo() {
      const come = page.waitForResponse(address)
      released.give()
      await (await come).finished()
      await settled(page)
    },
  }
}

test('what was looked for before is answered last: the newest question’s answer stays', async () => {
  const { siteId } = opened.site
  await opened.site.caretaker.ask('POST', '/api/residents', { siteId, name: 'Bo Li', flat: '14' })
  const ada = await hold(/\/api\/residents\?.*q=ada/)
  await page.fill('input[name=q]', 'ada')
  await page.keyboard.press('Enter')
  await ada.made
  await page.fill('input[name=q]', 'bo')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.found button:has-text("Bo Li")')
  await ada.letGo()
  expect(await page.locator('.found button').allInnerTexts()).toEqual([expect.stringContaining('Bo Li')])
})

test('an answer from before the box was looked into leads nobody back to it', async () => {
  const { caretaker, controllerId, siteId } = opened.site
  await caretaker.ask('POST', '/api/audits', { controllerId, reason: 'tour' })
  await page.goto(`${opened.server.url}/counter`)
  await page.click('.counter.link-live .parts button:nth-child(2)')
  await page.waitForSelector('.one-box h3:has-text("Porte 1")')
  const doors = await caretaker.ask<{ items: { id: string; door: number }[] }>('GET', `/api/doors?siteId=${siteId}`)
  const { id } = doors.body.items.find(({ door }) => door === 4)!
  const before = await hold(/\/api\/audits\/[^/]+$/)
  expect((await caretaker.ask('POST', `/api/doors/${id}/retire`, { reason: 'peinture' })).status).toBe(200)
  await before.made
  await page.click('.one-box .answers button:first-child')
  await page.waitForSelector('.one-box h3:has-text("Porte 2")')
  await before.letGo()
  expect(await page.locator('.one-box h3').innerText()).toContain('Porte 2')
  expect(opened.problems).toEqual([])
})
