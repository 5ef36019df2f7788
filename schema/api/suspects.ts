/** Why something a device told does not add up. Kept with the fact; whoever shows it has words for each. */
export const suspectReasons = [
  'events-lost',
  'does-not-fit',
  'not-applied',
  'time-went-back',
  'number-used-twice',
  'journal-behind',
  'identity-twice',
  'door-unknown',
  'grant-unknown',
  'grant-of-another-door',
  'grant-revoked',
  'grant-ended',
  'grant-used-again',
  'order-unknown',
  'order-late',
  'bolt-in-doubt',
  'deposit-ended',
  'parcel-ended',
  'taking-ended',
  'not-collected',
] as const
export type SuspectReason = (typeof suspectReasons)[number]

/** A reason; of what does not fit its shape also which member and why, for the maker of the device. */
export type Suspect = SuspectReason | `does-not-fit: ${string}`

/** The reason and the detail behind it. */
export function partsOf(suspect: string): [reason: string, detail: string] {
  const end = suspect.indexOf(': ')
  return end < 0 ? [suspect, ''] : [suspect.slice(0, end), suspect.slice(end + 2)]
}
