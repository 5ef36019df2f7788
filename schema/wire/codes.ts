import { createHmac, randomBytes } from 'node:crypto'
import { generateSync, verifySync } from 'otplib'
import { limits } from './limits.ts'

/**
 * A one-time code by HOTP (RFC 4226 §5.3), 8 digits unless told otherwise.
 * Written out here because the counter is a random 64-bit number and otplib stops at 2^53.
 */
export function makeCode(siteKey: Uint8Array, counter: bigint, digits: number = limits.codeDigits): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(counter)
  const mac = createHmac('sha1', siteKey).update(message).digest()
  const offset = mac[mac.length - 1]! & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

export const randomCounter = (): bigint => randomBytes(8).readBigUInt64BE()

/** What the device holds instead of a code or badge: 16 bytes, in hex, of HMAC-SHA-256 under the controller's own key. */
export const checkOf = (codeKeyHex: string, codeOrBadge: string): string =>
  createHmac('sha256', Buffer.from(codeKeyHex, 'hex')).update(codeOrBadge, 'ascii').digest('hex').slice(0, 32)

/** Shown and read out as two groups: 1234 5678. */
export const inGroups = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')

export type TotpGrant = { secret: string; digits: number; period: number }

/** The rotating code of a room grant (RFC 6238, SHA-1) at a moment in ms since 1970. */
export const totpAt = (totp: TotpGrant, atMs: number): string =>
  generateSync({
    strategy: 'totp',
    secret: totp.secret,
    digits: totp.digits as 8,
    period: totp.period,
    epoch: Math.floor(atMs / 1000),
  })

/**
 * The time step a rotating code stands for: this one or one either side, and later than `afterStep` (each step once per
 * grant). Null when it fits none; a text that is no code at all fits none either (otplib throws on it).
 */
export function totpStep(totp: TotpGrant, code: string, atMs: number, afterStep?: number): number | null {
  if (!/^\d+$/.test(code) || code.length !== totp.digits) return null
  const result = verifySync({
    strategy: 'totp',
    secret: totp.secret,
    token: code,
    digits: totp.digits as 8,
    period: totp.period,
    epoch: Math.floor(atMs / 1000),
    epochTolerance: totp.period,
    ...(afterStep === undefined ? {} : { afterTimeStep: afterStep }),
  })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}
