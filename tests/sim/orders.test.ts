import { describe, expect, test } from 'vitest'
import { decodeEvent } from '../../schema/wire/codec.ts'
import { type Device, grantOf, hour, makeDevice, minute, second } from './device.ts'

const opened = (device: Device) => device.bolts.filter(each => each.to === 'unlocked')
const room = { door: 9, kind: 'room' } as const

test('obeys a good order: accepted before the bolt, unlocked after it [TYPE-2, TYPE-3, TYPE-23, ORDER-3]', () => {
  const device = makeDevice().boot().online()
  device.boltAnswers = false
  device.order({ order: 'o-1', grant: 'g-1' })
  expect(device.types().at(-1)).toBe('accepted')
  device.senses(device.hardware.moveBolt(1, 'unlocked'))
  expect(device.last('unlocked')).toMatchObject({ door: 1, cause: { grant: 'g-1', order: 'o-1' } })
})

describe('refuses [ORDER-9, ORDER-10, ORDER-11, ORDER-12, ORDER-13, ORDER-14, ORDER-15, TYPE-15]', () => {
  const cases: [string, (device: Device) => void, number][] = [
    ['retained', device => device.hear('order', orderFor(device), true), 0],
    ['wrong-boot', device => device.order({ boot: 'boot-0' }), 0],
    ['late', device => device.order({ notAfterUp: device.up - 1 }), 0],
    ['unknown-door', device => device.order({ door: 77 }), 0],
    ['unknown-door', device => device.order({ type: 'mode', mode: 'free', forMs: 1000, door: 1 }), 0],
    ['not-asked', device => device.order({ ask: 'never-asked' }), 0],
    ['repeated', device => twice(device), 1],
    ['busy', device => whileMoving(device), 1],
  ]
  test.each(cases)('%s', (reason, does, bolts) => {
    const device = makeDevice().boot().online()
    device.pass(minute)
    does(device)
    expect(opened(device)).toHaveLength(bolts)
    expect(device.last('order-refused')).toMatchObject({ reason })
  })

  const orderFor = (device: Device) => ({
    order: 'o-1',
    type: 'open',
    door: 1,
    grant: 'g-1',
    boot: device.state.boot,
    notAfterUp: device.up + 5000,
  })
  const twice = (device: Device) => {
    device.hear('order', orderFor(device))
    device.hear('order', orderFor(device))
  }
  const whileMoving = (device: Device) => {
    device.boltAnswers = false
    device.order({ door: 1 })
    device.order({ door: 2 })
  }
})

test('exactly at the deadline it still opens [ORDER-11]', () => {
  const device = makeDevice().boot().online()
  device.pass(minute)
  device.order({ notAfterUp: device.up })
  expect(opened(device)).toHaveLength(1)
})

test('after 60 days, when 32 bits hold its uptime no more, deadlines are what they were [FORM-4]', () => {
  const device = makeDevice().boot().online()
  device.now += 60 * 24 * hour
  expect(device.up).toBeGreaterThan(2 ** 32)
  device.order({ notAfterUp: device.up - 1 })
  device.order({ notAfterUp: (device.up % 2 ** 32) + 10_000 })
  expect(opened(device)).toHaveLength(0)
  device.order({ notAfterUp: device.up })
  expect(opened(device)).toHaveLength(1)
  device.disconnect()
  device.connect()
  expect(device.sent('status').at(-1)).toMatchObject({ up: 60 * 24 * hour })
})

test('what was refused is not obeyed when it comes again [ORDER-12]', () => {
  const device = makeDevice().boot().online()
  device.boltAnswers = false
  device.order({ door: 1 })
  device.order({ order: 'o-2', door: 2 })
  device.senses(device.hardware.moveBolt(1, 'unlocked'))
  device.order({ order: 'o-2', door: 2 })
  expect(opened(device)).toHaveLength(1)
  expect(device.last('order-refused')).toMatchObject({ order: 'o-2', reason: 'repeated' })
})

test('an order is a use of the grant it names, in the list too, even before that list came [ORDER-20]', () => {
  const device = makeDevice().boot().online()
  device.order({ grant: 'g-1' })
  device.grants(5, grantOf('g-1', '12345678'))
  expect(device.type('12345678')).toMatchObject({ result: 'refused', reason: 'used' })
})

