// @ts-check
import { eventNames, reasonNames } from './event-texts.js'
import { sayTime, texts } from './texts.js'

/** The panel beside the cabinet: switches, what the device knows, what it wrote last. */

/** @param {HTMLElement} place @param {(what: 'power' | 'network', on: boolean) => void} turned */
export function drawSwitches(place, turned) {
  for (const what of /** @type {const} */ (['power', 'network'])) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'switch'
    button.dataset.switch = what
    button.setAttribute('role', 'switch')
    const word = document.createElement('span')
    const state = document.createElement('small')
    const knob = document.createElement('i')
    button.append(word, state, knob)
    button.addEventListener('click', () => turned(what, button.getAttribute('aria-checked') !== 'true'))
    place.append(button)
  }
}

/**
 * @param {{ switches: HTMLElement, clock: HTMLElement, facts: HTMLElement, events: HTMLElement }} places
 * @param {any} state @param {any[]} events @param {import('./texts.js').Language} language
 */
export function updateDevice(places, state, events, language) {
  const words = texts[language]
  for (const what of /** @type {const} */ (['power', 'network'])) {
    const button = places.switches.querySelector(`[data-switch="${what}"]`)
    button?.setAttribute('aria-checked', String(state[what]))
    const word = button?.querySelector('span')
    if (word) word.textContent = words[what]
    const said = button?.querySelector('small')
    if (said) said.textContent = state[what] ? words.on : words.off
  }
  for (const button of places.clock.querySelectorAll('button')) button.disabled = !state.power
  const { journal, clock, versions } = state
  const time = clock.kind === 'none' ? '' : `${sayTime(clock.time, language, state.timeZone)} · `
  /** @type {[string, string, string][]} */
  const known = [
    [words.journal, words.journalIs(journal.first, journal.last), state.power ? words.unacked(journal.unacked) : ''],
    [words.clock, time + words.clocks[clock.kind], clock.kind === 'none' ? '' : words.clockOff(offOf(clock.time))],
    [words.list, words.listIs(state.grants, versions.grants), versions.grants ? `v ${versions.grants}` : ''],
    [words.config, words.configIs(versions.config), ''],
  ]
  // without power nobody can ask it; nothing of it is lost
  const facts = state.power ? known : known.map(([name]) => [name, words.asleep, ''])
  places.facts.replaceChildren(...facts.flatMap(([name, fact, more]) => rowOf(name, fact, more, journal.unacked > 0)))
  const kinds = new Map(state.doors.map(each => [each.door, each.kind]))
  const zone = { language, timeZone: state.timeZone, kinds }
  const rows = events.toReversed().map(each => eventRow(each, zone))
  if (rows.length === 0)
    rows.push(
      Object.assign(document.createElement('li'), {
        className: 'none',
        textContent: state.power ? words.noEvents : words.asleep,
      }),
    )
  places.events.replaceChildren(...rows)
}

/** By how many seconds it goes wrong; what the way here takes is no drift. @param {number} time */
function offOf(time) {
  const off = Math.round((time - Date.now()) / 1000)
  return Math.abs(off) < 5 ? 0 : off
}

/** @param {string} name @param {string} fact @param {string} more @param {boolean} waiting */
function rowOf(name, fact, more, waiting) {
  const term = Object.assign(document.createElement('dt'), { textContent: name })
  const value = Object.assign(document.createElement('dd'), { textContent: fact })
  if (more) {
    const small = Object.assign(document.createElement('small'), { textContent: more })
    if (waiting && more.match(/^\d/)) small.className = 'waiting'
    value.append(small)
  }
  return [term, value]
}

/** @param {any} event @param {{ language: import('./texts.js').Language, timeZone: string, kinds: Map<number, string> }} zone */
function eventRow(event, { language, timeZone, kinds }) {
  const row = document.createElement('li')
  const cell = (className, text) => Object.assign(document.createElement('span'), { className, textContent: text })
  const time = event.clock === 'none' ? `+${Math.round(event.at / 1000)} s` : sayTime(event.at, language, timeZone)
  const door = event.door === undefined ? '' : texts[language].door(event.door, kinds.get(event.door) ?? '')
  const reason = reasonNames[language][event.reason] ?? event.reason
  const about = [door, reason, event.mode].filter(Boolean)
  row.append(
    cell('seq', `${event.seq}`),
    cell('type', eventNames[language][event.type] ?? event.type),
    cell('about', about.join(' · ')),
    cell('time', time),
  )
  return row
}
