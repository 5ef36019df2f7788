import { type Static, Type } from 'typebox'
import { accountRoles } from './roles.ts'
import { At, items, maybe } from './shared.ts'

/**
 * How somebody came to see a resident's name: asked with a reason who comes to a room or for the file of everybody; or, with
 * no reason asked for, in a list of residents, on their own sheet, or by looking for a parcel under their name.
 */
export const nameLooks = ['room', 'export', 'list', 'sheet', 'counter'] as const
export type NameLook = (typeof nameLooks)[number]

/** Newest first. Who it was is told by what they do here, not by name. */
export const OwnLooks = items(
  Type.Object({
    at: At,
    how: Type.Enum([...nameLooks]),
    role: Type.Enum([...accountRoles]),
    room: maybe(Type.String()),
    reason: maybe(Type.String()),
  }),
)
export type OwnLook = Static<typeof OwnLooks>['items'][number]
