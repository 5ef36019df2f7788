import { type Static, Type } from 'typebox'
import { accountRoles } from './roles.ts'
import { At, body, Id, items, maybe, Reason, Words } from './shared.ts'

const text = Type.String()

export const passwordLength = { minLength: 12, maxLength: 200 }
export const NewPassword = Type.String(passwordLength)
const Password = Type.String({ minLength: 1, maxLength: 200 })
/** a code of the authenticator or a recovery code; spaces and hyphens do not count */
export const Otp = Type.String({ minLength: 6, maxLength: 20 })

/** One's own; `since` null: no second factor. */
export const OwnAccount = Type.Object({
  id: text,
  email: text,
  name: text,
  role: Type.Enum(accountRoles),
  secondFactor: Type.Object({ since: maybe(At), recoveryCodesLeft: Type.Integer() }),
})
export type OwnAccount = Static<typeof OwnAccount>

export const ChangePassword = body({ password: Password, newPassword: NewPassword })
export const Ended = Type.Object({ ended: Type.Integer({ description: 'how many sessions ended' }) })

export const OwnSession = Type.Object({
  id: text,
  madeAt: At,
  lastSeenAt: At,
  browser: maybe(text),
  system: maybe(text),
  isThis: Type.Boolean(),
})
export type OwnSession = Static<typeof OwnSession>
export const OwnSessions = items(OwnSession)

export const WithPassword = body({ password: Password })
export const WithPasswordAndOtp = body({ password: Password, otp: Otp })
/** For the authenticator, as text and as the address for a QR code; off until it is confirmed. */
export const Secret = Type.Object({ secret: text, uri: text })
export type Secret = Static<typeof Secret>
export const ConfirmSecondFactor = body({ code: Type.String({ pattern: '^\\d{6}$' }) })
/** shown once; each serves once in place of a code */
export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(text) })

/** For somebody who forgot theirs: told to them by whoever gave it, and changed by them. */
export const GivePassword = body({ password: NewPassword, reason: Reason })

/** `siteIds`: all of them, from now on; a landlord has none, being at every site. */
export const ChangeAccount = body({
  name: Words,
  role: Type.Enum(accountRoles),
  siteIds: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
})
