import { expect, test } from 'vitest'
import { step } from '../../firmware-sim/machine/step.ts'
import { decodeEvent } from '../../schema/wire/codec.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import { type Device, grantOf, makeDevice, t0 } from './device.ts'

/** What it says of itself at a new connection. */
function told(device: Device) {
  device.disconnect()
  device.connect()
  return device.sent('status').at(-1)
}

test('`first` is the oldest event still held, acked or not, `last` the newest ever made [STATUS-6, STATUS-7]', () => {
  const device = makeDevice({ journalSize: 20 }).boot()
  expect(told(device)).toMatchObject({ first: 1, last: 1 })
  device.welcome()
  device.ackAll()
  // acked, and held all the same
  expect(device.state.journal.acked).toBe(2)
  expect(told(device)).toMatchObject({ first: 1, last: 2 })
  for (let n = 0; n < 30; n++) {
    device.does({ type: 'tampered' })
    device.welcome()
    device.ackAll()
  }
  const { first, last } = told(device)
  expect(last).toBe(32)
  expect(first).toBe(device.events()[0]!.seq)
  expect(first).toBe(last - device.events().length + 1)
  expect(first).toBeGreaterThan(10)
  device.losePower()
  expect(told(device.boot())).toMatchObject({ first: device.events()[0]!.seq, last: 33 })
})

test('a journal that holds none and never had any says `first` 1 and `last` 0 [STATUS-6, STATUS-7]', () => {
  const device = makeDevice().boot().online()
  const { journal } = device.state
  device.welcome({ seq: journal.last + 100 })
  expect(device.state.journal.name).not.toBe(journal.name)
  expect(told(device)).toMatchObject({ journal: device.state.journal.name, first: 1, last: 0 })
})

test('`clock` is none until a welcome, synced after it, guessed after a reset with power [STATUS-8]', () => {
  const device = makeDevice().boot()
  expect(told(device)).toMatchObject({ clock: 'none' })
  device.welcome()
  expect(told(device)).toMatchObject({ clock: 'synced', time: t0 })
  device.losePower()
  device.now += 3_000
  expect(told(device.boot({ reason: 'watchdog', keptTime: device.now }))).toMatchObject({
    clock: 'guessed',
    time: t0 + 3_000,
  })
  device.losePower()
  expect(told(device.boot())).toMatchObject({ clock: 'none' })
})

test('`grants` and `config` are the versions in force, 0 before there is one [STATUS-9]', () => {
  const device = makeDevice().boot().online()
  expect(told(device)).toMatchObject({ grants: 0, config: 0 })
  device.hear('grants', { version: 5, page: 1, pages: 2, grants: [grantOf('g-1', '12345678')] })
  // half of a list is in force for nobody
  expect(told(device)).toMatchObject({ grants: 0 })
  device.hear('grants', { version: 5, page: 2, pages: 2, grants: [] })
  const { version: _, ...config } = device.state.flash.config
  device.hear('config', { version: 4, ...config })
  expect(told(device)).toMatchObject({ grants: 5, config: 4 })
  device.losePower()
  expect(told(device.boot())).toMatchObject({ grants: 5, config: 4 })
})

test('`tampered` and `power` are told as they are sensed, and fit the contract [TYPE-21, TYPE-22]', () => {
  const device = makeDevice().boot().online()
  device.does({ type: 'tampered' })
  device.does({ type: 'power-source', source: 'battery', level: 80 })
  device.does({ type: 'power-source', source: 'mains', level: 100 })
  device.ackAll()
  const sent = device.sent('events').flatMap(message => message.events as RawEvent[])
  const about = sent.filter(({ type }) => type === 'tampered' || type === 'power')
  expect(about).toMatchObject([
    { type: 'tampered' },
    { type: 'power', source: 'battery', level: 80 },
    { type: 'power', source: 'mains', level: 100 },
  ])
  for (const event of about) expect(decodeEvent(event)).toMatchObject({ ok: true })
  for (const more of [{ level: 101 }, { level: -1 }, { level: 1.5 }, { source: 'wind' }])
    expect(decodeEvent({ ...about[1]!, ...more })).toMatchObject({ ok: false })
})

test('a timer that rings a moment early is set again: the next status is not forgotten', () => {
  const { state, now } = makeDevice().boot().online()
  const at = state.wakeAt!
  expect(at).toBeGreaterThan(now)
  expect(step(state, { type: 'tick' }, at - 0.4).effects).toEqual([{ type: 'wake', at }])
})
