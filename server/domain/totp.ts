import type { TotpGrant } from '../../schema/wire/codes.ts'

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 6, without padding: whole groups of 5 bytes only, as 20 bytes are. */
export function base32Of(bytes: Uint8Array): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map(five => base32[Number.parseInt(five, 2)]).join('')
}

/** https://github.com/google/google-authenticator/wiki/Key-Uri-Format, read by every authenticator */
export function otpauth(named: { issuer: string; account: string }, { secret, digits, period }: TotpGrant): string {
  const [issuer, account] = [named.issuer, named.account].map(encodeURIComponent)
  return `otpauth://totp/${issuer}:${account}?secret=${secret}&issuer=${issuer}&algorithm=SHA1&digits=${digits}&period=${period}`
}
