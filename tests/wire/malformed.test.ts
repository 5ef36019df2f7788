import { describe, expect, test } from 'vitest'
import { decodeDown, decodeEvent, decodeUp } from '../../schema/wire/codec.ts'
import type { RawEvent } from '../../schema/wire/events.ts'
import { down, up } from '../../schema/wire/golden.ts'
import type { DownKind, UpKind } from '../../schema/wire/topics.ts'

const problemOf = (decoded: { ok: boolean; problem?: string }) => (decoded.ok ? 'none' : decoded.problem)
const without = (text: string, member: string) => {
  const { [member]: _gone, ...rest } = JSON.parse(text)
  return JSON.stringify(rest)
}
const changed = (text: string, members: object) => JSON.stringify({ ...JSON.parse(text), ...members })

const beat = up['status, a beat'][1]
const live = up['events, live'][1]
const typed = up['code, typed'][1]

describe('bytes that are no JSON object [FORM-1]', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'not JSON in UTF-8'],
    ['half of one', Buffer.from(beat.slice(0, 40)), 'not JSON in UTF-8'],
    ['Latin-1', Buffer.from('{"siteName":"\xc9rables"}', 'latin1'), 'not JSON in UTF-8'],
    ['binary', Buffer.from([0, 255, 254, 1]), 'not JSON in UTF-8'],
    ['a list', Buffer.from('[]'), 'not a JSON object'],
    ['null', Buffer.from('null'), 'not a JSON object'],
    ['a number', Buffer.from('42'), 'not a JSON object'],
    ['a text', Buffer.from('"online"'), 'not a JSON object'],
  ])('%s', (_title, bytes, problem) => {
    for (const kind of ['status', 'events', 'code'] as const)
      expect(decodeUp(kind, bytes)).toEqual({ ok: false, problem })
    for (const kind of ['welcome', 'ack', 'order', 'grants', 'config'] as const)
      expect(decodeDown(kind, bytes)).toEqual({ ok: false, problem })
  })
})

test.each(['\0', 'j\0', '\ud800', 'a\udfff'])('a name that no database can keep is malformed: %j', name => {
  expect(problemOf(decodeUp('status', Buffer.from(changed(beat, { journal: name }))))).toContain('journal')
  expect(problemOf(decodeUp('status', Buffer.from(changed(beat, { firmware: name }))))).toContain('firmware')
  expect(problemOf(decodeUp('code', Buffer.from(changed(typed, { ask: name }))))).toContain('ask')
  const event = { seq: 1, at: 1, clock: 'synced', type: 'unlocked', door: 1, cause: { grant: name } }
  expect(problemOf(decodeEvent(event as RawEvent))).toContain('cause.grant')
  expect(problemOf(decodeUp('status', Buffer.from(changed(beat, { journal: 'é🔒' }))))).toBe('none')
})

describe('a needed member is missing: the problem names it [FORM-6]', () => {
  const cases: [UpKind, string, string[]][] = [
    ['events', live, ['journal', 'live', 'events']],
    ['code', typed, ['ask', 'boot', 'up', 'keypad']],
  ]
  test.each(cases.flatMap(([kind, text, members]) => members.map(member => [kind, member, text] as const)))(
    '%s without %s',
    (kind, member, text) => {
      expect(problemOf(decodeUp(kind, Buffer.from(without(text, member))))).toContain(member)
    },
  )
  const answers: [DownKind, string, string[]][] = [
    ['welcome', down.welcome[1], ['journal', 'seq', 'time', 'up', 'beatMs']],
    ['ack', down.ack[1], ['journal', 'seq']],
    ['grants', down['grants, none'][1], ['version', 'page', 'pages', 'grants']],
    [
      'config',
      down.config[1],
      ['version', 'unlockMs', 'heldOpenMs', 'wrongTries', 'lockoutMs', 'language', 'quietHours'],
    ],
  ]
  test.each(answers.flatMap(([kind, text, members]) => members.map(member => [kind, member, text] as const)))(
    '%s without %s',
    (kind, member, text) => {
      expect(problemOf(decodeDown(kind, Buffer.from(without(text, member))))).toContain(member)
    },
  )
  test.each([
    'link',
    'boot',
    'up',
    'journal',
    'first',
    'last',
    'firmware',
    'protocol',
    'time',
    'clock',
    'grants',
    'config',
  ])('status without %s', member => {
    expect(problemOf(decodeUp('status', Buffer.from(without(beat, member))))).toContain(member)
  })
})

describe('a member of the wrong type or range: the problem names it [FORM-6]', () => {
  test.each([
    ['code', typed, { code: '12' }, 'code'],
    ['code', typed, { code: 12345678 }, 'code'],
    ['code', typed, { code: '1234567x' }, 'code'],
    ['code', typed, { badge: '04A2B9C1' }, 'badge'],
    ['code', typed, { up: -1 }, 'up'],
    ['code', typed, { up: 1.5 }, 'up'],
    ['code', typed, { up: '48900' }, 'up'],
    ['code', typed, { keypad: 256 }, 'keypad'],
    ['code', typed, { boot: '' }, 'boot'],
    ['code', typed, { ask: 'a'.repeat(129) }, 'ask'],
    ['events', live, { journal: null }, 'journal'],
    ['events', live, { live: 'yes' }, 'live'],
    ['events', live, { events: [] }, 'events'],
    ['events', live, { events: {} }, 'events'],
    ['events', live, { events: [{ at: 1 }] }, 'events.0'],
    ['events', live, { events: [{ seq: '18' }] }, 'events.0.seq'],
    ['events', live, { events: [{ seq: 18 }, { seq: -1 }] }, 'events.1.seq'],
  ] as const)('%s %# %s', (kind, text, members, named) => {
    expect(problemOf(decodeUp(kind, Buffer.from(changed(text, members))))).toContain(named)
  })
  test('a status of neither state', () => {
    expect(decodeUp('status', Buffer.from(changed(beat, { state: 'asleep' }))).ok).toBe(false)
  })
})

describe('an event with a readable seq is never malformed, only suspect [EVENTS-16]', () => {
  test.each([
    [{ seq: 18 }, 'type'],
    [{ seq: 18, type: 'warmed-up' }, '"warmed-up"'],
    [{ seq: 18, type: 'toString' }, '"toString"'],
    [{ seq: 18, type: 'unlocked', at: 1, clock: 'synced', door: 3 }, 'cause'],
    [{ seq: 18, type: 'unlocked', at: 1, clock: 'synced', door: 3, cause: {} }, 'grant'],
    [{ seq: 18, type: 'unlocked', at: 1, clock: 'perhaps', door: 3, cause: { grant: 'g' } }, 'clock'],
    [{ seq: 18, type: 'opened', at: 1, clock: 'synced', door: 'three' }, 'door'],
    [{ seq: 18, type: 'opened', at: -1, clock: 'synced', door: 3 }, 'at'],
    [{ seq: 18, type: 'power', at: 1, clock: 'synced', source: 'battery', level: 101 }, 'level'],
  ] as [RawEvent, string][])('%j', (raw, named) => {
    expect(decodeUp('events', Buffer.from(JSON.stringify({ journal: 'j', live: true, events: [raw] }))).ok).toBe(true)
    expect(problemOf(decodeEvent(raw))).toContain(named)
  })
})
