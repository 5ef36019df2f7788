// @ts-check
import { texts } from './texts.js'

/** The door somebody chose: what it is, and what hands can do with it. */

/** @typedef {import('./cabinet.js').Door} Door */
/** @typedef {import('./texts.js').Language} Language */

/** @param {Door} door @param {Language} language */
export function sayDoor(door, language) {
  const words = texts[language]
  const parts = [words.door(door.door, door.kind) + (door.size ? ` (${door.size})` : '')]
  const state = door.leaf === 'open' ? words.open : door.bolt === 'locked' ? words.locked : words.unlocked
  parts.push(state(door.kind))
  if (door.kind === 'compartment') parts.push(door.occupied ? words.full : words.empty)
  if (door.mode !== 'normal') parts.push(words.modes[door.mode])
  if (door.jammed) parts.push(words.jammed)
  return parts.join(', ')
}

/** @param {string} className @param {string} text */
const paragraph = (className, text) => Object.assign(document.createElement('p'), { className, textContent: text })

/** @typedef {{ word: string, what: { does: string, on?: boolean }, look: string }} Action */

/** @param {Door} door @param {Language} language @returns {Action[]} */
function actionsOf(door, language) {
  const words = texts[language]
  const actions = []
  const add = (word, what, look) => actions.push({ word, what, look })
  const open = door.leaf === 'open'
  if (open && door.kind === 'compartment') {
    add(door.occupied ? words.take : words.put, { does: door.occupied ? 'take' : 'put' }, 'primary')
  }
  if (open) add(words.shut, { does: 'shut' }, 'primary')
  if (!open && door.bolt === 'unlocked') add(words.pull, { does: 'open' }, 'primary')
  if (!open && door.bolt === 'locked') add(words.force, { does: 'open' }, 'quiet')
  add(door.jammed ? words.unjam : words.jam, { does: 'jam', on: !door.jammed }, 'quiet')
  return actions
}

/**
 * @param {HTMLElement} place @param {Door | undefined} door
 * @param {{ language: Language, wish: (what: object) => void }} page
 */
export function updateChosen(place, door, { language, wish }) {
  const key = JSON.stringify([door, language])
  if (place.dataset.key === key) return
  place.dataset.key = key
  // what had the focus has it again after the redraw, so that a keyboard user is not thrown out
  const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute('data-does') : null
  place.replaceChildren()
  if (!door) return void place.append(paragraph('hint', texts[language].choose))
  place.append(paragraph('name', sayDoor(door, language)))
  if (door.leaf === 'closed' && door.bolt === 'locked') place.append(paragraph('hint', texts[language].lockedHint))
  if (door.withoutPower) place.append(paragraph('hint', texts[language].withoutPower[door.withoutPower]))
  const row = document.createElement('div')
  row.className = 'actions'
  for (const { word, what, look } of actionsOf(door, language)) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: word })
    button.className = look
    button.dataset.does = what.does
    button.addEventListener('click', () => wish({ door: door.door, ...what }))
    row.append(button)
  }
  place.append(row)
  const again = focused && (row.querySelector(`[data-does="${focused}"]`) ?? row.querySelector('button'))
  if (again instanceof HTMLElement) again.focus()
}
