import { type Static, type TSchema, Type } from 'typebox'

export const Id = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
})
export const ControllerId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' })
export const Moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})$',
})
export const Words = Type.String({ minLength: 1, maxLength: 200 })
export const Reason = Type.String({ minLength: 1, maxLength: 500 })
export const Size = Type.Enum(['S', 'M', 'L', 'XL'])
export const Role = Type.Enum(['landlord', 'caretaker', 'courier', 'resident'])
export type Role = Static<typeof Role>

/** A request body: unknown members are refused, so that a misspelt one is noticed. */
export const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

export const ById = Type.Object({ id: Id })
export const ByController = Type.Object({ id: ControllerId })
export const WithReason = body({ reason: Reason })

export type ErrorBody = { error: { reason: string; message: string; field?: string; details?: unknown } }
