import { describe, expect, test } from 'vitest'
import { type Device, grantOf, hour, makeDevice, minute, second, t0 } from './device.ts'

const code = '12345678'
const withGrant = (parts: Parameters<typeof makeDevice>[0] = {}) => {
  const device = makeDevice(parts).boot().online()
  device.grants(5, grantOf('g-1', code, { uses: 0 }))
  device.ackAll()
  return device
}
const since = (device: Device, seq: number) =>
  device
    .events()
    .filter(each => each.seq > seq)
    .map(each => each.type)

describe('an opening', () => {
  test('is told as accepted, unlocked, opened, closed, occupied or vacant [TYPE-2, TYPE-3, TYPE-6, TYPE-7]', () => {
    const device = withGrant()
    const { last } = device.state.journal
    device.type(code)
    device.senses(device.hardware.fill(1, true))
    device.senses(device.hardware.shut(1))
    device.pass(minute)
    device.type(code)
    device.senses(device.hardware.fill(1, false))
    device.senses(device.hardware.shut(1))
    const round = ['accepted', 'unlocked', 'opened', 'closed']
    expect(since(device, last)).toEqual([...round, 'occupied', ...round, 'vacant'])
  })

  test('accepted is in the journal before the bolt moves [EVENTS-3]', () => {
    const device = withGrant()
    device.effectsLeft = 1
    device.type(code)
    expect(device.bolts).toEqual([])
    expect(device.store.load().journal?.held.at(-1)?.event.type).toBe('accepted')
    device.boot()
    device.effectsLeft = 2
    device.type(code)
    expect(device.bolts).toEqual([{ door: 1, to: 'unlocked' }])
  })

  test('the bolt shuts again when the door opened, or after unlockMs [CONFIG-6]', () => {
    const device = withGrant({ doors: [{ door: 1, springs: false }] })
    device.type(code)
    device.pass(3 * second - 1)
    expect(device.hardware.door(1).bolt).toBe('unlocked')
    device.pass(1)
    expect(device.hardware.door(1).bolt).toBe('locked')
    device.type(code)
    device.senses(device.hardware.open(1))
    expect(device.hardware.door(1).bolt).toBe('locked')
    expect(device.count('forced')).toBe(0)
  })

  test('a stuck bolt is jammed, is no use of the grant, and may be tried again [TYPE-4, TYPE-8]', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', code))
    device.hardware.jam(1, true)
    expect(device.type(code)).toEqual({ result: 'refused', reason: 'jammed' })
    expect(device.last('jammed')).toMatchObject({ door: 1, cause: { grant: 'g-1' } })
    device.hardware.jam(1, false)
    expect(device.type(code)).toMatchObject({ result: 'open' })
  })

  test('a bolt that never answers is jammed, and the next may move', () => {
    const device = withGrant()
    device.boltAnswers = false
    device.type(code)
    device.pass(6 * second)
    expect(device.count('jammed')).toBe(1)
    expect(device.state.moving).toBeNull()
  })

  test('a sprung door that is not seen to open is jammed', () => {
    const device = withGrant()
    device.senses(device.hardware.lie(1, { leaf: 'closed' }))
    device.type(code)
    device.pass(4 * second)
    expect(device.types().slice(-3)).toEqual(['accepted', 'unlocked', 'jammed'])
  })

  test('a door without sensors tells nothing but accepted and unlocked [TYPE-6]', () => {
    const device = withGrant({ doors: [{ door: 1, doorSensor: false, occupancySensor: false }] })
    device.type(code)
    device.senses(device.hardware.fill(1, true))
    device.senses(device.hardware.shut(1))
    device.pass(minute)
    expect(device.types().slice(-2)).toEqual(['accepted', 'unlocked'])
  })
})

test('opened with the bolt shut is forced [TYPE-9]', () => {
  const device = withGrant()
  device.senses(device.hardware.open(2))
  expect(device.types().slice(-2)).toEqual(['forced', 'opened'])
})

test('still open after the configured time is held-open, said once [TYPE-10, CONFIG-7]', () => {
  const device = withGrant()
  device.type(code)
  device.pass(5 * minute - 1)
  expect(device.count('held-open')).toBe(0)
  device.pass(hour)
  expect(device.count('held-open')).toBe(1)
  device.senses(device.hardware.shut(1))
  device.pass(hour)
  expect(device.count('held-open')).toBe(1)
})

