import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** What one guess costs: a fifth of a second. It is written into each text, so that it can be raised later. */
export const hashCost = { N: 2 ** 14, r: 8, p: 5 }
const keyBytes = 32

/** Passwords, carriers' codes and PINs. */
export async function hashSecret(secret: string, salt: Buffer = randomBytes(16)): Promise<string> {
  return written(salt, await derive(secret, salt, hashCost))
}

const written = (salt: Buffer, key: Buffer): string =>
  ['scrypt', hashCost.N, hashCost.r, hashCost.p, salt.toString('base64url'), key.toString('base64url')].join('$')

export async function secretMatches(secret: string, hash: string): Promise<boolean> {
  const [name, n, r, p, salt, expected] = hash.split('$')
  if (name !== 'scrypt' || salt === undefined || expected === undefined) return false
  const key = await derive(secret, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) })
  const wanted = Buffer.from(expected, 'base64url')
  return wanted.length === key.length && timingSafeEqual(wanted, key)
}

/** Couriers type it in a hurry: capitals, spaces and hyphens do not matter. */
export const typedCarrierCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '')

/** The same code at the same site always gives the same text, so a carrier is found by one look-up and one derivation. */
export const hashCarrierCode = (siteId: string, code: string): Promise<string> =>
  hashSecret(
    typedCarrierCode(code),
    createHash('sha256').update(`carrier:${siteId.toLowerCase()}`).digest().subarray(0, 16),
  )

/** Compared with when nobody has that name, so that the answer takes as long as for somebody who exists. */
export const nobodysHash = (): string => written(Buffer.alloc(16), Buffer.alloc(keyBytes))

function derive(secret: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(secret.normalize('NFKC'), salt, keyBytes, { ...options, maxmem: 64 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
