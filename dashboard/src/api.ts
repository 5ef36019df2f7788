import type { ErrorBody } from '../../schema/api/shared.ts'

export class Refused extends Error {
  readonly reason: string
  readonly status: number
  readonly details: unknown
  /** the member of the request that it is about */
  readonly field: string | undefined
  constructor(reason: string, status: number, about: { details?: unknown; field?: string | undefined } = {}) {
    super(reason)
    this.reason = reason
    this.status = status
    this.details = about.details
    this.field = about.field
  }
}

/** Asks the server; the cookie says who is asking. */
export async function ask<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  key?: string,
): Promise<T> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (key !== undefined) headers['idempotency-key'] = key
  const options = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(path, options).catch(() => {
    throw new Refused('link', 0)
  })
  if (response.status === 204) return undefined as T
  const isFile = response.headers.get('content-type')?.startsWith('text/csv')
  const answer = await (isFile ? response.blob() : response.json()).catch(() => ({}))
  const { error } = answer as Partial<ErrorBody>
  if (!response.ok) throw new Refused(error?.reason ?? 'other', response.status, error)
  return answer as T
}

export const reasonOf = (error: unknown): string => (error instanceof Refused ? error.reason : 'link')
