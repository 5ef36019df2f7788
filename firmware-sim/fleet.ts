import { randomBytes } from 'node:crypto'
import { type LightLink, openLightLink } from './light-link.ts'
import type { Answer, DeviceState, Effect, Input } from './machine/state.ts'
import { step } from './machine/step.ts'
import { deviceOff } from './machine/turn.ts'
import { reconnectWait } from './reconnect.ts'
import { makeSetup, type SetupParts } from './setup.ts'
import type { TlsParts } from './tls.ts'

export type FleetOptions = {
  count: number
  mqttUrl: string
  tls?: TlsParts | undefined
  credentials: (index: number) => Omit<SetupParts, 'doors'> & { password: string; doors?: SetupParts['doors'] }
  /** how many begin to connect in one second */
  connectsPerSecond?: number
  /** every effect of every device, for a bench that counts and measures */
  heard?: (index: number, effect: Effect) => void
  random?: () => number
}
export type Fleet = {
  size: number
  /** how many have been welcomed by the server */
  connected(): number
  state(index: number): DeviceState
  input(index: number, input: Input): void
  typeCode(index: number, keypad: number, code: string): Promise<Answer>
  shutDoor(index: number, door: number): void
  /** all plugs at once, or one */
  cut(index?: number): void
  restore(index?: number): void
  stop(): Promise<void>
}
type Device = {
  index: number
  password: string
  state: DeviceState
  link: LightLink | null
  cut: boolean
  attempts: number
  wake: NodeJS.Timeout | undefined
  retry: NodeJS.Timeout | undefined
  waiting: Map<number, (answer: Answer) => void> | null
}

const pingEveryMs = 20_000
const newId = (): string => randomBytes(9).toString('base64url')
const now = (): number => performance.timeOrigin + performance.now()

/** Thousands of devices in one process: the same machine, no files, the lightest link. Uses do not survive the process. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const url = new URL(options.mqttUrl)
  const random = options.random ?? Math.random
  const devices = Array.from({ length: options.count }, (_, index) => makeFleetDevice(options, index))
  let stopped = false

  const input = (device: Device, first: Input) => {
    const queue = [first]
    for (let next = queue.shift(); next; next = queue.shift()) {
      const done = step(device.state, next, now())
      device.state = done.state
      for (const effect of done.effects) queue.push(...carryOut(device, effect))
    }
  }

  const carryOut = (device: Device, effect: Effect): Input[] => {
    options.heard?.(device.index, effect)
    if (effect.type === 'publish') device.link?.publish(effect.kind, effect.message)
    if (effect.type === 'wake') wakeAt(device, effect.at)
    if (effect.type === 'show') {
      device.waiting?.get(effect.keypad)?.(effect.answer)
      device.waiting?.delete(effect.keypad)
    }
    return effect.type === 'bolt' ? moveBolt(device, effect.door, effect.to) : []
  }

  const wakeAt = (device: Device, at: number | null) => {
    clearTimeout(device.wake)
    if (at === null || stopped) return
    const wait = Math.ceil(Math.max(at - now(), 0))
    device.wake = setTimeout(() => input(device, { type: 'tick' }), Math.min(wait, 2 ** 30))
  }

  const open = (device: Device) => {
    if (stopped || device.cut || device.link) return
    const link = newId()
    const { id } = device.state.setup
    const mine = openLightLink({
      url,
      id,
      password: device.password,
      tls: options.tls,
      hasTime: device.state.clock.kind !== 'none',
      link,
      boot: device.state.boot,
      onSubscribed() {
        if (mine !== device.link) return
        device.attempts = 0
        input(device, { type: 'connected', link })
      },
      onMessage(topic, payload, retained) {
        if (mine === device.link) input(device, { type: 'message', topic, payload, retained, freshId: newId() })
      },
      onClosed: () => mine === device.link && lost(device),
    })
    device.link = mine
  }

  const lost = (device: Device) => {
    device.link = null
    input(device, { type: 'disconnected' })
    if (stopped || device.cut) return
    device.retry = setTimeout(() => open(device), reconnectWait(device.attempts++, random()))
  }

  const chosen = (index?: number): Device[] => (index === undefined ? devices : [devices[index]!])
  for (const device of devices) input(device, firstBoot())
  const perTick = Math.max(1, Math.round((options.connectsPerSecond ?? 1000) / 20))
  let next = 0
  const starter = setInterval(() => {
    for (const device of devices.slice(next, next + perTick)) open(device)
    next += perTick
    if (next >= devices.length) clearInterval(starter)
  }, 50)
  // pings of a large fleet are spread over the interval, not sent at one instant
  const pinger = setInterval(() => {
    const slice = Math.floor((now() / 1000) % (pingEveryMs / 1000))
    for (let i = slice; i < devices.length; i += pingEveryMs / 1000) devices[i]?.link?.ping()
  }, 1000)

  return {
    size: devices.length,
    connected: () => devices.reduce((sum, each) => sum + (each.state.uplink.phase === 'up' ? 1 : 0), 0),
    state: index => devices[index]!.state,
    input: (index, given) => input(devices[index]!, given),
    typeCode: (index, keypad, code) =>
      new Promise(resolve => {
        const device = devices[index]!
        device.waiting ??= new Map()
        device.waiting.set(keypad, resolve)
        input(device, { type: 'code', keypad, code, ask: newId() })
      }),
    shutDoor: (index, door) => input(devices[index]!, { type: 'leaf', door, leaf: 'closed' }),
    cut(index) {
      for (const device of chosen(index)) {
        device.cut = true
        clearTimeout(device.retry)
        device.link?.destroy()
      }
    },
    restore(index) {
      for (const device of chosen(index)) {
        device.cut = false
        device.attempts = 0
        open(device)
      }
    },
    async stop() {
      stopped = true
      clearInterval(starter)
      clearInterval(pinger)
      for (const device of devices) {
        clearTimeout(device.retry)
        input(device, { type: 'stop' })
        clearTimeout(device.wake)
        device.link?.end()
      }
    },
  }
}

function makeFleetDevice({ credentials }: FleetOptions, index: number): Device {
  const { password, ...parts } = credentials(index)
  const setup = makeSetup({ doors: 24, journalSize: 256, ...parts })
  const state = deviceOff(setup)
  const none = { wake: undefined, retry: undefined, waiting: null }
  return { index, password, state, link: null, cut: false, attempts: 0, ...none }
}

const firstBoot = (): Input => {
  const stored = { journal: null, flash: null }
  return { type: 'boot', boot: newId(), journal: newId(), reason: 'power', stored, sensed: [] }
}

/** Steel that always obeys: a sprung door opens at once. */
function moveBolt(device: Device, door: number, to: 'locked' | 'unlocked'): Input[] {
  const springs = device.state.setup.doors.some(each => each.door === door && each.springs)
  const moved: Input = { type: 'bolt-moved', door, to }
  return to === 'unlocked' && springs ? [moved, { type: 'leaf', door, leaf: 'open' }] : [moved]
}
