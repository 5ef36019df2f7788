import { describe, expect, test } from 'vitest'
import { checkOf, totpAt } from '../../schema/wire/codes.ts'
import { codeKey, type Device, grantOf, hour, makeDevice, minute, second, t0 } from './device.ts'

const wrong = '99999999'
const uid = '04a2b9c1'
const reboot = (device: Device) => {
  device.losePower()
  device.boot()
}
const tries = (device: Device, count: number) => Array.from({ length: count }, () => device.type(wrong)).at(-1)

describe('a code of the list', () => {
  const refusals = [
    ['early', { from: t0 + minute }, { reason: 'early', from: t0 + minute }],
    ['expired', { until: t0 - minute }, { reason: 'expired', until: t0 - minute }],
    ['used', { usedAt: t0 - minute }, { reason: 'used', usedAt: t0 - minute }],
  ] as const
  test.each(refusals)(
    'is refused as %s, by the list alone, naming the grant [CODE-1, CODE-2, TYPE-12, TYPE-13]',
    (reason, more, answer) => {
      const device = makeDevice().boot().online()
      device.grants(5, grantOf('g-1', '12345678', more))
      expect(device.type('12345678')).toEqual({ result: 'refused', ...answer })
      expect(device.last('code-refused')).toMatchObject({ reason, keypad: 1, grant: 'g-1' })
      expect(device.sent('code')).toEqual([])
      expect(device.state.flash.keypads).toEqual({})
    },
  )

  test('opens by the first matching grant that may [CODE-2]', () => {
    const device = makeDevice().boot().online()
    const code = '12345678'
    device.grants(
      5,
      grantOf('g-1', code, { until: t0 - 1 }),
      grantOf('g-2', code, { door: 2 }),
      grantOf('g-3', code, { door: 3 }),
    )
    expect(device.type(code)).toEqual({ result: 'open', door: 2 })
  })

  test('opens nothing at a keypad that does not serve its door', () => {
    const keypads = [
      { keypad: 1, doors: [1, 2] },
      { keypad: 2, doors: [3] },
    ]
    const device = makeDevice({ keypads }).boot().online()
    device.grants(5, grantOf('g-1', '12345678', { door: 3 }))
    device.disconnect()
    expect(device.type('12345678', 1)).toMatchObject({ reason: 'unknown' })
    expect(device.type('12345678', 2)).toEqual({ result: 'open', door: 3 })
  })

  test('with any number of uses it opens again and again [GRANTS-13]', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', '12345678', { uses: 0 }))
    for (let i = 0; i < 3; i++) expect(device.type('12345678')).toMatchObject({ result: 'open' })
  })

  test('waits for no bolt: while one moves, the next code is asked to come again', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', '12345678'), grantOf('g-2', '22345678', { door: 2 }))
    device.boltAnswers = false
    device.type('12345678')
    expect(device.type('22345678')).toEqual({ result: 'refused', reason: 'busy' })
    expect(device.count('accepted')).toBe(1)
  })
})

describe('reopening', () => {
  const withWindow = () => {
    const device = makeDevice().boot().online()
    device.grants(
      5,
      grantOf('g-1', '12345678', { reopenMs: 2 * minute, until: t0 + minute }),
      grantOf('g-2', '22345678', { door: 1, uses: 0 }),
    )
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
    return device
  }

  test('the same code opens the same door again, counted from the first unlock [GRANTS-19]', () => {
    const device = withWindow()
    device.pass(90 * second)
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
    device.pass(10 * second)
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
    device.pass(21 * second)
    expect(device.type('12345678')).toMatchObject({ reason: 'used', usedAt: t0 })
  })

  test.each([
    ['another grant', (device: Device) => device.type('22345678')],
    ['an order', (device: Device) => device.order()],
    ['a reboot', (device: Device) => reboot(device)],
  ])('ends with %s [GRANTS-20]', (_, does) => {
    const device = withWindow()
    does(device)
    device.pass(5 * second)
    expect(device.type('12345678')).toMatchObject({ reason: 'used' })
  })

  test('an order for a grant used before begins no other', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', '12345678', { reopenMs: 2 * minute, usedAt: t0 - hour }))
    device.order({ grant: 'g-1' })
    expect(device.type('12345678')).toMatchObject({ reason: 'used' })
  })

  test('another door does not end it', () => {
    const device = withWindow()
    device.order({ door: 2 })
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
  })
})

