import type { Page } from 'playwright-core'
import type { Language } from '../../dashboard/src/i18n/words.ts'

/** Chooses a language at the top of the page; its words are fetched first. */
export async function speak(page: Page, language: Language): Promise<void> {
  await page.selectOption('.bar label:last-of-type select', language)
  await page.waitForSelector(`html[lang=${language}]`)
}
