// @ts-check
/** Short tones, so that the answer is heard as well as read. */

/** @type {AudioContext | null} */
let context = null
let on = true

export const isSoundOn = () => on
/** @param {boolean} value */
export function setSound(value) {
  on = value
}

/** @param {number} frequency @param {number} after @param {number} seconds @param {number} volume */
function tone(frequency, after, seconds, volume) {
  if (!context) return
  const start = context.currentTime + after
  const oscillator = context.createOscillator()
  const gain = context.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(volume, start + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.001, start + seconds)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(start)
  oscillator.stop(start + seconds)
}

/** @param {'key' | 'open' | 'refused'} what */
export function beep(what) {
  if (!on || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  if (what === 'key') tone(1150, 0, 0.06, 0.05)
  if (what === 'open') {
    tone(660, 0, 0.16, 0.14)
    tone(990, 0.14, 0.3, 0.14)
  }
  if (what === 'refused') {
    tone(240, 0, 0.22, 0.16)
    tone(190, 0.24, 0.34, 0.16)
  }
}
