import type { Static, TSchema } from 'typebox'
import Compile from 'typebox/compile'
import { Code } from './code.ts'
import { Ack, Config, Grants, Order, Welcome } from './down.ts'
import { type DeviceEvent, Events, type EventType, eventShapes, type RawEvent } from './events.ts'
import { Status } from './status.ts'
import type { DownKind, UpKind } from './topics.ts'

export const upShapes = { status: Status, events: Events, code: Code } as const
export const downShapes = {
  welcome: Welcome,
  ack: Ack,
  order: Order,
  grants: Grants,
  config: Config,
} as const
export type UpMessage<K extends UpKind = UpKind> = Static<(typeof upShapes)[K]>
export type DownMessage<K extends DownKind = DownKind> = Static<(typeof downShapes)[K]>

/** What a payload turned out to be: its value, or one sentence saying which member is missing or wrong. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: string }

const compileAll = <T extends Record<string, TSchema>>(shapes: T) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, Compile(shape)])) as unknown as {
    [K in keyof T]: {
      Check(value: unknown): boolean
      Errors(value: unknown): { instancePath: string; message: string }[]
    }
  }
const upChecks = compileAll(upShapes)
const downChecks = compileAll(downShapes)
const eventChecks = compileAll(eventShapes)

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseObject(payload: Uint8Array): Decoded<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(payload))
  } catch {
    return { ok: false, problem: 'not JSON in UTF-8' }
  }
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? { ok: true, value: value as Record<string, unknown> }
    : { ok: false, problem: 'not a JSON object' }
}

type Check = { Check(value: unknown): boolean; Errors(value: unknown): { instancePath: string; message: string }[] }

function checked<T>(check: Check, value: unknown): Decoded<T> {
  if (check.Check(value)) return { ok: true, value: value as T }
  const first = check.Errors(value)[0]
  const member = first?.instancePath.slice(1).replaceAll('/', '.') || 'message'
  return { ok: false, problem: `${member} ${first?.message ?? 'does not fit'}` }
}

/** Reads what a device sent. Bytes of another form are answered with a problem, never with an exception. */
export function decodeUp<K extends UpKind>(kind: K, payload: Uint8Array): Decoded<UpMessage<K>> {
  const parsed = parseObject(payload)
  return parsed.ok ? checked<UpMessage<K>>(upChecks[kind], parsed.value) : parsed
}

/** Reads what the server sent (simulator, conformance tests). */
export function decodeDown<K extends DownKind>(kind: K, payload: Uint8Array): Decoded<DownMessage<K>> {
  const parsed = parseObject(payload)
  return parsed.ok ? checked<DownMessage<K>>(downChecks[kind], parsed.value) : parsed
}

/** Reads one event of a message; a problem here makes it suspect, never lost. */
export function decodeEvent(raw: RawEvent): Decoded<DeviceEvent> {
  const type = String(raw.type)
  if (!Object.hasOwn(eventChecks, type)) return { ok: false, problem: `type ${JSON.stringify(raw.type)} is not known` }
  return checked<DeviceEvent>(eventChecks[type as EventType], raw)
}

export const encode = (message: UpMessage | DownMessage): Buffer => Buffer.from(JSON.stringify(message))