test('leaving by the button is always possible and never forced [TYPE-11]', () => {
  const device = makeDevice({ doors: [{ door: 9, kind: 'room' }], journalSize: 16 }).boot()
  device.does({ type: 'exit', door: 9 })
  device.senses(device.hardware.open(9))
  expect(device.types().slice(-2)).toEqual(['exit-requested', 'opened'])
  while (device.state.journal.last < 14) device.does({ type: 'tampered' })
  device.senses(device.hardware.shut(9))
  device.does({ type: 'exit', door: 9 })
  expect(device.hardware.door(9).bolt).toBe('unlocked')
  expect(device.count('forced')).toBe(0)
})

test('a compartment has no exit: nothing moves, nothing is written', () => {
  const device = withGrant()
  const { last } = device.state.journal
  device.does({ type: 'exit', door: 2 })
  expect([device.hardware.door(2).bolt, device.state.journal.last]).toEqual(['locked', last])
})

describe('sensor events', () => {
  const shake = (device: Device) => {
    device.senses(device.hardware.open(2))
    device.senses(device.hardware.shut(2))
  }

  test('at most one pair per door in 10 s [EVENTS-20]', () => {
    const device = withGrant()
    for (let i = 0; i < 40; i++) {
      shake(device)
      device.pass(second)
    }
    expect(device.count('opened')).toBe(4)
    expect(device.count('closed')).toBe(4)
    expect(device.count('forced')).toBe(4)
  })

  test('what the limit held back is told when it ends, if it is still so', () => {
    const device = withGrant()
    shake(device)
    device.senses(device.hardware.open(2))
    expect(device.types().slice(-2)).toEqual(['closed', 'vacant'])
    device.pass(10 * second)
    expect(device.types().at(-1)).toBe('opened')
  })

  test('a pair after an unlock of its own is never held back', () => {
    const device = withGrant()
    const { last } = device.state.journal
    for (let i = 0; i < 2; i++) {
      device.type(code)
      device.senses(device.hardware.shut(1))
    }
    expect(since(device, last).filter(each => each === 'opened')).toHaveLength(2)
  })

  test('none while the journal is three quarters full; it says so once; what holds then is told when there is room [EVENTS-21]', () => {
    const device = makeDevice({ journalSize: 40 }).boot()
    while (device.state.journal.last < 29) device.does({ type: 'tampered' })
    device.senses(device.hardware.open(2))
    device.senses(device.hardware.open(3))
    device.pass(minute)
    expect(device.count('sensors-muted')).toBe(1)
    expect(device.count('opened')).toBe(0)
    device.online()
    device.pass(minute)
    expect(device.count('opened')).toBe(2)
    expect(device.count('sensors-muted')).toBe(1)
  })

  test('nor does a vandal at the keypad fill the last quarter, which is for what opens', () => {
    const device = makeDevice({ journalSize: 40 }).boot()
    while (device.state.journal.last < 29) device.does({ type: 'tampered' })
    const { last } = device.state.journal
    for (let i = 0; i < 9; i++) device.badge('ffffffff')
    device.senses(device.hardware.open(2))
    device.order({ boot: 'other' })
    device.hear('order', '{')
    expect(since(device, last)).toEqual(['code-refused', 'sensors-muted'])
  })
})

test('a full journal opens nothing by its own list; orders may use the last of it [EVENTS-22]', () => {
  const device = makeDevice({ journalSize: 40 }).boot().online()
  device.grants(5, grantOf('g-1', code, { uses: 0 }))
  device.disconnect()
  let opened = 0
  while (device.type(code)?.result === 'open') {
    opened++
    device.senses(device.hardware.shut(1))
    device.pass(5 * second)
  }
  expect(opened).toBeGreaterThan(5)
  expect(device.shown.at(-1)).toEqual({ result: 'refused', reason: 'journal-full' })
  expect(device.bolts.filter(each => each.to === 'unlocked')).toHaveLength(opened)
  device.order()
  expect(device.bolts.filter(each => each.to === 'unlocked')).toHaveLength(opened + 1)
  expect(device.state.journal.last - device.state.journal.acked).toBeLessThanOrEqual(40)
})

