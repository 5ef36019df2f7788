import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { ErrorBody, type Role } from '../../schema/api/shared.ts'
import type { Session } from '../domain/sessions.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** who may call this route, from the table `may`; a route without it is open to anyone */
    roles?: readonly Role[]
  }
  interface FastifyRequest {
    session: Session | null
  }
}

/** What a route answers when all is well, and in the one form of every error otherwise. */
export const gives = <Status extends number, Shape extends TSchema>(status: Status, shape: Shape) =>
  ({ [status]: shape, '4xx': ErrorBody, '5xx': ErrorBody }) as Record<Status, Shape> &
    Record<'4xx' | '5xx', typeof ErrorBody>

/** A file, sent as it is. */
export const csv = {
  200: { description: 'UTF-8 with its mark', content: { 'text/csv': { schema: Type.String() } } },
  '4xx': ErrorBody,
  '5xx': ErrorBody,
} as unknown as Record<200, ReturnType<typeof Type.String>> & Record<'4xx' | '5xx', typeof ErrorBody> // fastify has no types for contents

export const nothing = Type.Null({ description: 'done; no content' })
