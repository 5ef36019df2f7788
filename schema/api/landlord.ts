import { type Static, Type } from 'typebox'
import { NewPassword } from './account.ts'
import { accountRoles } from './roles.ts'
import { body, Id, items, Words } from './shared.ts'

export const NewSite = body({
  name: Words,
  language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$' })),
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
})

export const NewAccount = body({
  email: Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' }),
  name: Words,
  role: Type.Enum(accountRoles),
  password: NewPassword,
  siteIds: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
})

const text = Type.String()
export const Sites = items(Type.Object({ id: text, name: text, language: text, timeZone: text }))
export const Account = Type.Object({
  id: text,
  email: text,
  name: text,
  role: Type.Enum(accountRoles),
  siteIds: Type.Array(text),
  secondFactor: Type.Boolean(),
})
export type Account = Static<typeof Account>
export const Accounts = items(Account)
