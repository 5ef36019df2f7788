import { limits } from '../../schema/wire/limits.ts'
import { type DeviceState, type DoorState, defaultConfig, type Effect, type Setup } from './state.ts'

/** One step under way: the state so far and what is to be done outside. The state itself is only ever replaced. */
export type Turn = { state: DeviceState; effects: Effect[]; now: number }

export const change = (turn: Turn, patch: Partial<DeviceState>) => {
  turn.state = { ...turn.state, ...patch }
}

export const changeDoor = (turn: Turn, door: number, patch: Partial<DoorState>) => {
  const before = turn.state.doors[door]
  if (before) change(turn, { doors: { ...turn.state.doors, [door]: { ...before, ...patch } } })
}

export const upOf = (turn: Turn): number => Math.max(0, Math.floor(turn.now - turn.state.bootedAt))

/** The time as well as the device knows it; without a clock the last known plus the uptime since. */
export const timeOf = (turn: Turn): number => turn.state.clock.offset + upOf(turn)

export const isConnected = (state: DeviceState): boolean => state.uplink.phase !== 'down'

export const without = <T>(record: Record<number | string, T>, key: number | string): Record<string, T> => {
  const { [key]: _gone, ...rest } = record
  return rest
}

/** A device without power: it remembers nothing but what it is built of. */
export function deviceOff(setup: Setup): DeviceState {
  return {
    setup,
    on: false,
    bootedAt: 0,
    boot: '',
    journal: { name: '', held: [], last: 0, acked: 0 },
    flash: {
      keyMark: '',
      grants: { version: 0, list: [] },
      config: defaultConfig,
      uses: {},
      keypads: {},
      lastTime: 0,
    },
    appended: 0,
    mutedSaid: false,
    clock: { kind: 'none', offset: 0 },
    savedTimeUp: 0,
    uplink: {
      phase: 'down',
      link: '',
      cursor: 0,
      sending: null,
      beatMs: limits.beatMs,
      statusUp: 0,
      nextStatusUp: 0,
      statusWaitMs: limits.resendFirstMs,
    },
    pages: null,
    tooLarge: 0,
    seenOrders: {},
    moving: null,
    doors: {},
    asks: {},
    lockedUntil: {},
    quietUp: {},
    wakeAt: null,
  }
}
