import { describe, expect, test } from 'vitest'
import { type Device, grantOf, hour, makeDevice, minute, second, t0 } from './device.ts'

const code = '12345678'
const room = { door: 1, kind: 'room' } as const
const makeRoom = (withoutPower: 'fail-safe' | 'fail-secure' = 'fail-secure') => {
  const device = makeDevice({ id: 'room-1', doors: [{ ...room, withoutPower }] })
    .boot()
    .online()
  device.grants(5, grantOf('g-1', code, { uses: 0 }))
  device.ackAll()
  return device
}
/** somebody came and went, so that the journal knows a shut door */
const makeUsedRoom = (withoutPower: 'fail-safe' | 'fail-secure') => {
  const device = makeRoom(withoutPower)
  device.type(code)
  device.senses(device.hardware.open(1))
  device.senses(device.hardware.shut(1))
  device.pass(minute)
  return device
}
const bolt = (device: Device) => device.hardware.door(1).bolt
const since = (device: Device, seq: number) =>
  device
    .events()
    .filter(each => each.seq > seq)
    .map(each => each.type)

describe('the vectors of the RFCs, typed at a keypad', () => {
  const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const { check: _, ...plain } = grantOf('g-t', '', { uses: 0, from: 0, until: 4e13 })
  const rotating = { ...plain, totp: { secret: key, digits: 8, period: 30 } }

  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('RFC 6238 at %i s: %s opens in its step and beside it, and no more', (seconds, vector) => {
    for (const [away, result] of [
      [-60, 'refused'],
      [-30, 'open'],
      [0, 'open'],
      [30, 'open'],
      [60, 'refused'],
    ] as const) {
      const device = makeRoom()
      device.welcome({ time: Math.max(0, (seconds + away) * 1000) })
      device.grants(6, rotating)
      device.disconnect()
      // the step before the first vector's is the first there is
      if (seconds + away >= 0) expect(device.type(vector), `${away}`).toMatchObject({ result })
    }
  })

  test.each(['84755224', '94287082', '37359152', '26969429', '40338314', '68254676', '18287922', '82162583'])(
    'RFC 4226: %s, held as its check alone, opens once',
    vector => {
      const device = makeRoom()
      device.grants(6, grantOf('g-v', vector))
      expect(device.type(vector)).toEqual({ result: 'open', door: 1 })
      expect(device.last('unlocked')).toMatchObject({ cause: { grant: 'g-v' } })
      expect(device.type(vector)).toMatchObject({ reason: 'used' })
    },
  )
})

describe('leaving', () => {
  test('is possible by the handle where the button does nothing: without power, or with a stuck motor', () => {
    const device = makeRoom()
    device.hardware.jam(1, true)
    device.does({ type: 'exit', door: 1 })
    expect(bolt(device)).toBe('locked')
    device.senses(device.hardware.handle(1))
    device.senses(device.hardware.open(1))
    expect(device.count('forced')).toBe(0)
    device.senses(device.hardware.shut(1))
    device.pass(minute)
    expect(bolt(device)).toBe('locked')

    device.losePower()
    device.hardware.handle(1)
    expect(bolt(device)).toBe('unlocked')
  })

  test('in mode locked it opens like ever, and shuts again behind', () => {
    const device = makeRoom()
    device.order({ type: 'mode', mode: 'locked', forMs: hour })
    device.does({ type: 'exit', door: 1 })
    expect(bolt(device)).toBe('unlocked')
    device.pass(3 * second)
    expect(bolt(device)).toBe('locked')
    expect(device.type(code)).toMatchObject({ reason: 'door-out-of-service' })
  })
})

describe('without power [STATUS-26]', () => {
  test('a status says what each door does; a compartment of which nobody said anything says nothing', () => {
    const doors = [{ ...room, withoutPower: 'fail-safe' as const }, { door: 2, kind: 'room' as const }, { door: 3 }]
    const device = makeDevice({ doors }).boot().online()
    const said = device.sent('status')[0].doors.map((each: { withoutPower?: string }) => each.withoutPower)
    expect(said).toEqual(['fail-safe', 'fail-secure', undefined])
  })

  test('fail-safe lets go, and shuts when the power is back; nobody forced it', () => {
    const device = makeUsedRoom('fail-safe')
    device.losePower()
    expect(bolt(device)).toBe('unlocked')
    device.hardware.open(1)
    device.boot()
    expect(since(device, device.last('started')!.seq)).toEqual(['opened'])
    expect(bolt(device)).toBe('locked')
  })

  test('fail-secure stays shut from outside: who is in all the same has forced it', () => {
    const device = makeUsedRoom('fail-secure')
    device.losePower()
    expect(bolt(device)).toBe('locked')
    device.hardware.open(1)
    device.boot()
    expect(since(device, device.last('started')!.seq)).toEqual(['forced', 'opened'])
  })

  test('who left a fail-secure room by its handle is no burglar', () => {
    const device = makeUsedRoom('fail-secure')
    device.losePower()
    device.hardware.handle(1)
    device.hardware.open(1)
    device.boot()
    expect(since(device, device.last('started')!.seq)).toEqual(['opened'])
    expect(bolt(device)).toBe('locked')
  })
})

describe('held open and locked down', () => {
  test.each(['free', 'locked'] as const)('%s ends by itself to the ms, also without network', mode => {
    const device = makeRoom()
    device.order({ type: 'mode', mode, forMs: hour })
    device.disconnect()
    device.pass(hour - 1)
    expect(device.state.doors[1]?.mode.mode).toBe(mode)
    device.pass(1)
    expect(device.state.doors[1]?.mode.mode).toBe('normal')
    expect(device.last('mode-changed')).toMatchObject({ mode: 'normal', at: t0 + hour })
    expect(bolt(device)).toBe('locked')
    expect(device.type(code)).toMatchObject({ result: 'open' })
  })

  test('a door that nobody shut when the time of holding it open was over is held-open after the usual time', () => {
    const device = makeRoom()
    device.order({ type: 'mode', mode: 'free', forMs: hour })
    device.senses(device.hardware.open(1))
    device.pass(hour)
    expect(device.count('held-open')).toBe(0)
    device.pass(5 * minute - 1)
    expect(device.count('held-open')).toBe(0)
    device.pass(1)
    expect(device.count('held-open')).toBe(1)
  })

  test('a boot ends it, and says so', () => {
    const device = makeRoom()
    device.order({ type: 'mode', mode: 'locked', forMs: hour })
    device.losePower()
    device.boot({ reason: 'watchdog', keptTime: device.now })
    expect(device.last('mode-changed')).toMatchObject({ mode: 'normal' })
    expect(device.type(code)).toMatchObject({ result: 'open' })
  })
})
