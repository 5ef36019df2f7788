import type { RawEvent } from '../schema/wire/events.ts'
import type { Clock } from '../schema/wire/shapes.ts'
import type { Hardware } from './hardware.ts'
import type { DeviceState, Mode } from './machine/state.ts'

export type DoorSnapshot = {
  door: number
  kind: 'compartment' | 'room'
  size: string | null
  height: string | null
  column: number | null
  row: number | null
  springs: boolean
  doorSensor: boolean
  occupancySensor: boolean
  withoutPower: 'fail-safe' | 'fail-secure' | null
  /** the steel, whatever the sensors say */
  bolt: 'locked' | 'unlocked'
  leaf: 'open' | 'closed'
  occupied: boolean
  jammed: boolean
  mode: Mode
}
export type Snapshot = {
  id: string
  power: boolean
  network: boolean
  /** welcomed by the server; `phase` says greeting while it waits for the welcome */
  connected: boolean
  phase: 'down' | 'greeting' | 'up'
  link: string
  boot: string
  up: number
  clock: { kind: Clock; time: number }
  journal: { name: string; first: number; last: number; acked: number; unacked: number }
  versions: { grants: number; config: number }
  grants: number
  language: string
  siteName: string
  timeZone: string
  doors: DoorSnapshot[]
  keypads: { keypad: number; doors: number[]; wrong: number; lockedForMs: number }[]
  lastOrderRefusals: RawEvent[]
}

export function snapshotOf(
  state: DeviceState,
  hardware: Hardware,
  outside: { now: number; network: boolean },
): Snapshot {
  const { setup, journal, flash, uplink, clock } = state
  const up = state.on ? Math.max(0, Math.floor(outside.now - state.bootedAt)) : 0
  return {
    id: setup.id,
    power: state.on,
    network: outside.network,
    connected: uplink.phase === 'up',
    phase: uplink.phase,
    link: uplink.link,
    boot: state.boot,
    up,
    clock: { kind: clock.kind, time: clock.offset + up },
    journal: {
      name: journal.name,
      first: journal.held[0]?.event.seq ?? journal.last + 1,
      last: journal.last,
      acked: journal.acked,
      unacked: journal.last - journal.acked,
    },
    versions: { grants: flash.grants.version, config: flash.config.version },
    grants: flash.grants.list.length,
    language: flash.config.language,
    siteName: flash.config.siteName,
    timeZone: flash.config.timeZone,
    doors: setup.doors.map(each => ({
      ...{ door: each.door, kind: each.kind, springs: each.springs },
      ...{ doorSensor: each.doorSensor, occupancySensor: each.occupancySensor },
      size: each.size ?? null,
      height: each.height ?? null,
      column: each.column ?? null,
      row: each.row ?? null,
      withoutPower: each.withoutPower ?? null,
      ...hardware.door(each.door),
      mode: state.doors[each.door]?.mode.mode ?? 'normal',
    })),
    keypads: setup.keypads.map(({ keypad, doors }) => ({
      keypad,
      doors,
      wrong: flash.keypads[keypad]?.wrong ?? 0,
      lockedForMs: Math.max(0, (state.lockedUntil[keypad] ?? 0) - up),
    })),
    lastOrderRefusals: journal.held
      .filter(each => each.event.type === 'order-refused')
      .slice(-20)
      .map(each => each.event),
  }
}
