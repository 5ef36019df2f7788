import { createHash } from 'node:crypto'

/** RFC 2104, 4226 and 6238 written out from their texts, over the bare hashes: shares no line with what it is compared to. */
type Hash = 'sha1' | 'sha256'
const digest = (hash: Hash, ...parts: Uint8Array[]): Buffer => createHash(hash).update(Buffer.concat(parts)).digest()

export function hmacByHand(hash: Hash, key: Uint8Array, message: Uint8Array): Buffer {
  const padded = Buffer.alloc(64)
  padded.set(key.length > 64 ? digest(hash, key) : key)
  const [outer, inner] = [0x5c, 0x36].map(byte => padded.map(each => each ^ byte))
  return digest(hash, outer!, digest(hash, inner!, message))
}

export function hotpByHand(key: Uint8Array, counter: bigint, digits: number): string {
  const message = Buffer.from(counter.toString(16).padStart(16, '0'), 'hex')
  const mac = hmacByHand('sha1', key, message)
  const at = mac.at(-1)! % 16
  const [a, b, c, d] = mac.subarray(at, at + 4)
  const number = (a! % 128) * 2 ** 24 + b! * 2 ** 16 + c! * 2 ** 8 + d!
  return String(number).padStart(10, '0').slice(-digits)
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
export const toBase32 = (key: Uint8Array): string => {
  const bits = [...key].map(each => each.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(five => letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}
const fromBase32 = (text: string): Buffer => {
  const bits = [...text].map(each => letters.indexOf(each).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(eight => Number.parseInt(eight, 2)))
}

/** 8 digits, 30 s */
export const totpByHand = (secret: string, atMs: number): string =>
  hotpByHand(fromBase32(secret), BigInt(Math.floor(atMs / 30_000)), 8)