describe('wrong tries', () => {
  test('five lock the keypad, longer each time up to the longest [CODE-14, TYPE-14]', () => {
    const device = makeDevice().boot()
    expect(tries(device, 4)).toEqual({ result: 'refused', reason: 'unknown' })
    expect(tries(device, 1)).toEqual({ result: 'locked', forMs: 5 * minute })
    expect(device.last('keypad-locked')).toMatchObject({ keypad: 1, forMs: 5 * minute })
    device.pass(5 * minute)
    expect(tries(device, 5)).toEqual({ result: 'locked', forMs: 10 * minute })
    device.pass(10 * minute)
    expect(tries(device, 5)).toEqual({ result: 'locked', forMs: 15 * minute })
    device.pass(15 * minute)
    expect(tries(device, 5)).toEqual({ result: 'locked', forMs: 15 * minute })
  })

  test('while locked no code is looked at, right or wrong; the rest of the time is shown', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', '12345678', { badge: checkOf(codeKey, uid), uses: 0 }))
    device.disconnect()
    tries(device, 5)
    device.pass(minute)
    const before = device.state.journal.last
    expect(device.type('12345678')).toEqual({ result: 'locked', forMs: 4 * minute })
    expect(device.type(wrong)).toEqual({ result: 'locked', forMs: 4 * minute })
    expect(device.state.journal.last).toBe(before)
    device.pass(4 * minute)
    expect(device.type('12345678')).toMatchObject({ result: 'open' })
  })

  test('stops no badge, no order and no other keypad [CODE-18]', () => {
    const both = [
      { keypad: 1, doors: [1] },
      { keypad: 2, doors: [1] },
    ]
    const device = makeDevice({ keypads: both }).boot().online()
    device.grants(5, grantOf('g-1', '12345678', { badge: checkOf(codeKey, uid), uses: 0 }))
    device.disconnect()
    tries(device, 5)
    expect(device.badge(uid)).toMatchObject({ result: 'open' })
    device.order()
    expect(device.count('unlocked')).toBe(2)
    expect(device.type('12345678', 2)).toMatchObject({ result: 'open' })
  })

  test('the count, the level and a running lock-out survive a reboot, which starts it again in full [CODE-15]', () => {
    const device = makeDevice().boot()
    const again = () => reboot(device)
    tries(device, 4)
    again()
    expect(tries(device, 1)).toMatchObject({ result: 'locked' })
    device.pass(4 * minute)
    again()
    expect(device.type(wrong)).toEqual({ result: 'locked', forMs: 5 * minute })
    device.pass(5 * minute)
    again()
    expect(tries(device, 5)).toEqual({ result: 'locked', forMs: 10 * minute })
  })

  test('a level falls after an hour without a wrong try [CODE-16]', () => {
    const device = makeDevice().boot()
    tries(device, 5)
    device.pass(5 * minute)
    tries(device, 5)
    expect(device.state.flash.keypads[1]?.level).toBe(2)
    device.pass(hour)
    expect(device.state.flash.keypads[1]?.level).toBe(1)
    tries(device, 1)
    device.pass(hour - 1)
    expect(device.state.flash.keypads[1]?.level).toBe(1)
    device.pass(1)
    expect(device.state.flash.keypads[1]?.level).toBe(0)
    expect(tries(device, 5)).toEqual({ result: 'locked', forMs: 5 * minute })
  })

  test('only unknown counts: neither used nor no-answer nor an unknown badge [CODE-13]', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', '12345678', { usedAt: 1 }))
    for (let i = 0; i < 6; i++) device.type('12345678')
    device.type(wrong)
    device.pass(3 * second)
    device.disconnect()
    for (let i = 0; i < 6; i++) device.badge('ffffffff')
    expect(device.state.flash.keypads).toEqual({})
    expect(device.last('code-refused')).toMatchObject({ reason: 'unknown' })
  })

  test('are in flash before the person sees the answer', () => {
    const device = makeDevice().boot()
    device.effectsLeft = 2
    device.type(wrong)
    expect(device.shown).toEqual([])
    expect(device.store.load().flash?.keypads[1]?.wrong).toBe(1)
  })

  test('no code ever stands in journal or flash [CODE-12]', () => {
    const device = makeDevice().boot()
    tries(device, 5)
    expect(JSON.stringify([device.store.load(), device.written])).not.toContain(wrong)
  })
})

