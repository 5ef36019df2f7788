// @ts-check
import { drawDoors, updateDoors } from './cabinet.js'
import { sayDoor, updateChosen } from './chosen.js'
import { drawSwitches, updateDevice } from './device.js'
import { inGroups, makeKeypad } from './keypad.js'
import { beep, isSoundOn, setSound } from './sound.js'
import { sayAnswer, texts } from './texts.js'

/** @param {string} id */
const at = id => /** @type {HTMLElement} */ (document.getElementById(id))
const answerStaysMs = 9000

const page = {
  language: /** @type {'fr' | 'en'} */ ('fr'),
  /** @type {Map<string, { state: any, events: any[] }>} */
  devices: new Map(),
  /** @type {string | null} */
  shown: null,
  keypad: 1,
  /** @type {number | null} */
  door: null,
  /** @type {{ answer: any, online: boolean, badge?: boolean } | null} */
  answer: null,
  digits: '',
  waiting: false,
  isBadge: false,
  /** @type {WebSocket | null} */
  socket: null,
  drawn: '',
  answerTimer: 0,
}

const words = () => texts[page.language]
const now = () => (page.shown === null ? null : (page.devices.get(page.shown) ?? null))
/** @param {object} wish */
const wish = wish => {
  if (page.socket?.readyState === WebSocket.OPEN) page.socket.send(JSON.stringify({ id: page.shown, ...wish }))
}

const keypad = makeKeypad(at('keys'), {
  changed(digits) {
    page.digits = digits
    page.answer = null
    updateDisplay()
  },
  entered: code => ask({ does: 'code', code }),
})

/** @param {{ does: string, code: string }} what */
function ask(what) {
  page.isBadge = what.does === 'badge'
  page.digits = ''
  page.answer = null
  page.waiting = page.socket?.readyState === WebSocket.OPEN
  updateDisplay()
  wish({ keypad: page.keypad, ...what })
}

/** @param {any} message */
function hear(message) {
  if (message.type === 'state') {
    const before = page.devices.get(message.state.id)?.state
    page.devices.set(message.state.id, message)
    page.shown ??= message.state.id
    if (message.state.id !== page.shown) return updateTabs()
    // a display without power shows nothing of before
    if (before?.power && !message.state.power) Object.assign(page, { answer: null, waiting: false })
    followOpening(before, message)
    update()
  }
  if (message.type === 'answer' && message.id === page.shown && message.keypad === page.keypad) {
    page.waiting = false
    page.answer = { answer: message.answer, online: now()?.state.phase !== 'down', badge: page.isBadge }
    clearAnswerLater()
    beep(message.answer.result === 'open' ? 'open' : 'refused')
    updateDisplay()
  }
}

function clearAnswerLater() {
  clearTimeout(page.answerTimer)
  page.answerTimer = window.setTimeout(() => {
    page.answer = null
    updateDisplay()
  }, answerStaysMs)
}

/** The door that just opened is the one somebody wants to use. @param {any} before @param {any} message */
function followOpening(before, { state, events }) {
  const was = new Map((before?.doors ?? []).map(each => [each.door, each.leaf]))
  const opened = state.doors.find(each => each.leaf === 'open' && was.get(each.door) === 'closed')
  if (!opened) return
  page.door = opened.door
  // an order opened it: whoever stands here reads which one, unless they are typing
  const forced = events.findLast(each => each.door === opened.door)?.type !== 'opened'
  if (forced || page.answer || page.waiting || page.digits) return
  page.answer = { answer: { result: 'open', door: opened.door }, online: true }
  clearAnswerLater()
}

function update() {
  const device = now()
  if (!device) return
  const { state, events } = device
  const key = JSON.stringify([state.id, state.doors.map(each => [each.door, each.size, each.kind])])
  if (key !== page.drawn) {
    page.drawn = key
    page.keypad = state.keypads[0]?.keypad ?? 1
    drawDoors(at('cabinet'), state.doors, touchDoor)
    drawKeypads(state.keypads)
    if (state.doors.length === 1) page.door = state.doors[0].door
  }
  const rooms = state.doors.every(each => each.kind === 'room')
  at('site').textContent = state.siteName || state.id
  at('doors-title').textContent = rooms ? words().rooms(state.doors.length) : words().bank(state.doors.length)
  const open = state.doors.filter(each => each.leaf === 'open').length
  const full = state.doors.filter(each => each.occupied).length
  at('doors-count').textContent = rooms ? '' : words().tally(open, full)
  at('exit').hidden = !state.doors.some(each => each.kind === 'room')
  updateDoors(at('cabinet'), state.doors, page.door, door => sayDoor(door, page.language))
  const places = { switches: at('switches'), clock: at('clock'), facts: at('facts'), events: at('events') }
  updateDevice(places, state, events, page.language)
  updateChosen(
    at('chosen'),
    state.doors.find(each => each.door === page.door),
    { language: page.language, wish },
  )
  updateTabs()
  updateDisplay()
}

/** An open door is pushed shut, an unlocked one pulled open; a locked one is only looked at. @param {number} number */
function touchDoor(number) {
  const door = now()?.state.doors.find(each => each.door === number)
  if (!door) return
  const chosenBefore = page.door === number
  page.door = number
  if (door.leaf === 'open' && chosenBefore) wish({ does: 'shut', door: number })
  else if (door.leaf === 'closed' && door.bolt === 'unlocked') wish({ does: 'open', door: number })
  update()
}

