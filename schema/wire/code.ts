import { type Static, Type } from 'typebox'
import { Keypad, Millis, Name, open } from './shapes.ts'

/** up/code: a code or badge that the device's own list does not know; it waits 2 s for the answer. Never logged, never stored. */
export const Code = open({
  ask: Name,
  boot: Name,
  up: Millis,
  keypad: Keypad,
  code: Type.Optional(Type.String({ pattern: '^[0-9]{4,12}$' })),
  badge: Type.Optional(Type.String({ pattern: '^[0-9a-f]{8,20}$' })),
})
export type Code = Static<typeof Code>