describe('rotating code', () => {
  const totp = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', digits: 8, period: 30 }
  const { check: _, ...plain } = grantOf('g-t', '')
  const grant = { ...plain, uses: 0, totp }
  const at = (device: Device, steps: number) => totpAt(totp, device.now + steps * 30 * second)
  const withTotp = () => {
    const device = makeDevice().boot().online()
    device.grants(5, grant)
    device.disconnect()
    return device
  }

  test('this step and one either side open, each once [GRANTS-21]', () => {
    const device = withTotp()
    for (const step of [0, 1, -1]) {
      expect(device.type(at(device, step))).toMatchObject({ result: 'open' })
      expect(device.type(at(device, step))).toMatchObject({ result: 'refused', reason: 'used' })
    }
    expect(device.type(at(device, 2))).toMatchObject({ reason: 'unknown' })
    expect(device.type(at(device, -2))).toMatchObject({ reason: 'unknown' })
  })

  test('a burnt step stays burnt over a power cut, though nothing but the journal was written [GRANTS-15]', () => {
    const device = withTotp()
    const code = at(device, 0)
    device.type(code)
    device.losePower()
    device.boot({ reason: 'watchdog', keptTime: device.now })
    expect(device.type(code)).toMatchObject({ reason: 'used' })
  })

  test('is refused without a clock, obeyed with a guessed one [GRANTS-22, TYPE-12]', () => {
    const device = withTotp()
    device.losePower()
    device.boot()
    expect(device.type(at(device, 0))).toMatchObject({ reason: 'no-clock' })
    expect(device.last('code-refused')).toMatchObject({ reason: 'no-clock', clock: 'none' })
    device.losePower()
    device.boot({ reason: 'update', keptTime: device.now })
    expect(device.type(at(device, 0))).toMatchObject({ result: 'open' })
    expect(device.last('unlocked')).toMatchObject({ clock: 'guessed' })
  })

  test('without clock and network every try counts, since a wrong code cannot be told from a rotating one [CODE-13]', () => {
    const device = withTotp()
    device.losePower()
    device.boot()
    expect(tries(device, 4)).toEqual({ result: 'refused', reason: 'no-clock' })
    expect(device.last('code-refused')).toMatchObject({ reason: 'no-clock' })
    expect(tries(device, 1)).toEqual({ result: 'locked', forMs: 5 * minute })
    expect(device.type(at(device, 0))).toEqual({ result: 'locked', forMs: 5 * minute })
    expect(device.last('keypad-locked')).toMatchObject({ keypad: 1, forMs: 5 * minute })
  })
})

test('a badge is looked up by its own check and asked for like a code [GRANTS-10, CODE-3, CODE-4]', () => {
  const device = makeDevice().boot().online()
  const { check: _, ...plain } = grantOf('g-b', '')
  device.grants(5, { ...plain, badge: checkOf(codeKey, uid) })
  expect(device.badge(uid)).toMatchObject({ result: 'open' })
  expect(device.badge('0badbad0')).toBeUndefined()
  expect(device.sent('code')[0]).toMatchObject({ badge: '0badbad0', keypad: 1 })
  expect(device.sent('code')[0].code).toBeUndefined()
})
