import { plainLines, plainText } from '../domain/plain-text.ts'
import { Refusal } from '../refusal.ts'
import type { App } from './app.ts'

/** A moment of the form that the shape `Moment` lets through, on a day that exists. */
export function readMoment(text: string, field: string): Date {
  const moment = new Date(text)
  const [year, month, day] = text.split(/[-T]/, 3).map(Number)
  const lastDay = new Date(Date.UTC(year!, month!, 0)).getUTCDate()
  // Date would take 31 February for 3 March
  if (Number.isNaN(moment.getTime()) || day! > lastDay) throw new Refusal('invalid', { field })
  return moment
}

/**
 * The field of the first text that cannot be stored as it is: PostgreSQL's text holds no NUL (22021), and half of a
 * surrogate pair would silently become U+FFFD in UTF-8.
 */
function unstorableField(value: unknown, path: readonly string[] = []): string | undefined {
  if (typeof value === 'string') return /\0|\p{Surrogate}/u.test(value) ? path.join('.') : undefined
  if (value === null || typeof value !== 'object') return undefined
  // no shape is as deep, and whoever walks a body of 100,000 brackets runs out of stack
  if (path.length >= 20) return path[0]
  for (const [member, each] of Object.entries(value)) {
    const found = unstorableField(each, [...path, member])
    if (found !== undefined) return found
  }
  return undefined
}

export function keepTextStorable(app: App): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    const field = unstorableField(params) ?? unstorableField(query) ?? unstorableField(body)
    if (field !== undefined) throw new Refusal('invalid', { field: field || 'body' })
  })
}

/**
 * What somebody typed or pasted, without the marks in it that nobody sees: who pastes a name would not find what is refused.
 * A file is read cell by cell, and a password is what it is.
 */
export function keepTextPlain(app: App): void {
  app.addHook('preValidation', async ({ query, body }) => {
    for (const part of [query, body]) makePlain(part)
  })
}

const asTheyAre = new Set(['password', 'newPassword', 'text'])
const saidFreely = new Set(['reason', 'note', 'says'])

function makePlain(part: unknown): void {
  if (part === null || typeof part !== 'object') return
  const members = part as Record<string, unknown>
  for (const [name, given] of Object.entries(members))
    if (typeof given !== 'string') makePlain(given)
    else if (!asTheyAre.has(name)) members[name] = saidFreely.has(name) ? plainLines(given) : plainText(given)
}

/** An id in capitals is the same id (RFC 9562 4); the database answers it in small letters, and so the chain hashes it. */
export function keepIdsSmall(app: App): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    for (const part of [params, query, body] as (Record<string, unknown> | null | undefined)[])
      for (const [name, given] of Object.entries(part ?? {}))
        if (/(^i|I)ds?$/.test(name)) part![name] = Array.isArray(given) ? given.map(smallId) : smallId(given)
  })
}

const smallId = (given: unknown) =>
  typeof given === 'string' && /^[0-9A-F-]{36}$/i.test(given) ? given.toLowerCase() : given
