import { type Static, Type } from 'typebox'
import { Clock, DoorNumber, Keypad, Millis, Name, open, Seq, storableText } from './shapes.ts'

export const DoorReport = open({
  door: DoorNumber,
  kind: Type.Union([Type.Literal('compartment'), Type.Literal('room')]),
  size: Type.Optional(Type.Union([Type.Literal('S'), Type.Literal('M'), Type.Literal('L'), Type.Literal('XL')])),
  height: Type.Optional(Type.Union([Type.Literal('low'), Type.Literal('normal'), Type.Literal('high')])),
  doorSensor: Type.Boolean(),
  occupancySensor: Type.Boolean(),
  /** what the lock does without power: lets go, or stays as it is; from inside it opens either way */
  withoutPower: Type.Optional(Type.Union([Type.Literal('fail-safe'), Type.Literal('fail-secure')])),
})
export type DoorReport = Static<typeof DoorReport>

/** One keypad and doors it serves; entries with the same number, also of other pages, are parts of one keypad. */
export const KeypadReport = open({ keypad: Keypad, doors: Type.Array(DoorNumber, { maxItems: 1024 }) })
export type KeypadReport = Static<typeof KeypadReport>

/** up/status, the device is here: sent first after subscribing (with doors and keypads), then every `beatMs` without them. */
export const Online = open({
  state: Type.Literal('online'),
  link: Name,
  boot: Name,
  up: Millis,
  journal: Name,
  first: Seq,
  last: Seq,
  firmware: Type.String({ maxLength: 64, pattern: storableText }),
  protocol: Type.Integer({ minimum: 1 }),
  time: Millis,
  clock: Clock,
  /** version of the grants list in force; 0 none, −1 keeps no list */
  grants: Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER }),
  /** version of the config in force; 0 none */
  config: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  doors: Type.Optional(Type.Array(DoorReport, { maxItems: 256 })),
  keypads: Type.Optional(Type.Array(KeypadReport, { maxItems: 64 })),
  doorsPage: Type.Optional(Type.Integer({ minimum: 1 })),
  doorsPages: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type Online = Static<typeof Online>

/** up/status, will or clean stop: counts only while `link` is the current one. */
export const Offline = open({ state: Type.Literal('offline'), link: Name, boot: Name })
export type Offline = Static<typeof Offline>

export const Status = Type.Union([Online, Offline])
export type Status = Online | Offline
