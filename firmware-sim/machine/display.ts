import type { Answer } from './state.ts'
import type { Turn } from './turn.ts'

export function show(turn: Turn, keypad: number, answer: Answer) {
  const sound = answer.result === 'open' ? 'open' : 'refused'
  turn.effects.push({ type: 'show', keypad, answer }, { type: 'beep', keypad, sound })
}
