import { decodeDown } from '../../schema/wire/codec.ts'
import { parseDownTopic } from '../../schema/wire/topics.ts'
import { boltMoved, boltStuck, boltsTick } from './bolt.ts'
import { bootDevice } from './boot.ts'
import { driftClock, saveTimeHourly } from './clock.ts'
import { record } from './journal.ts'
import { asksTick, holdBadge, typeCode } from './keypad.ts'
import { hearConfig, hearGrants } from './lists.ts'
import { hearOrder, modesTick } from './orders.ts'
import { pressExit, senseContents, senseLeaf, sensorsTick } from './sensors.ts'
import type { DeviceState, Effect, Input } from './state.ts'
import { triesTick } from './tries.ts'
import { deviceOff, type Turn } from './turn.ts'
import { greet, hearAck, hearWelcome, loseLink, sayGoodbye, sendNext, uplinkTick } from './uplink.ts'
import { nextWake } from './wake.ts'

/** The device: what it knows, what happened and when, gives what it knows then and what is to be done, in that order. */
export function step(state: DeviceState, input: Input, now: number): { state: DeviceState; effects: Effect[] } {
  if (!state.on && input.type !== 'boot') return { state, effects: [] }
  const turn: Turn = { state, effects: [], now }
  react(turn, input)
  if (turn.state.on) sendNext(turn)
  const wakeAt = turn.state.on ? nextWake(turn) : null
  // a timer may ring a fraction of a millisecond early: nothing is done then, and it has to ring again
  if (wakeAt !== state.wakeAt || input.type === 'tick' || !turn.state.on) {
    turn.state = { ...turn.state, wakeAt }
    turn.effects.push({ type: 'wake', at: wakeAt })
  }
  return { state: turn.state, effects: turn.effects }
}

function react(turn: Turn, input: Input) {
  switch (input.type) {
    case 'boot':
      return bootDevice(turn, input)
    case 'power-lost':
      turn.state = deviceOff(turn.state.setup)
      return
    case 'tick':
      return tick(turn)
    case 'connected':
      return greet(turn, input.link)
    case 'disconnected':
      return loseLink(turn)
    case 'stop':
      return sayGoodbye(turn)
    case 'message':
      return hear(turn, input)
    case 'code':
      return typeCode(turn, input)
    case 'badge':
      return holdBadge(turn, input)
    case 'bolt-moved':
      return boltMoved(turn, input.door, input.to)
    case 'bolt-stuck':
      return boltStuck(turn, input.door)
    case 'leaf':
      return senseLeaf(turn, input.door, input.leaf)
    case 'contents':
      return senseContents(turn, input.door, input.occupied)
    case 'exit':
      return pressExit(turn, input.door)
    case 'tampered':
      record(turn, { type: 'tampered' })
      return
    case 'clock-drifted':
      return driftClock(turn, input.by)
    case 'power-source':
      record(turn, { type: 'power', source: input.source, level: input.level })
      return
    default:
      input satisfies never
  }
}

function tick(turn: Turn) {
  boltsTick(turn)
  asksTick(turn)
  modesTick(turn)
  sensorsTick(turn)
  triesTick(turn)
  saveTimeHourly(turn)
  uplinkTick(turn)
}

function hear(turn: Turn, { topic, payload, retained, freshId }: Extract<Input, { type: 'message' }>) {
  const parsed = parseDownTopic(topic)
  if (parsed?.controllerId !== turn.state.setup.id) return
  const refused = (problem: string) => {
    record(turn, { type: 'message-refused', topic: topic.slice(0, 256), reason: problem.slice(0, 256) })
  }
  switch (parsed.kind) {
    case 'welcome': {
      const message = decodeDown('welcome', payload)
      return message.ok ? hearWelcome(turn, message.value, freshId) : refused(message.problem)
    }
    case 'ack': {
      const message = decodeDown('ack', payload)
      return message.ok ? hearAck(turn, message.value) : refused(message.problem)
    }
    case 'order': {
      const message = decodeDown('order', payload)
      return message.ok ? hearOrder(turn, message.value, retained) : refused(message.problem)
    }
    case 'grants': {
      const message = decodeDown('grants', payload)
      return message.ok ? hearGrants(turn, message.value) : refused(message.problem)
    }
    case 'config': {
      const message = decodeDown('config', payload)
      return message.ok ? hearConfig(turn, message.value) : refused(message.problem)
    }
    default:
      parsed.kind satisfies never
  }
}
