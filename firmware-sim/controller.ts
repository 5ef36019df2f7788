import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { RawEvent } from '../schema/wire/events.ts'
import type { Fault } from './faults.ts'
import { takeFault } from './faults.ts'
import { fileStore, readJson, replaceFile } from './file-store.ts'
import { type Change, type Lie, makeHardware, type Steel } from './hardware.ts'
import { type Link, startLink } from './link.ts'
import type { Answer, Effect, Input, Stored } from './machine/state.ts'
import { step } from './machine/step.ts'
import { deviceOff } from './machine/turn.ts'
import { makeSetup, type SetupParts } from './setup.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'
import { memoryStore } from './store.ts'
import type { TlsParts } from './tls.ts'

export type ControllerOptions = SetupParts & {
  /** empty: its certificate says who it is */
  password: string
  mqttUrl: string
  /** for mqtts:// */
  tls?: TlsParts
  /** what flash and journal hold at first; absent: what they held */
  stored?: Stored
  /** absent: kept in memory for as long as the controller object lives */
  dataDir?: string
  /** ms, never going back; absent: the machine's own */
  now?: () => number
  random?: () => number
  newId?: () => string
  faults?: Fault[]
  /** what a deadly fault does; absent: the power goes, at that very point */
  die?: () => void
}
export type SimController = {
  id: string
  faults: Fault[]
  typeCode(keypad: number, code: string): Promise<Answer>
  badge(keypad: number, uid: string): Promise<Answer>
  /** a locked door is forced open by this */
  openDoor(door: number): void
  shutDoor(door: number): void
  put(door: number): void
  take(door: number): void
  /** the button beside a room's door; where that does nothing, its handle */
  pressExit(door: number): void
  jam(door: number, jammed: boolean): void
  lieSensor(door: number, lie: Lie | null): void
  tamper(): void
  /** the device's clock goes wrong by so many ms */
  driftClock(byMs: number): void
  /** without a battery it goes with the power; the next welcome gives it back */
  loseClock(): void
  /** what flash and journal hold now */
  stored(): Stored
  /** the power goes, flash and journal are made to hold this, the power comes again */
  exchangeFlash(stored: Stored): void
  /** another device with this one's identity and memory, stopped together with it */
  copy(): Promise<SimController>
  cutNetwork(): void
  restoreNetwork(): void
  cutPower(): void
  restorePower(): void
  /** a reset that does not lose power: the clock goes on as guessed */
  reset(reason?: 'update' | 'watchdog'): void
  state(): Snapshot
  events(): RawEvent[]
  onChange(heard: (shown?: { keypad: number; answer: Answer }) => void): () => void
  stop(): Promise<void>
}

const monotonic = (): number => performance.timeOrigin + performance.now()
const randomId = (): string => randomBytes(12).toString('hex')