describe('up/code', () => {
  const asking = () => {
    const device = makeDevice().boot().online()
    expect(device.type('11112222')).toBeUndefined()
    const question = device.sent('code')[0]
    expect(question).toMatchObject({ boot: device.state.boot, up: device.up, keypad: 1, code: '11112222' })
    return { device, ask: question.ask as string }
  }

  test('an order with its ask opens while it waits [CODE-3, CODE-6]', () => {
    const { device, ask } = asking()
    device.pass(2 * second)
    device.order({ ask, door: 2 })
    expect(device.shown).toEqual([{ result: 'open', door: 2 }])
  })

  test('after 2 s it is not asked any more [CODE-5, CODE-6, TYPE-12]', () => {
    const { device, ask } = asking()
    device.pass(2 * second + 1)
    expect(device.shown).toEqual([{ result: 'refused', reason: 'no-answer' }])
    expect(device.last('code-refused')).toMatchObject({ reason: 'no-answer', keypad: 1 })
    device.order({ ask, door: 2 })
    expect(opened(device)).toHaveLength(0)
    expect(device.last('order-refused')).toMatchObject({ reason: 'not-asked' })
  })

  test('an answer after 2 s opens nothing, even when the device did not wake in between', () => {
    const { device, ask } = asking()
    device.now += 2 * second + 1
    device.order({ ask, door: 2 })
    expect(opened(device)).toHaveLength(0)
  })

  test('one ask, one answer [CODE-10]', () => {
    const { device, ask } = asking()
    device.order({ ask, door: 2 })
    device.order({ ask, door: 3 })
    expect(opened(device)).toHaveLength(1)
    expect(device.last('order-refused')).toMatchObject({ reason: 'not-asked' })
  })

  test.each([
    [
      { reason: 'expired', until: 5 },
      { result: 'refused', reason: 'expired', until: 5 },
    ],
    [
      { reason: 'early', from: 6 },
      { result: 'refused', reason: 'early', from: 6 },
    ],
    [
      { reason: 'used', usedAt: 7 },
      { result: 'refused', reason: 'used', usedAt: 7 },
    ],
    [{ reason: 'door-out-of-service' }, { result: 'refused', reason: 'door-out-of-service' }],
    [{ reason: 'unknown' }, { result: 'refused', reason: 'unknown' }],
    [{ reason: 'locked' }, { result: 'locked', forMs: 300_000 }],
  ])('shows the refusal %o and writes nothing', (refusal, answer) => {
    const { device, ask } = asking()
    const before = device.state.journal.last
    device.hear('order', { ask, type: 'refuse', ...refusal })
    expect(device.shown).toEqual([answer])
    expect(device.state.journal.last).toBe(before)
  })

  test('a retained or doubled refusal is not heard', () => {
    const { device, ask } = asking()
    device.hear('order', { ask, type: 'refuse', reason: 'unknown' }, true)
    expect(device.shown).toEqual([])
    device.hear('order', { ask, type: 'refuse', reason: 'unknown' })
    device.hear('order', { ask, type: 'refuse', reason: 'unknown' })
    expect(device.state.flash.keypads[1]?.wrong).toBe(1)
  })

  test('the code is nowhere but in the message [CODE-12]', () => {
    const { device, ask } = asking()
    device.hear('order', { ask, type: 'refuse', reason: 'unknown' })
    expect(JSON.stringify([device.state, device.store.load()])).not.toContain('11112222')
  })
})

describe('mode of a room', () => {
  const atRoom = () =>
    makeDevice({ doors: [room] })
      .boot()
      .online()

  test('free holds the door open and ends by itself [ORDER-4, TYPE-16]', () => {
    const device = atRoom()
    device.order({ type: 'mode', mode: 'free', forMs: 10 * minute, door: 9, grant: 'g-m' })
    expect(device.last('mode-changed')).toMatchObject({ door: 9, mode: 'free', cause: { grant: 'g-m' } })
    device.pass(9 * minute)
    expect(device.hardware.door(9).bolt).toBe('unlocked')
    device.senses(device.hardware.open(9))
    expect(device.count('forced')).toBe(0)
    device.pass(minute)
    expect(device.hardware.door(9).bolt).toBe('locked')
    expect(device.last('mode-changed')).toMatchObject({ mode: 'normal' })
    expect(device.count('held-open')).toBe(0)
  })

  test('locked refuses codes, not the exit and not the caretaker [ORDER-5]', () => {
    const device = atRoom()
    device.grants(5, grantOf('g-1', '12345678', { door: 9 }))
    device.order({ type: 'mode', mode: 'locked', forMs: 10 * minute, door: 9 })
    expect(device.type('12345678')).toEqual({ result: 'refused', reason: 'door-out-of-service' })
    expect(device.last('code-refused')).toMatchObject({ reason: 'locked', keypad: 1, grant: 'g-1' })
    expect(device.state.flash.keypads).toEqual({})
    device.does({ type: 'exit', door: 9 })
    expect(device.hardware.door(9).bolt).toBe('unlocked')
    device.pass(5 * second)
    device.order({ door: 9 })
    expect(device.count('unlocked')).toBe(1)
    device.pass(10 * minute)
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
  })

  test('locked refuses the order that somebody at the keypad asked for, with its own reason [ORDER-21]', () => {
    const device = atRoom()
    device.order({ type: 'mode', mode: 'locked', forMs: 10 * minute, door: 9 })
    device.type('11112222')
    device.order({ order: 'o-asked', ask: device.sent('code')[0].ask, door: 9 })
    expect(opened(device)).toEqual([])
    expect(device.last('order-refused')).toMatchObject({ order: 'o-asked', reason: 'locked' })
    expect(device.shown).toEqual([{ result: 'refused', reason: 'door-out-of-service' }])
    expect(decodeEvent(device.last('order-refused')!).ok && decodeEvent(device.last('mode-changed')!).ok).toBe(true)
  })

  test('normal ends free at once, and so does a power cut [ORDER-6]', () => {
    const device = atRoom()
    device.order({ type: 'mode', mode: 'free', forMs: minute, door: 9 })
    device.order({ type: 'mode', mode: 'normal', forMs: 0, door: 9 })
    expect(device.hardware.door(9).bolt).toBe('locked')
    device.order({ type: 'mode', mode: 'free', forMs: minute, door: 9 })
    device.losePower()
    device.boot()
    expect(device.hardware.door(9).bolt).toBe('locked')
    expect(device.last('mode-changed')).toMatchObject({ mode: 'normal' })
  })
})
