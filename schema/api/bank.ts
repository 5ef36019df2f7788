import { type Static, Type } from 'typebox'
import { AlertKind } from './alerts.ts'
import { body } from './shared.ts'

/** What anyone may know who stands before a bank. */
export const BankHere = Type.Object({
  controllerId: Type.String(),
  siteId: Type.String(),
  name: Type.String(),
  site: Type.String(),
  online: Type.Boolean(),
})
export type BankHere = Static<typeof BankHere>

/** Said with the pickup code in place of a sign-in. */
export const AlertByCode = body({ code: Type.String({ pattern: '^\\d{8}$' }), kind: AlertKind })
/** The number of the box, and what the parcel in it is now. */
export const HeardAlert = Type.Object({ door: Type.Integer(), parcelState: Type.String() })
export type HeardAlert = Static<typeof HeardAlert>
