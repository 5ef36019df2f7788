import type { DownMessage } from '../../schema/wire/codec.ts'
import { encode } from '../../schema/wire/codec.ts'
import type { DownKind } from '../../schema/wire/topics.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { runAll } from '../store/bulk.ts'
import { heldStatements } from '../store/held.ts'
import { appending, type Fact } from '../store/history.ts'
import { hold, holdRecorded } from '../store/hold.ts'
import { type Flight, needsOf, type Read, type Received, read, repeatsOf } from './flight.ts'
import { takeCode } from './take-code.ts'
import { takeEvents } from './take-events.ts'
import { takeStatus } from './take-status.ts'
import { holdTyped, makeCodeKeys, type Typed, typedOf } from './typed.ts'

export type { Received } from './flight.ts'
export type Send = (controllerId: string, kind: DownKind, payload: Buffer) => Promise<boolean>
export type Inbox = { receive(message: Received): Promise<void>; close(): Promise<void> }

/** what was committed together, for whoever counts */
export type Flown = { messages: number; events: number; ms: number }
type Waiting = { message: Received; done: () => void }

const perFlight = 500

/** Messages of all controllers, one group commit at a time: what arrives meanwhile flies next. */
export function startInbox(ctx: Context, send: Send, flown: (flight: Flown) => void = () => {}): Inbox {
  let queue: Waiting[] = []
  let flying: Promise<void> | null = null
  const keys = makeCodeKeys(ctx)

  async function fly(): Promise<void> {
    await new Promise(setImmediate)
    while (queue.length > 0) {
      const { batch, rest } = nextBatch(queue)
      queue = rest
      await group(batch.map(each => read(each.message)))
      for (const { done } of batch) done()
    }
    flying = null
  }

  /** A flight that fails is halved, until the message that does not fit is alone. */
  async function group(messages: Read[], suspectOnly = false): Promise<void> {
    try {
      await commit(messages, suspectOnly)
    } catch (error) {
      const { message: problem, code } = error as Error & { code?: string }
      const about = { problem, code: code ?? null }
      if (!isTheirFault(error)) return ctx.log.error(about, 'messages not recorded; the devices send them again')
      if (messages.length > 1) {
        const half = messages.length >> 1
        await group(messages.slice(0, half))
        await group(messages.slice(half))
      } else if (!suspectOnly && messages[0]!.kind === 'events') {
        ctx.log.error({ ...about, controllerId: messages[0]!.controllerId }, 'events kept as suspect')
        await group(messages, true)
      } else ctx.log.error({ ...about, controllerId: messages[0]!.controllerId }, 'message not applied')
    }
  }

  /** Read every row that is spoken of, apply the messages to them in memory, write what changed; then answer. */
  async function commit(messages: Read[], suspectOnly: boolean): Promise<void> {
    const answers: [string, DownKind, Buffer][] = []
    const began = performance.now()
    let events = 0
    const ids = [...new Set(messages.map(each => each.controllerId))]
    const codes = await keys.codesIn(messages)
    await write(ctx, async (tx, after) => {
      const now = ctx.now()
      const [held, looked] = await Promise.all([hold(tx, ids, needsOf(messages)), holdTyped(tx, codes, now)])
      await holdRecorded(tx, held, repeatsOf(messages, held))
      const typed = await typedOf(ctx, { codes, held, keys, typed: looked, now })
      const bySite = new Map<string, Fact[]>()
      for (const message of messages) {
        const controller = held.controllers.byKey.get(message.controllerId)
        if (!controller) continue
        const facts = bySite.get(controller.siteId) ?? []
        bySite.set(controller.siteId, facts)
        const answer = (kind: DownKind, what: DownMessage) => void answers.push([controller.id, kind, encode(what)])
        take({ held, controller, now, facts, after, suspectOnly, answer }, message, typed)
      }
      events = [...bySite.values()].flat().filter(fact => typeof fact.seq === 'number').length
      await Promise.all([
        ...held.also.map(statement => statement(tx)),
        runAll(tx, [...heldStatements(held), ...appending(held.heads, bySite)]),
      ])
    })
    flown({ messages: messages.length, events, ms: performance.now() - began })
    for (const [controllerId, kind, payload] of answers)
      send(controllerId, kind, payload).catch(error => ctx.log.error({ problem: String(error) }, 'answer not sent'))
  }

  return {
    receive(message) {
      return new Promise(done => {
        queue.push({ message, done })
        flying ??= fly()
      })
    },
    async close() {
      while (flying) await flying
    },
  }
}

/** Each code flies last of its controller, so that the next one finds what it has booked: its order, its wrong try. */
function nextBatch(queue: Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  const typed = new Set<string>()
  for (const each of queue) {
    const { controllerId, kind } = each.message
    if (batch.length >= perFlight || typed.has(controllerId)) rest.push(each)
    else {
      batch.push(each)
      if (kind === 'code') typed.add(controllerId)
    }
  }
  return { batch, rest }
}

function take(flight: Flight, message: Read, typed: Map<Read, Typed>): void {
  switch (message.kind) {
    case 'status':
      takeStatus(flight, message)
      break
    case 'events':
      takeEvents(flight, message)
      break
    case 'code':
      takeCode(flight, message, typed.get(message))
      break
    default:
      message satisfies never
  }
}

/** A database that is away is not the message's fault: it is not acked and comes again. */
function isTheirFault(error: unknown): boolean {
  const { code } = error as { code?: string }
  if (error instanceof Refusal || code === undefined) return true
  return /^(22|23)/.test(code)
}
