import { describe, expect, test } from 'vitest'
import { checkOf, inGroups, makeCode, randomCounter, totpAt, totpStep } from '../../schema/wire/codes.ts'

const secret = Buffer.from('12345678901234567890')
const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const totp = { secret: base32, digits: 8, period: 30 }

describe('HOTP, RFC 4226 appendix D', () => {
  test.each(
    ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map(
      (code, counter) => [counter, code] as const,
    ),
  )('counter %i → %s', (counter, code) => {
    expect(makeCode(secret, BigInt(counter), 6)).toBe(code)
  })
  test('the ten decimal values of the appendix, to 8 digits', () => {
    const whole = [1284755224, 1094287082, 137359152, 1726969429, 1640338314, 868254676, 1918287922, 82162583]
    whole.forEach((value, counter) => {
      expect(makeCode(secret, BigInt(counter))).toBe(String(value % 1e8).padStart(8, '0'))
    })
  })
  test('a counter beyond 2^53 keeps all its bits', () => {
    const counter = 2n ** 63n
    expect(makeCode(secret, counter)).not.toBe(makeCode(secret, counter + 1n))
    expect(makeCode(secret, 2n ** 64n - 1n)).toMatch(/^\d{8}$/)
  })
  test('random counters use all 64 bits and differ', () => {
    const drawn = Array.from({ length: 200 }, randomCounter)
    expect(new Set(drawn).size).toBe(200)
    expect(drawn.some(counter => counter > 2n ** 53n)).toBe(true)
  })
})

describe('TOTP, RFC 6238 appendix B, SHA-1', () => {
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('%i s → %s', (seconds, code) => {
    expect(totpAt(totp, seconds * 1000)).toBe(code)
    expect(totpStep(totp, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  const step = 41152263
  const code = totpAt(totp, step * 30_000)
  test('fits this step and one either side [GRANTS-21]', () => {
    for (const away of [-1, 0, 1]) expect(totpStep(totp, code, (step + away) * 30_000 + 15_000)).toBe(step)
    for (const away of [-2, 2]) expect(totpStep(totp, code, (step + away) * 30_000 + 15_000)).toBeNull()
  })
  test('fits to the last second of the next step', () => {
    expect(totpStep(totp, code, (step + 2) * 30_000 - 1)).toBe(step)
    expect(totpStep(totp, code, (step - 1) * 30_000)).toBe(step)
  })
  test('a step is used once [GRANTS-21]', () => {
    expect(totpStep(totp, code, step * 30_000, step)).toBeNull()
    expect(totpStep(totp, code, step * 30_000, step - 1)).toBe(step)
  })
  test.each(['', '1234567', '123456789', 'abcdefgh', '9428708２'])('%j is no code and throws nothing', text => {
    expect(totpStep(totp, text, 59_000)).toBeNull()
  })
})

describe('what a device holds instead of a code', () => {
  const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
  test('first 16 bytes of HMAC-SHA-256 under the key, in hex (a firmware can compare) [GRANTS-9]', () => {
    expect(checkOf(key, '12345678')).toBe('b2be66f797c511bd2a34dfb060838661')
    expect(checkOf(key, '04a2b9c1d2e380')).toBe('19d8b5ebb2ec95ed8047aad329e0aaf0')
  })
  test('another key or another code gives another check', () => {
    expect(checkOf(key.replace('00', 'ff'), '12345678')).not.toBe(checkOf(key, '12345678'))
    expect(checkOf(key, '12345679')).not.toBe(checkOf(key, '12345678'))
  })
})

test('shown in two groups', () => {
  expect(inGroups('12345678')).toBe('1234 5678')
  expect(inGroups('00000001')).toBe('0000 0001')
})