function updateDisplay() {
  const state = now()?.state
  if (!state) return
  const phase = state.power ? state.phase : 'off'
  const display = at('display')
  at('display-place').textContent = state.siteName || state.id
  at('display-link').textContent = words().phase[phase]
  display.dataset.phase = phase
  keypad.power(state.power)
  at('exit').textContent = state.power ? words().exit : words().handle
  at('case').classList.toggle('off', !state.power)
  const forMs = state.keypads.find(each => each.keypad === page.keypad)?.lockedForMs ?? 0
  // a lock-out stays on the display for as long as it lasts, so that nobody types in vain
  const locked = state.power && !page.waiting && forMs > 0 && { answer: { result: 'locked', forMs }, online: true }
  const shown = page.answer ?? (locked || null)
  const place = { language: page.language, timeZone: state.timeZone, online: shown?.online ?? true }
  const kind = state.doors.find(each => each.door === shown?.answer.door)?.kind
  const [main, more] = shown
    ? sayAnswer(shown.answer, { ...place, kind, badge: page.answer?.badge })
    : !state.power
      ? [words().noPower, '']
      : page.waiting
        ? [words().wait, '']
        : [words().type, words().afterwards]
  display.dataset.tone = shown ? (shown.answer.result === 'open' ? 'open' : 'refused') : 'idle'
  setText('display-main', page.digits ? '' : main)
  setText('display-more', page.digits ? '' : more)
  at('display-digits').textContent = inGroups(page.digits)
  at('display-digits').hidden = page.digits === ''
}

/** Only when it differs, or a screen reader would say it every second. @param {string} id @param {string} text */
function setText(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text
}

/** @param {HTMLElement} place @param {[string, string, boolean, () => void][]} choices */
function drawSegments(place, choices) {
  place.hidden = choices.length < 2
  const key = JSON.stringify(choices)
  if (place.dataset.key === key) return
  place.dataset.key = key
  place.replaceChildren(
    ...choices.map(([word, phase, pressed, chosen]) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: word })
      button.dataset.phase = phase
      button.setAttribute('aria-pressed', String(pressed))
      button.addEventListener('click', chosen)
      return button
    }),
  )
}

/** @param {any[]} keypads */
function drawKeypads(keypads) {
  const choose = keypad => () => {
    // what the other one was asked is answered there
    Object.assign(page, { keypad, answer: null, waiting: false })
    drawKeypads(keypads)
    updateDisplay()
  }
  const choices = keypads.map(({ keypad: n }) => [words().keypadNumber(n), '', page.keypad === n, choose(n)])
  drawSegments(at('keypads'), /** @type {any} */ (choices))
}

function updateTabs() {
  const choose = id => () => {
    Object.assign(page, { shown: id, door: null, answer: null, waiting: false })
    keypad.clear()
    update()
  }
  const choices = [...page.devices.values()].map(({ state }) => {
    const phase = state.power ? state.phase : 'off'
    return [state.id, phase, state.id === page.shown, choose(state.id)]
  })
  drawSegments(at('tabs'), /** @type {any} */ (choices))
}

/** @param {'fr' | 'en'} language */
function speak(language) {
  page.language = language
  document.documentElement.lang = language
  for (const element of document.querySelectorAll('[data-text]')) {
    const word = words()[element.getAttribute('data-text') ?? '']
    if (typeof word === 'string') element.textContent = word
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-language') === language))
  }
  keypad.name({ ok: words().ok, erase: words().erase })
  showSound()
  const device = now()
  if (device) drawKeypads(device.state.keypads)
  update()
}

function showSound() {
  at('sound').textContent = isSoundOn() ? '♪' : '×'
  at('sound').setAttribute('aria-pressed', String(isSoundOn()))
  at('sound').setAttribute('aria-label', isSoundOn() ? words().soundOn : words().soundOff)
}

function connect() {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/devices`)
  page.socket = socket
  socket.addEventListener('open', () => {
    at('lost').hidden = true
  })
  socket.addEventListener('message', event => hear(JSON.parse(event.data)))
  socket.addEventListener('close', () => {
    at('lost').hidden = false
    page.waiting = false
    setTimeout(connect, 1000)
  })
}

drawSwitches(at('switches'), (what, on) => wish({ does: what, on }))
for (const button of at('clock').querySelectorAll('button')) {
  const by = Number(button.dataset.drift)
  button.addEventListener('click', () => wish(button.dataset.drift ? { does: 'drift', by } : { does: 'lose-clock' }))
}
at('exit').addEventListener('click', () => {
  const rooms = now()?.state.doors.filter(each => each.kind === 'room') ?? []
  const door = rooms.find(each => each.door === page.door) ?? rooms[0]
  if (door) wish({ does: 'exit', door: door.door })
})
at('sound').addEventListener('click', () => {
  setSound(!isSoundOn())
  showSound()
})
at('badge-form').addEventListener('submit', event => {
  event.preventDefault()
  const field = /** @type {HTMLInputElement} */ (at('badge'))
  if (field.value) ask({ does: 'badge', code: field.value })
})
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => speak(button.getAttribute('data-language') === 'en' ? 'en' : 'fr'))
}
speak('fr')
connect()
