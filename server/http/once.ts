import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { once, type Repeatable } from '../domain/idempotency.ts'
import { Refusal } from '../refusal.ts'
import { who } from './permission.ts'

type Work<T> = Pick<Repeatable<T>, 'work' | 'keep' | 'again'>

/** A POST that is done once for its Idempotency-Key. The body is kept as a hash only. */
export function sameOnce<T>(ctx: Context, request: FastifyRequest, work: Work<T>): Promise<T> {
  const key = request.headers['idempotency-key']
  if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)))
    throw new Refusal('invalid', { field: 'idempotency-key' })
  const body = createHash('sha256')
    .update(JSON.stringify(request.body ?? null, withoutSecrets))
    .digest('base64url')
  return once(ctx, { actorId: who(request).actorId, key, request: [request.method, request.url, body], ...work })
}

/** Not even as a hash: a short one could be guessed from it. */
const withoutSecrets = (member: string, value: unknown) =>
  ['password', 'newPassword', 'otp', 'pin', 'code', 'badge'].includes(member) ? undefined : value

/** The use case's own result is the answer: without secrets, kept and told again as it is. */
export const plain = <T extends object>(work: Work<T>['work']): Work<T> => ({
  work,
  keep: written => written,
  again: async kept => kept as T,
})

/** An answer made from references each time, since it holds a code. */
export const derived = <T, Told>(
  work: (ctx: Context) => Promise<T>,
  tell: (written: T) => Promise<Told>,
): Work<Told> => ({
  work: async ctx => tell(await work(ctx)),
  keep: written => written,
  again: kept => tell(kept as T),
})

/** An answer with a secret, shown once. */
export const shownOnce = <T>(work: Work<T>['work']): Work<T> => ({
  work,
  keep: () => ({}),
  again: async () => {
    throw new Refusal('already-shown')
  },
})
