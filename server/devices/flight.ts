import type { BrokerOptions } from '../../broker/options.ts'
import { type Decoded, type DownMessage, decodeUp, type UpMessage } from '../../schema/wire/codec.ts'
import type { Events } from '../../schema/wire/events.ts'
import type { DownKind, UpKind } from '../../schema/wire/topics.ts'
import type { After } from '../context.ts'
import { isId } from '../domain/ids.ts'
import { type Held, type Needs, pairKey } from '../store/held.ts'
import type { Fact } from '../store/history.ts'
import type { ControllerRow } from '../store/rows.ts'

export type Received = Parameters<BrokerOptions['receive']>[0]
export type Read = {
  [K in UpKind]: { controllerId: string; kind: K; payload: Buffer; decoded: Decoded<UpMessage<K>> }
}[UpKind]

/** What a message of one controller works on and leaves behind: rows, history, answers and news that wait for the commit. */
export type Flight = {
  held: Held
  controller: ControllerRow
  now: Date
  facts: Fact[]
  after: After
  /** the message could not be applied in the ordinary way: its events are kept as they are */
  suspectOnly: boolean
  answer(kind: DownKind, message: DownMessage): void
}

export const read = ({ controllerId, kind, payload }: Received): Read =>
  ({ controllerId, kind, payload, decoded: decodeUp(kind, payload) }) as Read

/** The rows that these messages speak of, so that all of them are read at once. */
export function needsOf(messages: Read[]): Needs {
  const boots = new Map<string, [string, string]>()
  const journals = new Map<string, [string, string]>()
  const doors = new Map<string, [string, number]>()
  const opened = new Map<string, [string, number]>()
  const banks = new Set<string>()
  const started = new Map<string, [string, string]>()
  const grants = new Set<string>()
  const orders = new Set<string>()
  for (const { controllerId, kind, decoded } of messages) {
    if (!decoded.ok) continue
    if (kind === 'status') {
      const status = decoded.value as UpMessage<'status'>
      if (status.state !== 'online') continue
      journals.set(pairKey(controllerId, status.journal), [controllerId, status.journal])
      if (status.doors || (status.doorsPage ?? 1) > 1) banks.add(controllerId)
      boots.set(pairKey(controllerId, status.boot), [controllerId, status.boot])
    }
    if (kind !== 'events') continue
    const { journal, events } = decoded.value as Events
    journals.set(pairKey(controllerId, journal), [controllerId, journal])
    for (const { type, door, cause, order } of events) {
      if (type === 'started') started.set(pairKey(controllerId, journal), [controllerId, journal])
      if (isDoorNumber(door)) doors.set(pairKey(controllerId, door), [controllerId, door])
      if (isDoorNumber(door) && type === 'opened') opened.set(pairKey(controllerId, door), [controllerId, door])
      const named = (cause ?? {}) as { grant?: unknown; order?: unknown }
      if (isId(named.grant)) grants.add(named.grant)
      for (const id of [named.order, order]) if (isId(id)) orders.add(id)
    }
  }
  return {
    ...{ journals: [...journals.values()], doors: [...doors.values()], opened: [...opened.values()] },
    ...{
      banks: [...banks],
      started: [...started.values()],
      boots: [...boots.values()],
      grants: [...grants],
      orders: [...orders],
    },
  }
}

const isDoorNumber = (door: unknown): door is number =>
  Number.isInteger(door) && (door as number) > 0 && (door as number) < 2 ** 31

/** Numbers of events that are recorded already, so that their content can be compared. */
export function repeatsOf(messages: Read[], held: Held): [string, string, number][] {
  const repeats: [string, string, number][] = []
  for (const { controllerId, kind, decoded } of messages) {
    if (kind !== 'events' || !decoded.ok) continue
    const { journal, events } = decoded.value as Events
    const known = held.journals.byKey.get(pairKey(controllerId, journal))?.seq ?? 0
    for (const { seq } of events) if (seq <= known) repeats.push([controllerId, journal, seq])
  }
  return repeats
}
