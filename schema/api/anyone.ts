import { type Static, Type } from 'typebox'
import { NewPassword, Otp } from './account.ts'
import { At, body, Id, maybe, Role, Size, Words } from './shared.ts'

/** Four ways to sign in; which one is told by the members given. */
export const SignIn = body({
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** beside e-mail and password, of an account with a second factor: a code of the authenticator, or a recovery code */
  otp: Type.Optional(Otp),
  carrierCode: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  siteId: Type.Optional(Id),
  memberNumber: Type.Optional(Words),
  pin: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
  /** asked for by `POST /api/sign-in-codes` */
  oneTimeCode: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
})
export type SignIn = Static<typeof SignIn>

/** Sent to the address that is known here; the answer is the same when there is none. */
export const AskSignInCode = body({ memberNumber: Words, by: Type.Enum(['email', 'sms', 'voice']) })
export const SignInCodeAsked = Type.Object({ lastsMs: Type.Integer() })

const signedIn = {
  role: Role,
  actorId: Type.String(),
  siteIds: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'null: every site' }),
  expiresAt: At,
}
/** `email`: of those who work here */
export const Me = Type.Object({ ...signedIn, email: maybe(Type.String()) })
export const SignedIn = Type.Object({ token: Type.String(), name: Type.String(), ...signedIn })
export type SignedIn = Static<typeof SignedIn>

/** The first landlord, made once by who holds the link that the first start printed. */
export const Setup = body({
  token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  email: Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' }),
  password: NewPassword,
  name: Type.Optional(Words),
})
export const SetupDone = Type.Object({ email: Type.String() })

export const ByReceipt = Type.Object({ number: Type.String({ minLength: 1, maxLength: 40 }) })
export const Receipt = Type.Object({
  receipt: Type.String(),
  state: Type.String(),
  size: Size,
  madeAt: At,
  placedAt: maybe(At),
})
export type Receipt = Static<typeof Receipt>
