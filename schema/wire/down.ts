import { type Static, Type } from 'typebox'
import { DoorNumber, Millis, Name, open, Seq } from './shapes.ts'

/** down/welcome: the last number recorded of the journal; the device goes on from `seq` + 1 and sets its clock from `time`. */
export const Welcome = open({ journal: Name, seq: Seq, time: Millis, up: Millis, beatMs: Millis })
export type Welcome = Static<typeof Welcome>

/** down/ack: everything up to `seq` of that journal is committed. */
export const Ack = open({ journal: Name, seq: Seq })
export type Ack = Static<typeof Ack>

const order = {
  order: Name,
  door: DoorNumber,
  grant: Name,
  boot: Name,
  /** the device obeys only while its own uptime is at most this, in ms */
  notAfterUp: Millis,
  ask: Type.Optional(Name),
}
export const OpenOrder = open({ ...order, type: Type.Literal('open') })
export const ModeOrder = open({
  ...order,
  type: Type.Literal('mode'),
  mode: Type.Union([Type.Literal('normal'), Type.Literal('free'), Type.Literal('locked')]),
  forMs: Millis,
})

/** The answer to up/code when the door stays shut; `from`, `until`, `usedAt` say why in the person's terms. */
export const Refuse = open({
  ask: Name,
  type: Type.Literal('refuse'),
  reason: Type.Union([
    Type.Literal('unknown'),
    Type.Literal('early'),
    Type.Literal('expired'),
    Type.Literal('used'),
    Type.Literal('door-out-of-service'),
    Type.Literal('locked'),
  ]),
  from: Type.Optional(Millis),
  until: Type.Optional(Millis),
  usedAt: Type.Optional(Millis),
})
export const Order = Type.Union([OpenOrder, ModeOrder, Refuse])
export type OpenOrder = Static<typeof OpenOrder>
export type ModeOrder = Static<typeof ModeOrder>
export type Refuse = Static<typeof Refuse>
export type Order = OpenOrder | ModeOrder | Refuse

const Check = Type.String({ pattern: '^[0-9a-f]{32}$' })
const Totp = open({
  secret: Type.String({ pattern: '^[A-Z2-7]+=*$' }),
  digits: Type.Integer({ minimum: 6, maximum: 10 }),
  period: Type.Integer({ minimum: 15, maximum: 120 }),
})
export const ListedGrant = open({
  grant: Name,
  door: DoorNumber,
  from: Millis,
  until: Millis,
  /** 1, or 0 for any number */
  uses: Type.Integer({ minimum: 0, maximum: 1 }),
  reopenMs: Type.Optional(Millis),
  check: Type.Optional(Check),
  badge: Type.Optional(Check),
  totp: Type.Optional(Totp),
  usedAt: Type.Optional(Millis),
})
export type ListedGrant = Static<typeof ListedGrant>

/** down/grants: the whole list in pages that never change within a version; in force with the last page. */
export const Grants = open({
  version: Seq,
  page: Type.Integer({ minimum: 1 }),
  pages: Type.Integer({ minimum: 1 }),
  grants: Type.Array(ListedGrant),
})
export type Grants = Static<typeof Grants>

const ClockTime = Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$' })
export const Config = open({
  version: Seq,
  unlockMs: Millis,
  heldOpenMs: Millis,
  wrongTries: Type.Integer({ minimum: 1 }),
  lockoutMs: Millis,
  lockoutFactor: Type.Number({ minimum: 1 }),
  lockoutMaxMs: Millis,
  language: Type.String({ minLength: 2, maxLength: 8 }),
  timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  siteName: Type.String({ maxLength: 128 }),
  quietHours: Type.Array(ClockTime, { minItems: 2, maxItems: 2 }),
})
export type Config = Static<typeof Config>
