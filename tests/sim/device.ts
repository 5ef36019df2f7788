import { type Change, makeHardware } from '../../firmware-sim/hardware.ts'
import type { Answer, DeviceState, Effect, Input } from '../../firmware-sim/machine/state.ts'
import { step } from '../../firmware-sim/machine/step.ts'
import { deviceOff } from '../../firmware-sim/machine/turn.ts'
import { makeSetup, type SetupParts } from '../../firmware-sim/setup.ts'
import { memoryStore } from '../../firmware-sim/store.ts'
import { checkOf } from '../../schema/wire/codes.ts'
import type { ListedGrant } from '../../schema/wire/down.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import type { DownKind } from '../../schema/wire/topics.ts'

export const t0 = 1_790_000_000_000
export const codeKey = '5a'.repeat(32)
export const second = 1000
export const minute = 60_000
export const hour = 3_600_000

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every kind
export type Message = any
type Published = { kind: string; message: Message }

/** The pure device with steel and flash around it and a time that stands still unless told. */
export function makeDevice(parts: Partial<SetupParts> = {}) {
  const setup = makeSetup({ id: 'bank-1', codeKey, doors: 3, ...parts })
  const store = memoryStore()
  const hardware = makeHardware({ doors: setup.doors, saved: null, save: () => {} })
  let state: DeviceState = deviceOff(setup)
  let ids = 0
  const nextId = (word: string) => `${word}-${++ids}`

  const device = {
    now: t0,
    published: [] as Published[],
    shown: [] as Answer[],
    /** every bolt movement the device asked for */
    bolts: [] as { door: number; to: string }[],
    /** every event as it was written, over all boots */
    written: [] as (RawEvent & { journal: string })[],
    /** the power goes when this many more effects have been carried out */
    effectsLeft: Number.POSITIVE_INFINITY,
    boltAnswers: true,
    hardware,
    store,
    get state() {
      return state
    },
    get up() {
      return device.now - state.bootedAt
    },
    does(input: Input) {
      const queue: Input[] = [input]
      for (let next = queue.shift(); next; next = queue.shift()) {
        const done = step(state, next, device.now)
        state = done.state
        for (const effect of done.effects) {
          if (device.effectsLeft-- <= 0) return device.losePower()
          queue.push(...carryOut(effect))
        }
      }
    },
    boot(more: Partial<Extract<Input, { type: 'boot' }>> = {}) {
      const ids = { boot: nextId('boot'), journal: nextId('journal') }
      const kept = { stored: store.load(), sensed: hardware.sensed() }
      device.does({ type: 'boot', ...ids, reason: 'power', ...kept, ...more })
      return device
    },
    losePower() {
      device.effectsLeft = Number.POSITIVE_INFINITY
      state = step(state, { type: 'power-lost' }, device.now).state
      hardware.losePower()
    },
    connect: () => device.does({ type: 'connected', link: nextId('link') }),
    disconnect: () => device.does({ type: 'disconnected' }),
    hear(kind: DownKind | 'other', message: unknown, retained = false) {
      const payload = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))
      const topic = `v1/${setup.id}/down/${kind}`
      device.does({ type: 'message', topic, payload, retained, freshId: nextId('journal') })
    },
    welcome(more: object = {}) {
      const { journal, statusUp } = { journal: state.journal.name, statusUp: state.uplink.statusUp }
      const seq = state.journal.acked
      device.hear('welcome', { journal, seq, time: device.now, up: statusUp, beatMs: minute, ...more })
    },
    /** connected, welcomed, all acked */
    online() {
      device.connect()
      device.welcome()
      device.ackAll()
      return device
    },
    ack: (seq: number) => device.hear('ack', { journal: state.journal.name, seq }),
    ackAll() {
      while (state.uplink.sending) device.ack(state.uplink.sending.to)
    },
    grants: (version: number, ...grants: ListedGrant[]) =>
      device.hear('grants', { version, page: 1, pages: 1, grants }),
    order(more: object = {}) {
      const base = { order: nextId('order'), type: 'open', door: 1, grant: 'g-x', boot: state.boot }
      device.hear('order', { ...base, notAfterUp: device.up + 10_000, ...more })
    },
    type(code: string, keypad = 1): Answer | undefined {
      const before = device.shown.length
      device.does({ type: 'code', keypad, code, ask: nextId('ask') })
      return device.shown[before]
    },
    badge(badge: string, keypad = 1): Answer | undefined {
      const before = device.shown.length
      device.does({ type: 'badge', keypad, badge, ask: nextId('ask') })
      return device.shown[before]
    },
    senses: (changes: Change[]) => {
      for (const change of changes) device.does(change)
    },
    /** lets time pass, waking the device whenever it asked to be woken */
    pass(ms: number) {
      const end = device.now + ms
      while (state.wakeAt !== null && state.wakeAt <= end) {
        device.now = Math.max(device.now, state.wakeAt)
        device.does({ type: 'tick' })
      }
      device.now = end
    },
    events: () => state.journal.held.map(each => each.event),
    types: () => state.journal.held.map(each => String(each.event.type)),
    last: (type: string) => state.journal.held.findLast(each => each.event.type === type)?.event,
    count: (type: string) => device.types().filter(each => each === type).length,
    sent: (kind: string) => device.published.filter(each => each.kind === kind).map(each => each.message),
  }

  // a step can append to one journal and then begin another: the state knows only the second
  let writtenTo = ''
  function carryOut(effect: Effect): Input[] {
    if (effect.type === 'append') {
      store.append(effect.held)
      device.written.push({ ...effect.held.event, journal: writtenTo })
    }
    if (effect.type === 'acked') store.acked(effect.seq)
    if (effect.type === 'rewrite') {
      store.rewrite(effect.journal)
      writtenTo = effect.journal.name
    }
    if (effect.type === 'flash') store.saveFlash(structuredClone(effect.flash))
    if (effect.type === 'publish') {
      device.published.push({ kind: effect.kind, message: JSON.parse(JSON.stringify(effect.message)) })
    }
    if (effect.type === 'show') device.shown.push(effect.answer)
    if (effect.type !== 'bolt') return []
    device.bolts.push({ door: effect.door, to: effect.to })
    return device.boltAnswers ? hardware.moveBolt(effect.door, effect.to) : []
  }
  return device
}
export type Device = ReturnType<typeof makeDevice>

export const grantOf = (grant: string, code: string, more: Partial<ListedGrant> = {}): ListedGrant => ({
  grant,
  door: 1,
  from: t0 - hour,
  until: t0 + hour,
  uses: 1,
  check: checkOf(codeKey, code),
  ...more,
})
