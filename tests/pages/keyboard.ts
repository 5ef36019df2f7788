import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Where the next key goes, or what is wrong with it. WCAG 2.4.7 focus visible, 2.4.11 not covered, 2.4.3 not lost. */
const focusNow = `(() => {
  const at = document.activeElement
  if (!at || at === document.body) return { lost: true }
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  const { left, right, top, bottom } = at.getBoundingClientRect()
  const middle = (from, to, most) => (Math.max(0, from) + Math.min(most, to)) / 2
  const over = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight))
  return {
    lost: false,
    name: at.tagName + (at.id && '#' + at.id) + ' ' + (at.textContent || at.name || '').trim().slice(0, 40),
    drawn: at.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: over !== null && (at.contains(over) || over.contains(at)),
  }
})()`
type Focus = { lost: true } | { lost: false; name: string; drawn: boolean; seen: boolean }

/** Let what a key began begin. */
const focusThen = `new Promise(done => requestAnimationFrame(() => setTimeout(() => done(${focusNow}))))`

/** Hands that have a keyboard and nothing else; after each key somebody must see where the next one goes. */
export function keyboardOf(page: Page) {
  let presses = 0
  let typed = 0
  /** a page that was only just loaded begins at its top */
  let isFresh = true

  async function look(after: string, how = focusNow): Promise<void> {
    if (isFresh) return
    const focus: Focus = await page.evaluate(how)
    expect(focus, `the focus after ${after}`).toMatchObject({ lost: false, drawn: true, seen: true })
  }

  const keys = {
    /** Pressed so far: keys, and letters of texts. */
    count: () => ({ presses, typed }),
    async press(key: string): Promise<void> {
      await look(`what led to ${key}`)
      await page.keyboard.press(key)
      presses += 1
      isFresh = false
      await look(key, focusThen)
    },
    async type(text: string): Promise<void> {
      await look(`what led to “${text}”`)
      await page.keyboard.type(text)
      typed += text.length
      await look(`“${text}”`)
    },
    /** Enter on what leads to another page, until that has `selector`. */
    async go(selector: string): Promise<void> {
      await look('what led to a link')
      await page.keyboard.press('Enter')
      presses += 1
      isFresh = true
      await page.waitForSelector(selector)
    },
    async tabTo(selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
      const way: string[] = []
      for (let n = 0; n < 60; n++) {
        if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return
        await keys.press(key)
        way.push(String(await page.evaluate('document.activeElement.textContent.trim().slice(0, 20)')))
      }
      throw new Error(`no way to ${selector} by ${key}: ${way.join(', ')}`)
    },
  }
  return keys
}
