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
  const response = await answerTo(path, options)
  if (response.status === 204) return undefined as T
  if (response.headers.get('content-type')?.startsWith('text/csv')) return (await response.blob().catch(lost)) as T
  return response.json().catch(() => ({}))
}

/** A file, under the name that the server gives it. */
export async function askFile(path: string): Promise<File> {
  const response = await answerTo(path, {})
  const [, name = ''] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
  return new File([await response.blob().catch(lost)], name)
}

async function answerTo(path: string, options: RequestInit): Promise<Response> {
  const response = await fetch(path, options).catch(lost)
  if (response.ok) return response
  const { error }: Partial<ErrorBody> = await response.json().catch(() => ({}))
  throw new Refused(error?.reason ?? 'other', response.status, error)
}

const lost = (): never => {
  throw new Refused('link', 0)
}

export const reasonOf = (error: unknown): string => (error instanceof Refused ? error.reason : 'link')
