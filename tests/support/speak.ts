import type { Page } from 'playwright-core'
import type { Language } from '../../dashboard/src/i18n/words.ts'
import { openOwn } from './own-menu.ts'

/** Chooses a language at the top of the page; its words are fetched first. */
export async function speak(page: Page, language: Language): Promise<void> {
  await openOwn(page)
  await page.selectOption('.bar .language select', language)
  await page.waitForSelector(`html[lang=${language}]`)
}
