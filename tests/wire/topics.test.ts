import { describe, expect, test } from 'vitest'
import {
  downKinds,
  downTopic,
  isControllerId,
  isOwnFilter,
  parseDownTopic,
  parseUpTopic,
  upKinds,
  upTopic,
} from '../../schema/wire/topics.ts'

describe('ids of controllers [LINK-1]', () => {
  test.each(['b1', 'bank-1', '00', '9-', `a${'b'.repeat(62)}`])('%s may be one', id => {
    expect(isControllerId(id)).toBe(true)
  })
  test.each(['', 'b', '-b', 'Bank', 'bank_1', 'bank/1', 'bank+', '#', 'b\n', 'bänk', `a${'b'.repeat(63)}`])(
    '%j may not',
    id => {
      expect(isControllerId(id)).toBe(false)
    },
  )
})

describe('topics', () => {
  test('up: written and read', () => {
    expect(upKinds.map(kind => upTopic('bank-1', kind))).toEqual([
      'v1/bank-1/up/status',
      'v1/bank-1/up/events',
      'v1/bank-1/up/code',
    ])
    for (const kind of upKinds) expect(parseUpTopic(upTopic('bank-1', kind))).toEqual({ controllerId: 'bank-1', kind })
  })
  test('down: written and read', () => {
    expect(downKinds.map(kind => downTopic('bank-1', kind))).toEqual(
      ['welcome', 'ack', 'order', 'grants', 'config'].map(kind => `v1/bank-1/down/${kind}`),
    )
    for (const kind of downKinds)
      expect(parseDownTopic(downTopic('bank-1', kind))).toEqual({ controllerId: 'bank-1', kind })
  })
  test.each([
    '',
    'v1',
    'v2/bank-1/up/status',
    'v1/bank-1/status',
    'v1/bank-1/up',
    'v1/bank-1/up/',
    'v1/bank-1/up/status/',
    'v1/bank-1/up/status/more',
    '/v1/bank-1/up/status',
    'v1//up/status',
    'v1/BANK/up/status',
    'v1/+/up/status',
    'v1/bank-1/up/welcome',
    'v1/bank-1/up/toString',
    '$SYS/bank-1/up/status',
  ])('%j is no up topic', topic => {
    expect(parseUpTopic(topic)).toBeNull()
  })
  test('an up topic is no down topic and the other way round', () => {
    for (const kind of upKinds) expect(parseDownTopic(upTopic('bank-1', kind))).toBeNull()
    for (const kind of downKinds) expect(parseUpTopic(downTopic('bank-1', kind))).toBeNull()
  })
})

describe('filters of a controller', () => {
  test.each(['v1/bank-1/down/+', 'v1/bank-1/down/#', ...downKinds.map(kind => `v1/bank-1/down/${kind}`)])(
    '%s is its own',
    filter => {
      expect(isOwnFilter('bank-1', filter)).toBe(true)
    },
  )
  test.each([
    '#',
    '+',
    'v1/#',
    'v1/+/down/+',
    'v1/bank-1/#',
    'v1/bank-1/+/+',
    'v1/bank-2/down/+',
    'v1/bank-1/up/+',
    '$SYS/#',
  ])('%s is not', filter => {
    expect(isOwnFilter('bank-1', filter)).toBe(false)
  })
})
