import { type Static, type TSchema, Type } from 'typebox'

export const Id = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
})
export const ControllerId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' })
/** years 2000 to 2999: device times are ms since 1970, and PostgreSQL has no year 0 */
export const Moment = Type.String({
  pattern: '^2\\d{3}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})$',
})
/** of a site's own calendar; that there is such a day is another question */
export const Day = Type.String({ minLength: 10, maxLength: 10, pattern: '^2\\d{3}-\\d{2}-\\d{2}$' })
/** not only spaces */
export const Words = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
export const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
export const Size = Type.Enum(['S', 'M', 'L', 'XL'])
export const Role = Type.Enum(['landlord', 'caretaker', 'volunteer', 'technician', 'courier', 'resident'])
export type Role = Static<typeof Role>

/** A request's body or query: unknown members are refused, so that a misspelt one is noticed. */
export const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

export const query = body

export const ById = Type.Object({ id: Id })
export const ByController = Type.Object({ id: ControllerId })
export const WithReason = body({ reason: Reason })

/** every answer of 400 and above */
export const ErrorBody = Type.Object({
  error: Type.Object({
    reason: Type.String({ description: 'a short word that a screen can translate' }),
    message: Type.String(),
    field: Type.Optional(Type.String({ description: 'the member, header or body it is about' })),
    details: Type.Optional(Type.Unknown()),
  }),
})
export type ErrorBody = Static<typeof ErrorBody>

/** What an answer says of times and of what may be missing. */
export const At = Type.String({ format: 'date-time' })
export const maybe = <T extends TSchema>(shape: T) => Type.Union([shape, Type.Null()])
export const items = <T extends TSchema>(shape: T) => Type.Object({ items: Type.Array(shape) })
export const MadeId = Type.Object({ id: Type.String() })
