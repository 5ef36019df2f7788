import type { Config, ListedGrant } from '../../schema/wire/down.ts'
import type { DeviceEvent, RawEvent } from '../../schema/wire/events.ts'
import type { Cause, Clock } from '../../schema/wire/shapes.ts'
import type { DoorReport, KeypadReport } from '../../schema/wire/status.ts'

/** What the device is built of; never changes while it runs. A bank and a room controller differ only here. */
export type Setup = {
  id: string
  codeKey: string
  firmware: string
  /** column and row: where it stands, for whoever draws it; the device itself does not care */
  doors: (DoorReport & { springs: boolean; column?: number; row?: number })[]
  keypads: KeypadReport[]
  /** how many events the journal holds */
  journalSize: number
  /** how many grants the list holds */
  listSize: number
}

/** One event in the journal. `boot`, `up` say how old it is whatever the clock did; `step` is the TOTP step it burnt. */
export type Held = { event: RawEvent; boot: string; up: number; step?: number }
export type Journal = { name: string; held: Held[]; last: number; acked: number }
export type Use = { at: number; steps?: number[] }
export type Tries = { wrong: number; level: number; lockedForMs: number }

/** What is kept beside the journal. A use is in the journal first (`unlocked`) and only later here. */
export type Flash = {
  keyMark: string
  grants: { version: number; list: ListedGrant[] }
  config: Config
  uses: Record<string, Use>
  keypads: Record<number, Tries>
  lastTime: number
}
export type Stored = { journal: Journal | null; flash: Flash | null }

export type Mode = 'normal' | 'free' | 'locked'
export type DoorState = {
  bolt: 'locked' | 'unlocked'
  leaf: 'open' | 'closed'
  occupied: boolean
  /** what the journal says last, which the sensor limit may keep behind the truth */
  said: { leaf: 'open' | 'closed'; occupied: boolean | null }
  /** the next pair follows an unlock of its own, so it is not chatter */
  fresh: boolean
  pairUp: number | null
  forcedUp: number | null
  lockUp: number | null
  heldUp: number | null
  opening: Cause | null
  reopen: { grant: string; until: number } | null
  mode: { mode: Mode; until: number }
}
export type Moving = { door: number; cause: Cause; keypad?: number; step?: number; giveUpUp: number }
export type Ask = { ask: string; until: number; badge: boolean }
export type Uplink = {
  phase: 'down' | 'greeting' | 'up'
  link: string
  cursor: number
  sending: { from: number; to: number; resendUp: number; waitMs: number } | null
  beatMs: number
  statusUp: number
  nextStatusUp: number
  statusWaitMs: number
}

/** All times ending in Up (and `until`) are ms since boot, so no clock can move them. */
export type DeviceState = {
  setup: Setup
  on: boolean
  bootedAt: number
  boot: string
  journal: Journal
  flash: Flash
  appended: number
  mutedSaid: boolean
  clock: { kind: Clock; offset: number }
  savedTimeUp: number
  uplink: Uplink
  pages: { version: number; pages: number; got: Record<number, ListedGrant[]> } | null
  tooLarge: number
  seenOrders: Record<string, number>
  moving: Moving | null
  doors: Record<number, DoorState>
  asks: Record<number, Ask>
  /** running lock-outs, and since when a keypad has seen no wrong try */
  lockedUntil: Record<number, number>
  quietUp: Record<number, number>
  wakeAt: number | null
}

export type Refusal =
  | 'unknown'
  | 'early'
  | 'expired'
  | 'used'
  | 'no-clock'
  | 'no-answer'
  | 'door-out-of-service'
  | 'busy'
  | 'jammed'
  | 'journal-full'
  | 'no-power'
export type Answer =
  | { result: 'open'; door: number }
  | { result: 'refused'; reason: Refusal; from?: number; until?: number; usedAt?: number }
  | { result: 'locked'; forMs: number }

export type Sensed = { door: number; bolt: 'locked' | 'unlocked'; leaf: 'open' | 'closed'; occupied: boolean }
export type Input =
  | {
      type: 'boot'
      boot: string
      /** name of the journal to make when there is none */
      journal: string
      reason: 'power' | 'update' | 'watchdog'
      /** kept over a reset that did not lose power */
      keptTime?: number
      stored: Stored
      sensed: Sensed[]
    }
  | { type: 'power-lost' }
  | { type: 'tick' }
  | { type: 'connected'; link: string }
  | { type: 'disconnected' }
  | { type: 'stop' }
  | { type: 'message'; topic: string; payload: Uint8Array; retained: boolean; freshId: string }
  | { type: 'code'; keypad: number; code: string; ask: string }
  | { type: 'badge'; keypad: number; badge: string; ask: string }
  | { type: 'bolt-moved'; door: number; to: 'locked' | 'unlocked' }
  | { type: 'bolt-stuck'; door: number }
  | { type: 'leaf'; door: number; leaf: 'open' | 'closed' }
  | { type: 'contents'; door: number; occupied: boolean }
  | { type: 'exit'; door: number }
  | { type: 'tampered' }
  /** the clock went by so many ms too much (or, below 0, too little) */
  | { type: 'clock-drifted'; by: number }
  | { type: 'power-source'; source: 'mains' | 'battery'; level: number }

export type Effect =
  | { type: 'publish'; kind: 'status' | 'events' | 'code'; message: Record<string, unknown> }
  | { type: 'append'; held: Held }
  | { type: 'acked'; seq: number }
  /** a new journal file: a first one, a new name, or the old one without what was overwritten */
  | { type: 'rewrite'; journal: Journal }
  | { type: 'flash'; flash: Flash }
  | { type: 'bolt'; door: number; to: 'locked' | 'unlocked' }
  | { type: 'show'; keypad: number; answer: Answer }
  | { type: 'beep'; keypad: number; sound: 'open' | 'refused' }
  | { type: 'wake'; at: number | null }

type Bodies<E> = E extends DeviceEvent ? Omit<E, 'seq' | 'at' | 'clock'> : never
export type EventBody = Bodies<DeviceEvent>

export const defaultConfig: Config = {
  version: 0,
  unlockMs: 3000,
  heldOpenMs: 300_000,
  wrongTries: 5,
  lockoutMs: 300_000,
  lockoutFactor: 2,
  lockoutMaxMs: 900_000,
  language: 'fr',
  timeZone: 'Europe/Paris',
  siteName: '',
  quietHours: ['22:00', '07:00'],
}
