import { type Static, Type } from 'typebox'
import { Cause, Clock, DoorNumber, Keypad, Millis, Name, open, Seq } from './shapes.ts'

const stamp = { seq: Seq, at: Millis, clock: Clock }
const at = { ...stamp, door: DoorNumber }
const door = <T extends string>(type: T) => open({ ...at, type: Type.Literal(type) })
const caused = <T extends string>(type: T) => open({ ...at, type: Type.Literal(type), cause: Cause })

const oneOf = <const T extends readonly string[]>(...words: T) =>
  Type.Union(words.map(word => Type.Literal(word))) as unknown as Type.TUnsafe<T[number]>

/** One shape per event type of the contract; the order is the table's in the contract. */
export const eventShapes = {
  started: open({ ...stamp, type: Type.Literal('started'), reason: oneOf('power', 'update', 'watchdog') }),
  accepted: caused('accepted'),
  unlocked: caused('unlocked'),
  opened: door('opened'),
  closed: door('closed'),
  occupied: door('occupied'),
  vacant: door('vacant'),
  jammed: open({ ...at, type: Type.Literal('jammed'), cause: Type.Optional(Cause) }),
  forced: door('forced'),
  'held-open': door('held-open'),
  'exit-requested': door('exit-requested'),
  'code-refused': open({
    ...stamp,
    type: Type.Literal('code-refused'),
    keypad: Keypad,
    /** `locked`: the door's mode shuts it to every code */
    reason: oneOf('unknown', 'early', 'expired', 'used', 'no-clock', 'no-answer', 'locked'),
    grant: Type.Optional(Name),
  }),
  'keypad-locked': open({ ...stamp, type: Type.Literal('keypad-locked'), keypad: Keypad, forMs: Millis }),
  'order-refused': open({
    ...stamp,
    type: Type.Literal('order-refused'),
    order: Name,
    reason: oneOf('late', 'wrong-boot', 'repeated', 'unknown-door', 'busy', 'retained', 'not-asked', 'locked'),
  }),
  'mode-changed': open({
    ...at,
    type: Type.Literal('mode-changed'),
    mode: oneOf('normal', 'free', 'locked'),
    cause: Type.Optional(Cause),
  }),
  'grants-applied': open({ ...stamp, type: Type.Literal('grants-applied'), version: Seq }),
  'config-applied': open({ ...stamp, type: Type.Literal('config-applied'), version: Seq }),
  'list-too-large': open({ ...stamp, type: Type.Literal('list-too-large'), version: Type.Optional(Seq) }),
  'clock-set': open({ ...stamp, type: Type.Literal('clock-set'), by: Type.Integer() }),
  'sensors-muted': open({ ...stamp, type: Type.Literal('sensors-muted') }),
  'message-refused': open({
    ...stamp,
    type: Type.Literal('message-refused'),
    topic: Type.String({ maxLength: 256 }),
    reason: Type.String({ maxLength: 256 }),
  }),
  tampered: open({ ...stamp, type: Type.Literal('tampered') }),
  power: open({
    ...stamp,
    type: Type.Literal('power'),
    source: oneOf('mains', 'battery'),
    level: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  }),
} as const

export type EventType = keyof typeof eventShapes
export type DeviceEvent = { [T in EventType]: Static<(typeof eventShapes)[T]> }[EventType]
export type EventOf<T extends EventType> = Extract<DeviceEvent, { type: T }>

/** An event as it came: a readable `seq` is enough to be numbered, recorded and acked, whatever else it holds. */
export const RawEvent = open({ seq: Seq })
export type RawEvent = { seq: number; [member: string]: unknown }

/**
 * up/events: 1–20 events in rising order, one message under way until its ack.
 * More than 20 is no other form: "an event with a readable seq is never malformed". The server takes 20 new ones of it and
 * acks those, so a device that counts wrong and sends the same message again still gets on.
 * `live` false means history: recorded and counted, never a live alarm.
 */
export const Events = open({
  journal: Name,
  live: Type.Boolean(),
  events: Type.Array(RawEvent, { minItems: 1 }),
})
export type Events = { journal: string; live: boolean; events: RawEvent[] }
