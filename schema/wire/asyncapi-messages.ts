import { type TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import { downShapes, upShapes } from './codec.ts'
import { eventShapes } from './events.ts'
import * as golden from './golden.ts'
import { rulesAbout } from './rules/all.ts'
import type { Rules } from './rules/rule.ts'
import { type DownKind, downKinds, type UpKind, upKinds } from './topics.ts'

export type Kind = UpKind | DownKind
export const kinds: readonly Kind[] = [...upKinds, ...downKinds]
const shapes: Record<Kind, TSchema> = { ...upShapes, ...downShapes }

export const listed = (rules: Rules): string =>
  Object.entries(rules)
    .map(([id, { side, text }]) => `- **${id}** (${side === 'both' ? 'device and server' : side}) ${text}`)
    .join('\n')

type Literals = { anyOf?: TSchema[]; properties?: Record<string, { const?: string }> }
type Bytes = readonly [kind: Kind, text: string]

const AnyEvent = Type.Union(Object.values(eventShapes))
const fits = (kind: Kind, shape: TSchema, value: { events?: unknown[] }) =>
  Check(shape, value) && (kind !== 'events' || value.events!.every(event => Check(AnyEvent, event)))

function messageOf(kind: Kind, shape: TSchema) {
  const fitting = Object.entries<Bytes>({ ...golden.up, ...golden.down })
    .filter(([, [of]]) => of === kind)
    .map(([name, [, text]]) => ({ name, payload: JSON.parse(text) }))
    .filter(({ payload }) => fits(kind, shape, payload))
  return {
    contentType: 'application/json',
    payload: kind === 'events' ? withEvents(shape) : shape,
    examples: fitting.slice(0, 2),
  }
}

/** What a device of this version sends; the server takes any event with a number (EVENTS-16, EVENTS-17). */
function withEvents(shape: TSchema) {
  const { properties } = shape as unknown as { properties: { events: object } }
  const items = { anyOf: Object.keys(eventShapes).map(type => ({ $ref: `#/components/schemas/${type}` })) }
  return { ...shape, properties: { ...properties, events: { ...properties.events, items } } }
}

/** A topic with several shapes has one message for each, named by what tells them apart: `order-open`, `order-refuse`. */
function messagesOf(kind: Kind): Record<string, ReturnType<typeof messageOf>> {
  const options = (shapes[kind] as Literals).anyOf ?? [shapes[kind]]
  return Object.fromEntries(
    options.map(shape => {
      const { state, type } = (shape as Literals).properties ?? {}
      const which = state?.const ?? type?.const
      return [which ? `${kind}-${which}` : kind, messageOf(kind, shape)]
    }),
  )
}

function eventOf(type: string, shape: TSchema) {
  const about = Object.entries(rulesAbout('events')).filter(([, { text }]) => text.includes(`\`${type}\``))
  const examples = (golden.events[type] ?? []).slice(0, 2).map(text => JSON.parse(text))
  return { title: type, description: listed(Object.fromEntries(about)), ...shape, examples }
}

/** By topic, then by name: payload and one or two of the golden examples. */
export const messages = Object.fromEntries(kinds.map(kind => [kind, messagesOf(kind)])) as Record<
  Kind,
  ReturnType<typeof messagesOf>
>
export const eventSchemas = Object.fromEntries(
  Object.entries(eventShapes).map(([type, shape]) => [type, eventOf(type, shape)]),
)
