import type { BrokerOptions } from '../../broker/options.ts'
import type { DownMessage } from '../../schema/wire/codec.ts'
import { encode } from '../../schema/wire/codec.ts'
import type { DownKind } from '../../schema/wire/topics.ts'
import { type After, type Changes, type Context, type DeviceWork, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import type { Fact } from '../store/history.ts'
import { appendHistory } from '../store/history.ts'
import type { ControllerRow } from '../store/rows.ts'
import { takeCode } from './take-code.ts'
import { takeEvents } from './take-events.ts'
import { takeStatus } from './take-status.ts'

export type Received = Parameters<BrokerOptions['receive']>[0]
export type Send = (controllerId: string, kind: DownKind, payload: Buffer) => Promise<boolean>
export type Inbox = { receive(message: Received): Promise<void>; close(): Promise<void> }

/** What one message leaves behind: history, answers that wait for the commit, and news for the watchers. */
export type Flight = {
  tx: Tx
  after: After
  controller: ControllerRow
  now: Date
  facts: Fact[]
  /** the message could not be applied in the ordinary way: its events are kept as they are */
  suspectOnly: boolean
  answer(kind: DownKind, message: DownMessage): void
}
/** what was committed together, for whoever counts */
export type Flown = { messages: number; events: number; ms: number }
type Waiting = { message: Received; done: () => void }

const perFlight = 200

/** Messages of all controllers, one group commit at a time: what arrives meanwhile flies next. */
export function startInbox(ctx: Context, send: Send, flown: (flight: Flown) => void = () => {}): Inbox {
  let queue: Waiting[] = []
  let flying: Promise<void> | null = null

  async function fly(): Promise<void> {
    await new Promise(setImmediate)
    while (queue.length > 0) {
      const batch = queue.slice(0, perFlight)
      queue = queue.slice(perFlight)
      await group(batch.map(each => each.message))
      for (const { done } of batch) done()
    }
    flying = null
  }

  /** A flight that fails is halved, until the message that does not fit is alone. */
  async function group(messages: Received[], suspectOnly = false): Promise<void> {
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

  async function commit(messages: Received[], suspectOnly: boolean): Promise<void> {
    const answers: [string, DownKind, Buffer][] = []
    const began = performance.now()
    let events = 0
    await write(ctx, async (tx, after) => {
      const ids = [...new Set(messages.map(each => each.controllerId))].sort()
      const rows = await tx<ControllerRow[]>`
        select * from controllers where id = any(${ids}::text[]) and retired_at is null order by id for update`
      const bySite = new Map<string, Fact[]>()
      for (const controller of rows) {
        const facts = bySite.get(controller.siteId) ?? []
        bySite.set(controller.siteId, facts)
        const answer = (kind: DownKind, message: DownMessage) =>
          void answers.push([controller.id, kind, encode(message)])
        const flight: Flight = { tx, after: merged(after), controller, now: ctx.now(), facts, suspectOnly, answer }
        for (const message of messages) if (message.controllerId === controller.id) await take(ctx, flight, message)
      }
      for (const siteId of [...bySite.keys()].sort()) await appendHistory(tx, siteId, bySite.get(siteId)!)
      events = [...bySite.values()].flat().filter(fact => typeof fact.seq === 'number').length
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

/** Several messages of a flight often ask for the same thing. */
function merged(after: After): After {
  const seen = new Set<string>()
  const once =
    <T>(hear: (one: T) => void) =>
    (one: T) => {
      const key = JSON.stringify(one)
      if (seen.has(key)) return
      seen.add(key)
      hear(one)
    }
  return { changes: once<Changes>(after.changes), device: once<DeviceWork>(after.device) }
}

async function take(ctx: Context, flight: Flight, message: Received): Promise<void> {
  switch (message.kind) {
    case 'status':
      return takeStatus(flight, message.payload)
    case 'events':
      return takeEvents(ctx, flight, message.payload)
    case 'code':
      return takeCode(ctx, flight, message.payload)
    default:
      message.kind satisfies never
  }
}

/** A database that is away is not the message's fault: it is not acked and comes again. */
function isTheirFault(error: unknown): boolean {
  const { code } = error as { code?: string }
  if (error instanceof Refusal || code === undefined) return true
  return /^(22|23)/.test(code)
}
