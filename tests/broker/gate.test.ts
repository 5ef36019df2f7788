import { expect, test } from 'vitest'
import { addressKey, isLoopback } from '../../broker/address.ts'
import { makeBuckets } from '../../broker/buckets.ts'
import { makeGate } from '../../broker/gate.ts'
import { settings } from '../../broker/settings.ts'
import { makeTally } from '../../broker/tally.ts'

const { rates } = settings

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8:1::9', '2001:db8:1:0::/64'],
  ['2001:db8::1:2:3:4', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key))

test('loopback is known in every form', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
  expect(['128.0.0.1', '2001:db8::1', '1.127.0.0', '::ffff:1.2.3.4', 'unknown'].some(isLoopback)).toBe(false)
})

test('a bucket fills again with time, and never over its size', () => {
  let now = 0
  const buckets = makeBuckets({ atOnce: 3, perSecond: 2, keep: 10, now: () => now })
  const taken = (times: number) => Array.from({ length: times }, () => buckets.take('a')).filter(Boolean).length
  expect(taken(5)).toBe(3)
  now = 1_000
  expect(taken(5)).toBe(2)
  now = 3_600_000
  expect(taken(5)).toBe(3)
  expect(buckets.take('b')).toBe(true)
  for (let i = 0; i < 9; i++) buckets.give('a')
  expect(taken(5)).toBe(3)
})

test('more keys than may be kept: memory stays, and the one that goes on is still known', () => {
  const buckets = makeBuckets({ atOnce: 2, perSecond: 0, keep: 100, now: () => 0 })
  for (let i = 0; i < 10_000; i++) {
    buckets.take('busy')
    buckets.take(`once-${i}`)
  }
  expect(buckets.size()).toBe(100)
  expect(buckets.hasSome('busy')).toBe(false)
})

function gateAt(start = 0) {
  let now = start
  const gate = makeGate(() => now)
  const pass = (ms: number) => {
    now += ms
  }
  return { gate, pass }
}
const site = '198.51.100.4'
const stranger = '203.0.113.9'

test('a site of 1,000 controllers behind one address comes back through it, again and again', () => {
  const { gate, pass } = gateAt()
  for (let storm = 0; storm < 20; storm++) {
    const all = Array.from({ length: 1_000 }, () => gate.mayConnect(site))
    expect(all.every(Boolean)).toBe(true)
    for (let n = 0; n < 1_000; n++) gate.signedIn(site, `bank-${n}`, 'ok')
    pass(1_000)
  }
})

test('while the database is away its tries cost nothing', () => {
  const { gate } = gateAt()
  for (let n = 0; n < 50_000; n++) {
    expect(gate.mayConnect(site)).toBe(true)
    gate.signedIn(site, `bank-${n % 1_000}`, 'unavailable')
  }
})

test('who connects and does not sign in is let in less and less, and nobody else is', () => {
  const { gate, pass } = gateAt()
  const tries = (times: number) => Array.from({ length: times }, () => gate.mayConnect(stranger)).filter(Boolean).length
  expect(tries(10_000)).toBe(rates.connections.atOnce)
  expect(gate.mayConnect(site)).toBe(true)
  pass(10_000)
  expect(tries(10_000)).toBe(10 * rates.connections.perSecond)
  const neighbours = Array.from({ length: 3_000 }, (_, n) => gate.mayConnect(`2001:db8:0:1::${n.toString(16)}`))
  expect(neighbours.filter(Boolean)).toHaveLength(rates.connections.atOnce)
})

/** Wrong passwords until they are not even looked up. */
function guess(gate: ReturnType<typeof makeGate>, address: string, ids: string[]): number {
  let asked = 0
  for (const id of ids) {
    if (!gate.maySignIn(address, id)) continue
    asked++
    gate.signedIn(address, id, 'refused')
  }
  return asked
}
const many = (id: string) => Array.from({ length: 1_000 }, () => id)

test('guessing at one id from one address is slowed down to one a minute', () => {
  const { gate, pass } = gateAt()
  expect(guess(gate, stranger, many('bank-1'))).toBe(rates.wrongOfId.atOnce)
  pass(10 * 60_000)
  expect(guess(gate, stranger, many('bank-1'))).toBe(rates.wrongOfId.atOnce)
  pass(60_000)
  expect(guess(gate, stranger, many('bank-1'))).toBe(1)
})

test('guessing at many ids from one address is slowed down too', () => {
  const { gate, pass } = gateAt()
  const ids = Array.from({ length: 1_000 }, (_, n) => `bank-${n}`)
  expect(guess(gate, stranger, ids)).toBe(rates.wrongOfAddress.atOnce)
  pass(5_000)
  expect(guess(gate, stranger, ids.slice(500))).toBe(5)
})

test('a stranger who guesses does not stop the controller, at home or at an address never seen', () => {
  const { gate } = gateAt()
  gate.signedIn(site, 'bank-1', 'ok')
  for (let n = 0; n < 50; n++) guess(gate, `203.0.113.${n}`, many('bank-1'))
  expect(gate.maySignIn(site, 'bank-1')).toBe(true)
  expect(gate.maySignIn('192.0.2.200', 'bank-1')).toBe(true)
})

test('somebody who guesses from the same address does not stop those who signed in from there', () => {
  const { gate } = gateAt()
  gate.signedIn(site, 'bank-1', 'ok')
  const ids = Array.from({ length: 1_000 }, (_, n) => `bank-${n % 300}`)
  guess(gate, site, ids)
  expect(gate.maySignIn(site, 'bank-1')).toBe(true)
  // a neighbour that never was here waits for its turn
  expect(gate.maySignIn(site, 'bank-301')).toBe(false)
})

test('one with an old password waits a minute at most after it was corrected', () => {
  const { gate, pass } = gateAt()
  guess(gate, site, many('bank-1'))
  expect(gate.maySignIn(site, 'bank-1')).toBe(false)
  pass(60_000)
  expect(gate.maySignIn(site, 'bank-1')).toBe(true)
})

test('a few lines for each address, then a number once per interval', () => {
  const lines: Record<string, unknown>[] = []
  const keep = (about: object, message: string) => void lines.push({ ...about, message })
  const tally = makeTally({ log: { info: keep, warn: keep, error: keep }, everyMs: 60_000, linesEach: 2, keep: 3 })
  const say = (address: string) =>
    tally.say({ level: 'warn', about: { address, action: 'sign-in' }, message: 'refused' })
  for (let n = 0; n < 1_000; n++) say(stranger)
  say(site)
  for (let n = 0; n < 500; n++) tally.count(stranger, 'connection too often')
  // more addresses than are kept apart
  for (let n = 0; n < 100; n++) tally.count(`192.0.2.${n}`, 'connection too often')
  expect(lines.map(each => each.address)).toEqual([stranger, stranger, site])
  tally.close()
  expect(lines.slice(3)).toEqual([
    {
      message: 'refused, not shown one by one',
      total: { 'sign-in': 998, 'connection too often': 600 },
      seconds: 60,
      addresses: 4,
      most: [
        { address: stranger, times: 1_498 },
        { address: 'others', times: 98 },
        { address: '192.0.2.0', times: 1 },
        { address: '192.0.2.1', times: 1 },
      ],
    },
  ])
  tally.close()
  expect(lines).toHaveLength(4)
})
