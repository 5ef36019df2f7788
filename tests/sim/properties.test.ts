import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Device, grantOf, makeDevice, second, t0 } from './device.ts'

type Step =
  | { does: 'code'; of: number }
  | { does: 'wrong' }
  | { does: 'cut-power'; after: number }
  | { does: 'network'; on: boolean }
  | { does: 'welcome'; seq: number }
  | { does: 'ack'; share: number }
  | { does: 'list'; usedToo: boolean }
  | { does: 'order'; of: number; door: number }
  | { does: 'shut' }
  | { does: 'pass'; seconds: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('code' as const), of: fc.nat(2) }) },
  fc.record({ does: fc.constant('wrong' as const) }),
  { weight: 3, arbitrary: fc.record({ does: fc.constant('cut-power' as const), after: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('network' as const), on: fc.boolean() }) },
  fc.record({ does: fc.constant('welcome' as const), seq: fc.constantFrom(-1, -2, -5, 0, 3) }),
  { weight: 2, arbitrary: fc.record({ does: fc.constant('ack' as const), share: fc.nat(4) }) },
  fc.record({ does: fc.constant('list' as const), usedToo: fc.boolean() }),
  fc.record({ does: fc.constant('order' as const), of: fc.nat(2), door: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ does: fc.constant('shut' as const) }),
  { weight: 2, arbitrary: fc.record({ does: fc.constant('pass' as const), seconds: fc.constantFrom(1, 20, 130) }) },
)

const codes = ['10000001', '10000002', '10000003']
const reopenMs = 120 * second
const grants = codes.map((code, index) =>
  grantOf(`g-${index}`, code, { door: index + 1, until: t0 + 1e9, ...(index === 0 ? {} : { reopenMs }) }),
)

/** The server's own knowledge is only what was acked, as in the real one. */
function play(device: Device, steps: Step[]) {
  let version = 10
  device.boot().online()
  device.grants(version, ...grants)
  for (const each of steps) {
    if (!device.state.on) device.boot()
    if (each.does === 'code') device.type(codes[each.of]!)
    if (each.does === 'wrong') device.type('99999999')
    if (each.does === 'cut-power') {
      device.effectsLeft = each.after
      device.type(codes[each.after % 3]!)
      device.losePower()
      device.boot()
    }
    if (each.does === 'network') each.on ? device.connect() : device.disconnect()
    if (each.does === 'welcome') {
      const { acked, last } = device.state.journal
      device.welcome({ seq: Math.max(0, each.seq > 0 ? last + each.seq : acked + each.seq) })
    }
    if (each.does === 'ack') device.ack(Math.floor((device.state.journal.last * each.share) / 4))
    if (each.does === 'list') device.grants(++version, ...grants)
    if (each.does === 'order') device.order({ grant: `g-${each.of}`, door: each.door })
    if (each.does === 'shut') for (const door of [1, 2, 3]) device.senses(device.hardware.shut(door))
    if (each.does === 'pass') device.pass(each.seconds * second)
  }
}

const runs = { numRuns: 400 }

test('a one-use grant is never used twice over power cuts, network cuts, new journals and new lists, except reopening [GRANTS-14]', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), steps => {
      const device = makeDevice({ journalSize: 400 })
      const used = new Map<string, { now: number; boot: string; again: boolean }>()
      const push = device.written.push.bind(device.written)
      device.written.push = (...events) => {
        for (const event of events) {
          if (event.type === 'unlocked') noteUse(device, used, event)
        }
        return push(...events)
      }
      play(device, steps)
    }),
    runs,
  )
})

type Uses = Map<string, { now: number; boot: string; again: boolean }>

function noteUse(device: Device, used: Uses, event: Record<string, unknown>) {
  const { grant, order } = event.cause as { grant: string; order?: string }
  const before = used.get(grant)
  const { boot } = device.state
  if (order !== undefined || !before) {
    // an order is the server's own decision; it is a use all the same
    if (!before) used.set(grant, { now: device.now, boot, again: true })
    return
  }
  const window = grants.find(each => each.grant === grant)?.reopenMs ?? 0
  expect(before.boot, `${grant} used again after a reboot`).toBe(boot)
  expect(device.now - before.now, `${grant} used again too late`).toBeLessThanOrEqual(window)
}

test('numbers only rise within a journal, and none is given twice [EVENTS-1]', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), steps => {
      const device = makeDevice({ journalSize: 60 })
      play(device, steps)
      const last = new Map<string, number>()
      for (const { journal, seq } of device.written) {
        if (last.has(journal)) expect(seq).toBe(last.get(journal)! + 1)
        last.set(journal, seq)
      }
      const sent = new Map<string, string>()
      for (const { journal, events } of device.sent('events')) {
        for (const event of events) {
          const key = `${journal}/${event.seq}`
          expect(sent.get(key) ?? JSON.stringify(event)).toBe(JSON.stringify(event))
          sent.set(key, JSON.stringify(event))
        }
      }
    }),
    runs,
  )
})

test('only what is in the journal is ever sent [EVENTS-2]', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), fc.nat(200), (steps, after) => {
      const device = makeDevice()
      device.boot().online()
      device.effectsLeft = after
      for (const each of steps) {
        if (!device.state.on) break
        if (each.does === 'code') device.type(codes[each.of]!)
        if (each.does === 'order') device.order({ door: each.door })
        if (each.does === 'ack') device.ackAll()
      }
      const kept = new Set(device.store.load().journal?.held.map(each => each.event.seq))
      for (const { events } of device.sent('events')) {
        for (const event of events) expect(kept.has(event.seq)).toBe(true)
      }
    }),
    runs,
  )
})

test('late, retained, repeated, wrong-boot and unasked orders never move a bolt [ORDER-9, ORDER-10, ORDER-11, ORDER-12, CODE-6]', () => {
  const bad = fc.record({
    fault: fc.constantFrom('late', 'retained', 'repeated', 'wrong-boot', 'not-asked'),
    wait: fc.nat(30_000),
    door: fc.integer({ min: 0, max: 4 }),
    mode: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(bad, { minLength: 1, maxLength: 20 }), orders => {
      const device = makeDevice({ doors: [{ door: 1 }, { door: 2 }, { door: 3, kind: 'room' }] })
        .boot()
        .online()
      device.order({ order: 'first', door: 1, notAfterUp: 1e9 })
      device.senses(device.hardware.shut(1))
      const before = device.bolts.length
      for (const { fault, wait, door, mode } of orders) {
        device.pass(wait + 1)
        const order = {
          order: fault === 'repeated' ? 'first' : `${device.now}`,
          ...(mode ? { type: 'mode', mode: 'free', forMs: 1000 } : { type: 'open' }),
          door,
          grant: 'g',
          boot: fault === 'wrong-boot' ? 'boot-0' : device.state.boot,
          notAfterUp: fault === 'late' ? device.up - 1 : device.up + 5000,
          ...(fault === 'not-asked' ? { ask: 'nobody' } : {}),
        }
        device.hear('order', order, fault === 'retained')
      }
      expect(device.bolts.length).toBe(before)
    }),
    runs,
  )
})
