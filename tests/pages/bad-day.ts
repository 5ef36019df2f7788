import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Sql } from '../../server/postgres/connect.ts'
import { signal } from '../support/signal.ts'

/** One button of a page, in the order in which a person comes to it. */
export type Button = {
  /** what it says, a row for each */
  name: string | RegExp
  /** what is done or happens before it is pressed */
  first?: () => Promise<unknown>
  /** how its POST's path ends; without it the button sends nothing */
  posts?: string
  /** once it is done */
  shows: () => Promise<unknown>
  /** the page is told by others that it was done, whatever became of the answer, and the button is gone */
  heard?: true
  /** what people's acts have added to the history by then, once each */
  facts?: string[]
}

/** Let what a click began begin, and what came be taken in. */
export const settled = (page: Page) =>
  page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done)))')

/** A tap; the second half of the double tap comes when the page has answered the first, and hits what is there then. */
async function tap(page: Page, button: Locator): Promise<() => Promise<void>> {
  await button.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await button.boundingBox())!
  const at = [x + width / 2, y + height / 2] as const
  await page.mouse.click(...at)
  return async () => {
    await page.mouse.move(...at)
    await page.mouse.down({ clickCount: 2 })
    await page.mouse.up({ clickCount: 2 })
    await settled(page)
  }
}

/** Presses the buttons of one page, each as on a bad day, and knows which buttons the page has. */
export function badDay(page: Page, sql: Sql, lost: string) {
  const seen = new Set<string>()
  const named = (name: string | RegExp) =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).first()
  const look = async () => {
    for (const text of await page.getByRole('button').allInnerTexts()) seen.add(text.replace(/\s+/g, ' ').trim())
  }
  const lastFact = async () => Number((await sql`select coalesce(max(n), 0) as n from history`)[0]!.n)
  const factsSince = async (n: number) =>
    (await sql`select type from history where n > ${n} and journal is null order by n`).map(row => row.type as string)

  /** Sent and done, the answer lost; pressed again, twice. */
  async function pressLosing(button: Button, posts: string): Promise<void> {
    const keys: (string | undefined)[] = []
    const answerLost = signal()
    const path = (url: URL) => url.pathname.endsWith(posts)
    await page.route(path, async route => {
      if (route.request().method() !== 'POST') return route.fallback()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.fallback()
      await route.fetch()
      await route.abort()
      answerLost.give()
    })
    const n = await lastFact()
    await (await tap(page, named(button.name)))()
    await answerLost.given
    if (!button.heard) await pressAgain(button, path)
    await button.shows()
    await page.unroute(path)
    const times = button.heard ? 1 : 2
    expect(keys, `${button.name}: sent, its answer lost, sent again`).toHaveLength(times)
    expect(keys.at(-1), `${button.name}: the same asking`).toBe(keys[0])
    if (button.facts) expect(await factsSince(n), `${button.name}`).toEqual(button.facts)
  }

  async function pressAgain(button: Button, path: (url: URL) => boolean): Promise<void> {
    await page.getByText(lost).first().waitFor()
    const answered = page.waitForResponse(response => path(new URL(response.url())))
    const [secondHalf] = await Promise.all([tap(page, named(button.name)), answered])
    await button.shows()
    await secondHalf()
  }

  /** It only leads on: the second half of a double tap presses nothing there. */
  async function pressTwice(button: Button): Promise<void> {
    const sent: string[] = []
    const note = (request: { method(): string; url(): string }) =>
      request.method() === 'POST' && sent.push(request.url())
    page.on('request', note)
    const secondHalf = await tap(page, named(button.name))
    await button.shows()
    await secondHalf()
    await button.shows()
    page.off('request', note)
    expect(sent, `${button.name} sends nothing`).toEqual([])
  }

  return {
    seen,
    async press(button: Button): Promise<void> {
      await button.first?.()
      await named(button.name).waitFor()
      await look()
      await (button.posts ? pressLosing(button, button.posts) : pressTwice(button))
      await look()
    },
    /** Buttons that the page showed on the way and nobody has pressed. */
    unpressed: (buttons: Button[]) =>
      [...seen].filter(
        text => !buttons.some(({ name }) => (typeof name === 'string' ? name === text : name.test(text))),
      ),
  }
}
