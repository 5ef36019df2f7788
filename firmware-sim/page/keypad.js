// @ts-check
import { beep } from './sound.js'

const longest = 12

/** 1234 5678 @param {string} digits */
export const inGroups = digits => digits.replace(/(\d{4})(?=\d)/g, '$1 ')

/**
 * Large keys that can also be typed on the keyboard.
 * @param {HTMLElement} place
 * @param {{ changed: (digits: string) => void, entered: (digits: string) => void }} heard
 */
export function makeKeypad(place, { changed, entered }) {
  let digits = ''
  let hasPower = true
  const set = next => {
    digits = next
    changed(digits)
  }
  /** @param {string} key */
  const press = key => {
    if (!hasPower) return
    beep('key')
    const button = place.querySelector(`[data-key="${key}"]`)
    button?.classList.add('pressed')
    setTimeout(() => button?.classList.remove('pressed'), 120)
    if (key === 'erase') return set(digits.slice(0, -1))
    if (key !== 'ok') return set((digits + key).slice(0, longest))
    if (digits === '') return
    const typed = digits
    digits = ''
    entered(typed)
  }
  for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'erase', '0', 'ok']) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = `key ${key.length > 1 ? key : 'digit'}`
    button.dataset.key = key
    button.textContent = key.length > 1 ? '' : key
    button.addEventListener('click', () => press(key))
    place.append(button)
  }
  document.addEventListener('keydown', event => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return
    // Enter on a focused button presses that button
    if (event.key === 'Enter' && event.target instanceof HTMLButtonElement && digits === '') return
    const key = { Backspace: 'erase', Enter: 'ok' }[event.key] ?? (/^\d$/.test(event.key) ? event.key : null)
    if (key === null) return
    event.preventDefault()
    press(key)
  })
  return {
    clear: () => set(''),
    /** @param {{ ok: string, erase: string }} words */
    name({ ok, erase }) {
      for (const [key, word] of [
        ['ok', ok],
        ['erase', erase],
      ]) {
        const button = place.querySelector(`[data-key="${key}"]`)
        if (button) button.textContent = key === 'erase' ? '⌫' : word
        button?.setAttribute('aria-label', word)
      }
    },
    /** @param {boolean} on */
    power(on) {
      if (!on && digits !== '') set('')
      hasPower = on
      for (const button of place.querySelectorAll('button')) button.disabled = !on
    },
  }
}