describe('after a power cut', () => {
  test('between bolt and unlocked: the truth is visible, and accepted alone may be tried again [TYPE-4]', () => {
    const device = makeDevice().boot().online()
    device.grants(5, grantOf('g-1', code))
    device.boltAnswers = false
    device.type(code)
    device.hardware.moveBolt(1, 'unlocked')
    device.losePower()
    device.boltAnswers = true
    device.boot()
    expect(device.hardware.door(1)).toMatchObject({ bolt: 'locked', leaf: 'open' })
    expect(device.types().slice(-3)).toEqual(['accepted', 'started', 'opened'])
    device.senses(device.hardware.shut(1))
    expect(device.type(code)).toMatchObject({ result: 'open' })
  })

  test('a door opened meanwhile without reason is forced, a closed one closed', () => {
    const device = makeDevice().boot()
    device.senses(device.hardware.open(1))
    device.senses(device.hardware.open(2))
    device.senses(device.hardware.shut(2))
    device.losePower()
    device.hardware.shut(1)
    device.hardware.open(2)
    device.boot()
    expect(since(device, device.last('started')!.seq)).toEqual(['closed', 'vacant', 'forced', 'opened'])
  })

  test('what was put in meanwhile is told', () => {
    const device = makeDevice().boot()
    device.senses(device.hardware.open(1))
    device.losePower()
    device.hardware.fill(1, true)
    device.hardware.shut(1)
    device.boot()
    expect(since(device, device.last('started')!.seq)).toEqual(['closed', 'occupied'])
  })
})

describe('the clock', () => {
  test('is none after a power cut: at is up, until the next clock-set says the difference [EVENTS-18, TYPE-20]', () => {
    const device = makeDevice().boot()
    device.pass(5 * second)
    device.does({ type: 'tampered' })
    expect(device.last('tampered')).toMatchObject({ at: 5000, clock: 'none' })
    device.pass(5 * second)
    device.connect()
    device.welcome({ time: t0 + hour })
    const set = device.last('clock-set')!
    expect(set).toMatchObject({ at: t0 + hour, clock: 'synced' })
    expect(5000 + (set.by as number)).toBe(t0 + hour - 5000)
  })

  test('the difference counts from up also when a time from before was kept', () => {
    const device = makeDevice().boot().online()
    device.losePower()
    device.boot().pass(7 * second)
    device.connect()
    device.welcome()
    expect(device.last('clock-set')).toMatchObject({ by: device.now - 7 * second })
  })

  test('is set by each fresh welcome, and said when it moved by more than 30 s [STATUS-18, STATUS-19]', () => {
    const device = makeDevice().boot().online()
    device.welcome({ time: device.now + 29 * second })
    expect(device.state.clock.offset).toBe(t0 + 29 * second)
    expect(device.count('clock-set')).toBe(1)
    device.welcome({ time: device.now - 10 * second })
    expect(device.last('clock-set')).toMatchObject({ by: -39 * second })
  })

  test('is not set by an echo older than 5 s, nor by one from the future [STATUS-18]', () => {
    const device = makeDevice().boot()
    device.connect()
    device.pass(5 * second + 1)
    device.welcome({ time: t0 })
    expect(device.state.clock.kind).toBe('none')
    device.welcome({ time: t0, up: device.up + 1 })
    expect(device.state.clock.kind).toBe('none')
    device.welcome({ time: t0, up: device.up - 5000 })
    expect(device.state.clock.kind).toBe('synced')
  })

  test('without one only grants open whose start was past by the last known time [GRANTS-24]', () => {
    const device = makeDevice().boot().online()
    device.grants(
      5,
      grantOf('g-1', '10000001', { from: t0 - minute }),
      grantOf('g-2', '10000002', { from: t0 + minute }),
      grantOf('g-3', '10000003', { from: t0 + 2 * hour, until: t0 + 9 * hour }),
      grantOf('g-4', '10000004', { until: t0 + 30 * minute }),
    )
    device.losePower()
    device.now += 5 * hour
    device.boot()
    expect(device.type('10000001')).toMatchObject({ result: 'open' })
    expect(device.last('unlocked')).toMatchObject({ clock: 'none' })
    device.pass(10 * minute)
    expect(device.type('10000002')).toMatchObject({ reason: 'no-clock' })
    expect(device.type('10000003')).toMatchObject({ reason: 'early' })
    device.pass(30 * minute)
    expect(device.type('10000004')).toMatchObject({ reason: 'expired' })
  })

  test('its time is saved every hour [GRANTS-23]', () => {
    const device = makeDevice().boot().online()
    device.pass(3 * hour + minute)
    expect(device.store.load().flash?.lastTime).toBe(t0 + 3 * hour)
  })

  test('and at each reset, so that a device which starts again and again does not live in the past', () => {
    const device = makeDevice().boot().online()
    for (let each = 0; each < 9; each++) {
      device.pass(50 * minute)
      device.losePower()
      device.boot({ reason: 'watchdog', keptTime: device.now })
    }
    expect(device.store.load().flash?.lastTime).toBe(t0 + 450 * minute)
  })
})