/** A device with its steel, its flash and its link. It answers at once, whether or not there is a broker. */
export async function startController(options: ControllerOptions): Promise<SimController> {
  const { now = monotonic, newId = randomId, dataDir } = options
  const setup = makeSetup(options)
  const faults = options.faults ?? []
  const store = dataDir === undefined ? memoryStore() : fileStore(dataDir)
  if (options.stored) store.replace(options.stored)
  const copies: SimController[] = []
  const steelPath = join(dataDir ?? '', 'hardware.json')
  const hardware = makeHardware({
    doors: setup.doors,
    saved: dataDir === undefined ? null : readJson<Record<number, Steel>>(steelPath),
    save: steel => dataDir !== undefined && replaceFile(steelPath, JSON.stringify(steel)),
  })
  const listeners = new Set<(shown?: { keypad: number; answer: Answer }) => void>()
  const waiting = new Map<number, (answer: Answer) => void>()
  const queue: Input[] = []
  let state = deviceOff(setup)
  let link: Link | null = null
  let network = true
  let life = 0
  let working = false
  let stopped = false
  let wakeTimer: NodeJS.Timeout | undefined

  const dispatch = (...inputs: Input[]) => {
    if (stopped) return
    queue.push(...inputs)
    if (working) return
    working = true
    try {
      for (let input = queue.shift(); input; input = queue.shift()) takeStep(input)
    } finally {
      working = false
    }
    for (const heard of listeners) heard()
  }

  const takeStep = (input: Input) => {
    const mine = life
    const done = step(state, input, now())
    state = done.state
    for (const effect of done.effects) {
      carryOut(effect)
      if (life !== mine) return
    }
  }

  const carryOut = (effect: Effect) => {
    switch (effect.type) {
      case 'append': {
        store.append(effect.held)
        const { type, door } = effect.held.event
        if (type === 'unlocked' && takeFault(faults, 'die-after-unlocked', { door: Number(door) })) die()
        return
      }
      case 'acked':
        return store.acked(effect.seq)
      case 'rewrite':
        return store.rewrite(effect.journal)
      case 'flash':
        return store.saveFlash(effect.flash)
      case 'publish':
        return link?.publish(effect.kind, effect.message)
      case 'bolt':
        return moveBolt(effect.door, effect.to)
      case 'show':
        waiting.get(effect.keypad)?.(effect.answer)
        for (const heard of listeners) heard({ keypad: effect.keypad, answer: effect.answer })
        return
      case 'beep':
        return
      case 'wake':
        return wakeAt(effect.at)
      default:
        effect satisfies never
    }
  }

  const moveBolt = (door: number, to: 'locked' | 'unlocked') => {
    const opening = to === 'unlocked'
    if (opening && takeFault(faults, 'die-after-accepted-before-bolt', { door })) return die()
    const slow = opening ? takeFault(faults, 'slow-bolt', { door }) : null
    if (!slow) return finishMove(door, to)
    const mine = life
    setTimeout(() => mine === life && finishMove(door, to), slow.ms)
  }

  const finishMove = (door: number, to: 'locked' | 'unlocked') => {
    const stuck = to === 'unlocked' && takeFault(faults, 'stuck-bolt', { door })
    const changes: Change[] = stuck ? [{ type: 'bolt-stuck', door }] : hardware.moveBolt(door, to)
    if (to === 'unlocked' && takeFault(faults, 'die-after-bolt-before-unlocked', { door })) return die()
    dispatch(...changes)
  }

  const wakeAt = (at: number | null) => {
    clearTimeout(wakeTimer)
    if (at === null) return
    // a clock of a test can jump, so it is looked at again and again
    const wait = Math.min(Math.max(at - now(), 0), options.now ? 20 : 2 ** 30)
    wakeTimer = setTimeout(() => (now() >= at ? dispatch({ type: 'tick' }) : wakeAt(at)), Math.ceil(wait))
  }

  const powerUp = (reason: 'power' | 'update' | 'watchdog', keptTime?: number) => {
    const kept = keptTime === undefined ? {} : { keptTime }
    const ids = { boot: newId(), journal: newId() }
    dispatch({ type: 'boot', ...ids, reason, stored: store.load(), sensed: hardware.sensed(), ...kept })
    if (network) link = openLink()
  }

  const openLink = (): Link => {
    const mine = life
    const current = (act: () => void) => mine === life && act()
    return startLink({
      ...options,
      faults,
      random: options.random ?? Math.random,
      hasTime: () => state.clock.kind !== 'none',
      newLink: () => ({ link: newId(), boot: state.boot }),
      onConnected: name => current(() => dispatch({ type: 'connected', link: name })),
      onDisconnected: () => current(() => dispatch({ type: 'disconnected' })),
      onMessage: (topic, payload, retained) =>
        current(() => dispatch({ type: 'message', topic, payload, retained, freshId: newId() })),
    })
  }

  const cutPower = () => {
    life += 1
    queue.length = 0
    link?.drop()
    link = null
    state = step(state, { type: 'power-lost' }, now()).state
    hardware.losePower()
    clearTimeout(wakeTimer)
    for (const tell of [...waiting.values()]) tell({ result: 'refused', reason: 'no-power' })
    for (const heard of listeners) heard()
  }

  const die = options.die ?? cutPower

  const ask = (keypad: number, input: (id: string) => Input): Promise<Answer> => {
    if (!state.on) return Promise.resolve({ result: 'refused', reason: 'no-power' })
    if (waiting.has(keypad)) return Promise.resolve({ result: 'refused', reason: 'busy' })
    if (!setup.keypads.some(each => each.keypad === keypad)) {
      return Promise.reject(new Error(`there is no keypad ${keypad}`))
    }
    return new Promise(resolve => {
      waiting.set(keypad, answer => {
        waiting.delete(keypad)
        resolve(answer)
      })
      dispatch(input(newId()))
    })
  }

  powerUp('power')
  return {
    id: setup.id,
    faults,
    typeCode: (keypad, code) => ask(keypad, id => ({ type: 'code', keypad, code, ask: id })),
    badge: (keypad, uid) => ask(keypad, id => ({ type: 'badge', keypad, badge: uid.toLowerCase(), ask: id })),
    openDoor: door => dispatch(...hardware.open(door)),
    shutDoor: door => dispatch(...hardware.shut(door)),
    put: door => dispatch(...hardware.fill(door, true)),
    take: door => dispatch(...hardware.fill(door, false)),
    pressExit(door) {
      dispatch({ type: 'exit', door })
      const inside = setup.doors.some(each => each.door === door && each.kind === 'room')
      if (inside && hardware.door(door).bolt === 'locked') dispatch(...hardware.handle(door))
    },
    jam: (door, jammed) => hardware.jam(door, jammed),
    lieSensor: (door, lie) => dispatch(...hardware.lie(door, lie)),
    tamper: () => dispatch({ type: 'tampered' }),
    driftClock: byMs => dispatch({ type: 'clock-drifted', by: byMs }),
    loseClock() {
      if (!state.on) return
      cutPower()
      powerUp('power')
    },
    stored: () => structuredClone(store.load()),
    exchangeFlash(stored) {
      cutPower()
      store.replace(structuredClone(stored))
      powerUp('power')
    },
    async copy() {
      const { dataDir: _, ...same } = options
      const copied = await startController({ ...same, faults: [], stored: structuredClone(store.load()) })
      copies.push(copied)
      return copied
    },
    cutNetwork() {
      network = false
      link?.cut()
      for (const heard of listeners) heard()
    },
    restoreNetwork() {
      network = true
      if (!state.on) return
      if (link) link.restore()
      else link = openLink()
    },
    cutPower,
    restorePower: () => (state.on ? undefined : powerUp('power')),
    reset(reason = 'watchdog') {
      const { clock, on } = snapshotNow()
      cutPower()
      powerUp(reason, on && clock.kind !== 'none' ? clock.time : undefined)
    },
    state: () => snapshotNow().snapshot,
    events: () => state.journal.held.map(each => each.event),
    onChange(heard) {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    async stop() {
      if (stopped) return
      dispatch({ type: 'stop' })
      stopped = true
      await Promise.all(copies.map(each => each.stop()))
      life += 1
      clearTimeout(wakeTimer)
      await link?.end()
      store.close()
    },
  }

  function snapshotNow() {
    const snapshot = snapshotOf(state, hardware, { now: now(), network })
    return { snapshot, clock: snapshot.clock, on: state.on }
  }
}
