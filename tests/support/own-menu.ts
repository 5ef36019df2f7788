import type { Page } from 'playwright-core'

/** Unfolds what is one's own at the top of the page: account, language, sign-out. Only who works here has it folded. */
export async function openOwn(page: Page): Promise<void> {
  // there once it is known who this is
  await page.waitForSelector('.bar .language', { state: 'attached' })
  const folded = page.locator('.own-menu:not([open]) > summary')
  if ((await folded.count()) > 0) await folded.press('Enter')
}

/** Ends the session, at the top of the page. */
export async function signOut(page: Page): Promise<void> {
  await openOwn(page)
  await page.click('.bar button')
}
