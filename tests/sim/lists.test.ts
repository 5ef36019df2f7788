import { expect, test } from 'vitest'
import { codeKey, grantOf, makeDevice, minute } from './device.ts'

const page = (version: number, number: number, pages: number, ...grants: object[]) => ({
  version,
  page: number,
  pages,
  grants,
})
const a = grantOf('g-a', '10000001')
const b = grantOf('g-b', '10000002', { door: 2 })

test('a list is in force all at once with its last page, in whatever order they come [GRANTS-2, TYPE-17]', () => {
  const device = makeDevice().boot().online()
  device.hear('grants', page(5, 2, 2, b))
  expect(device.state.flash.grants.list).toEqual([])
  device.hear('grants', page(5, 2, 2, b))
  device.hear('grants', page(5, 1, 2, a))
  expect(device.state.flash.grants).toEqual({ version: 5, list: [a, b] })
  expect(device.last('grants-applied')).toMatchObject({ version: 5 })
  expect(device.store.load().flash?.grants.version).toBe(5)
})

test('lower and equal versions, and pages of a version lower than one begun, are ignored [GRANTS-3]', () => {
  const device = makeDevice().boot().online()
  device.hear('grants', page(5, 1, 1, a))
  device.hear('grants', page(5, 1, 1, b))
  device.hear('grants', page(4, 1, 1, b))
  expect(device.state.flash.grants).toEqual({ version: 5, list: [a] })
  device.hear('grants', page(8, 1, 2, b))
  device.hear('grants', page(7, 1, 1))
  expect(device.state.flash.grants.version).toBe(5)
  device.hear('grants', page(8, 2, 2))
  expect(device.state.flash.grants).toEqual({ version: 8, list: [b] })
  expect(device.count('grants-applied')).toBe(2)
})

test('an interrupted list never mixes with the next', () => {
  const device = makeDevice().boot().online()
  device.hear('grants', page(5, 1, 2, a))
  device.hear('grants', page(6, 2, 2, b))
  expect(device.state.flash.grants.version).toBe(0)
  device.hear('grants', page(6, 1, 2))
  expect(device.state.flash.grants.list).toEqual([b])
})

test('a list that does not fit is said once, the old one stays [TYPE-19]', () => {
  const device = makeDevice({ listSize: 2 }).boot().online()
  device.hear('grants', page(5, 1, 1, a))
  const tooMany = ['1', '2', '3'].map(each => grantOf(`g-${each}`, each))
  device.hear('grants', page(6, 1, 1, ...tooMany))
  device.hear('grants', page(6, 1, 1, ...tooMany))
  expect(device.state.flash.grants.version).toBe(5)
  expect(device.events().filter(each => each.type === 'list-too-large')).toMatchObject([{ version: 6 }])
})

test('a use stays with its grant until that leaves the list, whatever is acked [GRANTS-15]', () => {
  const device = makeDevice().boot().online()
  device.grants(5, a)
  device.type('10000001')
  device.ackAll()
  device.grants(6, a, b)
  expect(device.type('10000001')).toMatchObject({ reason: 'used' })
  device.ackAll()
  device.grants(7, b)
  expect(device.state.flash.uses).toEqual({})
})

test('a use that the server cannot know yet stays through a list without its grant', () => {
  const device = makeDevice().boot().online()
  device.order({ grant: 'g-a' })
  device.grants(5, b)
  device.grants(6, a, b)
  expect(device.type('10000001')).toMatchObject({ reason: 'used' })
})

test('a use counts by the list too [GRANTS-16]', () => {
  const device = makeDevice().boot().online()
  device.grants(5, { ...a, usedAt: 1234 })
  expect(device.type('10000001')).toEqual({ result: 'refused', reason: 'used', usedAt: 1234 })
})

test('a new journal starts with list 0, but a use the server has not heard of still counts [GRANTS-17]', () => {
  const device = makeDevice().boot().online()
  device.grants(5, a)
  device.ackAll()
  device.disconnect()
  expect(device.type('10000001')).toMatchObject({ result: 'open' })
  device.connect()
  device.welcome({ seq: 900 })
  device.welcome({ seq: 0 })
  expect(device.state.flash.grants.version).toBe(0)
  device.grants(5, a)
  expect(device.type('10000001')).toMatchObject({ reason: 'used' })
})

test('a new codeKey starts with list 0 [GRANTS-17]', () => {
  const device = makeDevice().boot().online()
  device.grants(5, a)
  const stored = device.store.load()
  const bootWith = (key: string) => {
    const next = makeDevice({ codeKey: key })
    next.store.rewrite(stored.journal!)
    next.store.saveFlash(stored.flash!)
    return next.boot().state.flash.grants.version
  }
  expect(bootWith('77'.repeat(32))).toBe(0)
  expect(bootWith(codeKey)).toBe(5)
})

const config = {
  unlockMs: 1000,
  heldOpenMs: minute,
  wrongTries: 2,
  lockoutMs: 1000,
  lockoutFactor: 3,
  lockoutMaxMs: 9000,
  language: 'en',
  timeZone: 'Europe/Paris',
  siteName: 'Here',
  quietHours: ['21:00', '08:00'],
}

test('a newer config is in force, kept and said; an older one is ignored [CONFIG-2, CONFIG-3, TYPE-18]', () => {
  const device = makeDevice().boot().online()
  device.hear('config', { version: 4, ...config })
  device.hear('config', { version: 4, ...config, unlockMs: 5 })
  device.hear('config', { version: 3, ...config, unlockMs: 5 })
  expect(device.state.flash.config).toEqual({ version: 4, ...config })
  expect(device.events().filter(each => each.type === 'config-applied')).toMatchObject([{ version: 4 }])
  device.losePower()
  device.boot().connect()
  expect(device.state.flash.config.siteName).toBe('Here')
  expect(device.sent('status').at(-1)).toMatchObject({ config: 4 })
})

test.each([
  ['no JSON', 'grants', '{"version":'],
  ['a member missing', 'grants', '{"version":5,"page":1,"pages":1}'],
  ['a member of the wrong type', 'order', '{"order":7,"type":"open"}'],
  ['not an object', 'config', '[]'],
  ['no UTF-8', 'welcome', '\ud800'],
] as const)('a malformed message is refused and changes nothing: %s [FORM-6, FORM-9]', (_, kind, text) => {
  const device = makeDevice().boot().online()
  const before = device.state.flash
  device.hear(kind, text)
  expect(device.last('message-refused')).toMatchObject({ topic: `v1/bank-1/down/${kind}` })
  expect(device.state.flash).toEqual(before)
})

test('unknown members and unknown topics are ignored [FORM-2]', () => {
  const device = makeDevice().boot().online()
  device.hear('grants', { ...page(5, 1, 1, { ...a, colour: 'blue' }), more: 1 })
  device.hear('other', 'x')
  expect(device.state.flash.grants.version).toBe(5)
  expect(device.count('message-refused')).toBe(0)
})
