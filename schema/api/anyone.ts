import { type Static, Type } from 'typebox'
import { body, Id, type Role, Words } from './shared.ts'

/** Three ways to sign in; which one is told by the members given. */
export const SignIn = body({
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  otp: Type.Optional(Type.String({ maxLength: 10 })),
  carrierCode: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  siteId: Type.Optional(Id),
  memberNumber: Type.Optional(Words),
  pin: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
})
export type SignIn = Static<typeof SignIn>

export type SignedIn = {
  token: string
  role: Role
  actorId: string
  name: string
  /** null: every site */
  siteIds: string[] | null
  expiresAt: string
}

export const ByReceipt = Type.Object({ number: Type.String({ minLength: 1, maxLength: 40 }) })
export type Receipt = { receipt: string; state: string; size: string; madeAt: string; placedAt: string | null }
