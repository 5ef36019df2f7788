import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkOf, makeCode, totpAt, totpStep } from '../../schema/wire/codes.ts'
import { hmacByHand, hotpByHand, toBase32, totpByHand } from '../support/one-time-codes.ts'

type Case = { key: Uint8Array; counter: bigint; digits: number; ms: number; code: string }
type Said = { hotp: string; totp: string; check: string }

const cases: Case[] = fc.sample(
  fc.record({
    key: fc.uint8Array({ minLength: 20, maxLength: 32 }),
    counter: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    digits: fc.integer({ min: 6, max: 8 }),
    // from the third minute of 1970 to the year 2255: the steps leave 32 bits, the ms do not leave a number
    ms: fc.integer({ min: 120_000, max: 9_000_000_000_000 }),
    code: fc.integer({ min: 0, max: 99_999_999 }).map(number => String(number).padStart(8, '0')),
  }),
  { numRuns: 500, seed: 4226 },
)
const ours = ({ key, counter, digits, ms, code }: Case): Said => ({
  hotp: makeCode(key, counter, digits),
  totp: totpAt({ secret: toBase32(key), digits: 8, period: 30 }, ms),
  check: checkOf(Buffer.from(key).toString('hex'), code),
})

const python = `
import base64, hashlib, hmac, json, struct, sys
def hotp(key, counter, digits):
    mac = hmac.new(key, struct.pack('>Q', counter), hashlib.sha1).digest()
    at = mac[-1] & 15
    return str((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10 ** digits).zfill(digits)
def said(each):
    key = bytes.fromhex(each['key'])
    secret = base64.b32decode(each['secret'] + '=' * (-len(each['secret']) % 8))
    return {
        'hotp': hotp(key, int(each['counter']), each['digits']),
        'totp': hotp(secret, each['ms'] // 30000, 8),
        'check': hmac.new(key, each['code'].encode('ascii'), hashlib.sha256).hexdigest()[:32],
    }
json.dump([said(each) for each in json.load(sys.stdin)], sys.stdout)
`

function saidByPython(): Said[] {
  const input = cases.map(({ key, counter, ...rest }) => ({
    ...rest,
    key: Buffer.from(key).toString('hex'),
    secret: toBase32(key),
    counter: String(counter),
  }))
  const ran = spawnSync('python3', ['-c', python], { input: JSON.stringify(input), encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  return JSON.parse(ran.stdout) as Said[]
}

const saidByHand = (): Said[] =>
  cases.map(({ key, counter, digits, ms, code }) => ({
    hotp: hotpByHand(key, counter, digits),
    totp: totpByHand(toBase32(key), ms),
    check: hmacByHand('sha256', key, Buffer.from(code)).toString('hex', 0, 16),
  }))
const others: [string, () => Said[]][] = [['written out here', saidByHand]]
if (spawnSync('python3', ['--version']).status === 0) others.push(['of Python', saidByPython])

describe('500 random codes, of keys, counters to 2^64 and times to 2255', () => {
  test.each(others)('agree with the implementation %s, and so do the checks that a device holds', (_name, said) => {
    expect(cases.map(ours)).toEqual(said())
  })

  test('are found again by the checking, in their step and one either side', () => {
    for (const { key, ms } of cases) {
      const secret = toBase32(key)
      const step = Math.floor(ms / 30_000)
      const code = totpByHand(secret, ms)
      const found = [-2, -1, 0, 1, 2].map(away =>
        totpStep({ secret, digits: 8, period: 30 }, code, (step + away) * 30_000),
      )
      expect(found.slice(1, 4)).toEqual([step, step, step])
      // another step may have the same eight digits, one time in a hundred million
      expect([found[0], found[4]]).toEqual([null, null])
    }
  })
})

test('the one written out here knows the vectors of RFC 4226 and RFC 6238', () => {
  const key = Buffer.from('12345678901234567890')
  const told = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  expect(told.map((_, counter) => hotpByHand(key, BigInt(counter), 6))).toEqual(told)
  const times = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000]
  const codes = ['94287082', '07081804', '14050471', '89005924', '69279037', '65353130']
  expect(times.map(seconds => totpByHand(toBase32(key), seconds * 1000))).toEqual(codes)
})
