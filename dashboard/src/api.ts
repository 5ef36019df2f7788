import type { ErrorBody } from '../../schema/api/shared.ts'

export class Refused extends Error {
  readonly reason: string
  readonly status: number
  constructor(reason: string, status: number) {
    super(reason)
    this.reason = reason
    this.status = status
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
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refused((answer as Partial<ErrorBody>).error?.reason ?? 'other', response.status)
  return answer as T
}

export const reasonOf = (error: unknown): string => (error instanceof Refused ? error.reason : 'link')
