import type { Ack, Welcome } from '../../schema/wire/down.ts'
import { limits } from '../../schema/wire/limits.ts'
import { upTopic } from '../../schema/wire/topics.ts'
import { setClock } from './clock.ts'
import { firstHeld, noteAcked, startNewJournal } from './journal.ts'
import type { Held, Uplink } from './state.ts'
import { statusPages } from './status.ts'
import { change, type Turn, upOf } from './turn.ts'

const changeUplink = (turn: Turn, patch: Partial<Uplink>): void =>
  change(turn, { uplink: { ...turn.state.uplink, ...patch } })

export function greet(turn: Turn, link: string) {
  changeUplink(turn, { phase: 'greeting', link, sending: null, statusWaitMs: limits.resendFirstMs })
  sendStatus(turn)
}

export const loseLink = (turn: Turn): void => changeUplink(turn, { phase: 'down', sending: null })

export function sayGoodbye(turn: Turn) {
  const { uplink, boot } = turn.state
  if (uplink.phase === 'down') return
  turn.effects.push({ type: 'publish', kind: 'status', message: { state: 'offline', link: uplink.link, boot } })
}

function sendStatus(turn: Turn) {
  const { uplink } = turn.state
  const greeting = uplink.phase === 'greeting'
  for (const message of statusPages(turn, greeting)) turn.effects.push({ type: 'publish', kind: 'status', message })
  const up = upOf(turn)
  changeUplink(turn, {
    statusUp: up,
    nextStatusUp: up + (greeting ? Math.min(uplink.statusWaitMs, uplink.beatMs) : uplink.beatMs),
    statusWaitMs: uplink.statusWaitMs * 2,
  })
}

export function hearWelcome(turn: Turn, welcome: Welcome, freshId: string) {
  const { uplink, journal } = turn.state
  if (uplink.phase === 'down' || welcome.journal !== journal.name) return
  setClock(turn, welcome.time, welcome.up)
  if (journal.last < welcome.seq) {
    startNewJournal(turn, freshId)
    changeUplink(turn, { phase: 'greeting', sending: null, cursor: 0, statusWaitMs: limits.resendFirstMs })
    return sendStatus(turn)
  }
  const first = uplink.phase === 'greeting'
  changeUplink(turn, { phase: 'up', beatMs: welcome.beatMs })
  if (first || welcome.beatMs !== uplink.beatMs) changeUplink(turn, { nextStatusUp: upOf(turn) + welcome.beatMs })
  // later welcomes count only as the answer to the latest status: an older one may be a delayed packet
  if (first || (welcome.up === uplink.statusUp && welcome.seq < uplink.cursor)) {
    // what nobody acked is sent although it seems recorded: after a flash was put back, another event has that number
    changeUplink(turn, { cursor: Math.min(welcome.seq, journal.acked), sending: null })
  }
  sendNext(turn)
}

export function hearAck(turn: Turn, ack: Ack) {
  const { uplink, journal } = turn.state
  if (uplink.phase !== 'up' || ack.journal !== journal.name || ack.seq <= uplink.cursor) return
  const cursor = Math.min(ack.seq, uplink.sending?.to ?? uplink.cursor)
  if (cursor <= uplink.cursor) return
  changeUplink(turn, { cursor, sending: null })
  noteAcked(turn, cursor)
  sendNext(turn)
}

const isLive = (turn: Turn, held: Held): boolean =>
  held.boot === turn.state.boot && upOf(turn) - held.up <= limits.liveWithinMs

/** The next message: history and live are never mixed, so that what happens now is not reported as old. */
export function sendNext(turn: Turn) {
  const { uplink } = turn.state
  if (uplink.phase !== 'up' || uplink.sending) return
  const batch = nextBatch(turn, uplink.cursor)
  if (batch.length === 0) return
  publishEvents(turn, batch)
  const wait = limits.resendFirstMs
  const [from, to] = [batch[0]!.event.seq, batch[batch.length - 1]!.event.seq]
  changeUplink(turn, { sending: { from, to, resendUp: upOf(turn) + wait, waitMs: wait } })
}

function nextBatch(turn: Turn, cursor: number): Held[] {
  const { held } = turn.state.journal
  const start = Math.max(0, cursor + 1 - firstHeld(turn))
  const live = held[start] ? isLive(turn, held[start]) : false
  const batch: Held[] = []
  let bytes = 64 + upTopic(turn.state.setup.id, 'events').length + turn.state.journal.name.length
  for (const each of held.slice(start, start + limits.eventsPerMessage)) {
    bytes += Buffer.byteLength(JSON.stringify(each.event)) + 1
    if (bytes > limits.packetBytes || isLive(turn, each) !== live) break
    batch.push(each)
  }
  return batch
}

function publishEvents(turn: Turn, batch: Held[]) {
  const live = batch.every(each => isLive(turn, each))
  const message = { journal: turn.state.journal.name, live, events: batch.map(each => each.event) }
  turn.effects.push({ type: 'publish', kind: 'events', message })
}

export function uplinkTick(turn: Turn) {
  const { uplink, journal } = turn.state
  if (uplink.phase === 'down') return
  const { sending } = uplink
  if (sending && upOf(turn) >= sending.resendUp) {
    publishEvents(
      turn,
      journal.held.filter(each => each.event.seq >= sending.from && each.event.seq <= sending.to),
    )
    const waitMs = Math.min(sending.waitMs * 2, limits.resendMaxMs)
    changeUplink(turn, { sending: { ...sending, waitMs, resendUp: upOf(turn) + waitMs } })
  }
  if (upOf(turn) >= uplink.nextStatusUp) sendStatus(turn)
}
