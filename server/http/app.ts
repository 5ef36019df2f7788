import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Role } from '../../schema/api/shared.ts'
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
    /** who may call this route; a route without it is open to anyone */
    roles?: readonly Role[]
  }
  interface FastifyRequest {
    session: Session | null
  }
}

export const caretakers = ['caretaker', 'landlord'] as const
export const couriers = ['courier', 'caretaker', 'landlord'] as const
export const everybody = ['landlord', 'caretaker', 'courier', 'resident'] as const
