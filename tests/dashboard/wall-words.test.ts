import { expect, test } from 'vitest'
import { languages, loadSpeech } from '../../dashboard/src/i18n/words.ts'
import { lookOf, shapes } from '../../dashboard/src/state.ts'
import { daysLying, doorSentence } from '../../dashboard/src/wall/door-words.ts'
import { inShort, marksOf, nextNeeding, type Wanted } from '../../dashboard/src/wall/find.ts'
import type { WallDoor } from '../../schema/api/live.ts'

const now = Date.parse('2026-11-26T12:00:00.000Z')
const free: WallDoor = {
  ...{ id: 'd12', controllerId: 'bank-1', door: 12, kind: 'compartment', size: 'M', height: 'normal', name: null },
  ...{ column: null, row: null, offer: 'free', state: 'closed', occupied: false, mode: 'normal', alarm: null },
  ...{ withoutPower: null, since: '2026-11-26T10:00:00.000Z', parcel: null },
}
const parcel: WallDoor['parcel'] = {
  ...{ id: 'p1', state: 'waiting', receipt: '3XKU8KQ7VG', placedAt: '2026-11-23T11:00:00.000Z' },
  ...{ deadlineAt: null, notSeen: false, unconfirmed: false },
}
const room: WallDoor = { ...free, id: 'r1', door: 12, kind: 'room', size: null, name: 'Salle d’été', offer: 'in-use' }
const waiting: WallDoor = { ...free, offer: 'in-use', parcel }

test.each<[string, WallDoor, string]>([
  ['a free box', free, 'Door 12, M, free, door closed, since'],
  ['a low one', { ...free, height: 'low' }, 'Door 12, M, low door, free, door closed, since'],
  ['a parcel of three days', waiting, 'Door 12, M, parcel waiting, there for 3 days, door closed, since'],
  [
    'one of today',
    { ...waiting, parcel: { ...parcel, placedAt: '2026-11-25T13:00:00.000Z' } },
    'Door 12, M, parcel waiting, door closed, since',
  ],
  [
    'overdue and not seen',
    { ...waiting, parcel: { ...parcel, state: 'expired', notSeen: true } },
    'Door 12, M, overdue, not seen in the box, there for 3 days, door closed, since',
  ],
  [
    'open with a parcel in it',
    { ...waiting, state: 'open' },
    'Door 12, M, open, parcel waiting, there for 3 days, door open, since',
  ],
  [
    'jammed',
    { ...waiting, state: 'jammed' },
    'Door 12, M, jammed, parcel waiting, there for 3 days, door jammed, since',
  ],
  [
    'contested, of a parcel collected',
    { ...free, offer: 'contested', parcel: { ...parcel, state: 'collected', unconfirmed: true } },
    'Door 12, M, contested, collection not confirmed, door closed, since',
  ],
  [
    'forced',
    { ...room, alarm: { kind: 'forced', at: free.since }, mode: 'locked' },
    'Salle d’été, door forced, shut to every code, door closed, since',
  ],
  ['a room held open', { ...room, mode: 'free' }, 'Salle d’été, held open, door closed, since'],
])('%s is said in one sentence', async (_, door, sentence) => {
  const said = doorSentence({ door, look: lookOf(door), days: daysLying(door, now) }, await loadSpeech('en'))
  expect(said.replace(/since .*$/, 'since')).toBe(sentence)
  expect(said).toMatch(/since \d/)
})

test('of a door of which nothing is known, not since when', async () => {
  const door: WallDoor = { ...free, state: 'unknown' }
  const said = doorSentence({ door, look: lookOf(door), days: 0 }, await loadSpeech('en'))
  expect(said).toBe('Door 12, M, free, door unknown')
})

test('in short each box is one of free, taken or to see to; those out of service are none, rooms only when in need', () => {
  const doors: WallDoor[] = [
    ...[free, { ...free, offer: 'unchecked' as const }, { ...free, state: 'open' as const }],
    ...[waiting, { ...waiting, state: 'open' as const }, { ...free, offer: 'reserved' as const }],
    ...[
      { ...free, state: 'jammed' as const },
      { ...waiting, offer: 'contested' as const },
    ],
    ...[
      { ...waiting, parcel: { ...parcel, state: 'expired' as const } },
      { ...free, offer: 'retired' as const },
    ],
    ...[room, { ...room, alarm: { kind: 'forced' as const, at: free.since } }],
  ]
  expect(inShort(doors, [{ online: true }, { online: false }])).toEqual({ needs: 4, free: 3, taken: 3, away: 1 })
})

test('each look has words in the legend and a shape of its own', async () => {
  const looks = Object.keys(shapes)
  for (const { load } of Object.values(languages)) {
    const words = await load()
    expect(looks.filter(look => !Object.hasOwn(words, `wl_look_${look}`))).toEqual([])
  }
  expect(new Set(Object.values(shapes)).size).toBe(looks.length)
})

test.each<[string, Partial<Wanted>, string[] | null]>([
  ['nothing', {}, null],
  ['spaces', { text: '  ' }, null],
  ['a number: the box, not the room of that number', { text: '12' }, ['d12']],
  ['a part of a number', { text: '1' }, []],
  ['the beginning of a receipt, as people write it', { text: '3xk u8' }, ['d12']],
  ['the middle of a receipt', { text: 'KU8KQ' }, []],
  ['two letters of a receipt', { text: '3X' }, []],
  ['a room, without its accents', { text: 'ete' }, ['r1']],
  ['a look', { looks: ['room'] }, ['r1']],
  ['two looks', { looks: ['room', 'waiting'] }, ['d12', 'r1']],
  ['a look and a number', { text: '12', looks: ['room'] }, ['d12', 'r1']],
])('%s marks what it should', (_, wanted, found) => {
  const marks = marksOf({ text: '', looks: [], ...wanted })
  expect(marks && [waiting, room].filter(marks).map(({ id }) => id)).toEqual(found)
})

test('the next that needs somebody goes around the wall', () => {
  const doors: WallDoor[] = [
    { ...free, id: 'a', offer: 'contested' },
    { ...free, id: 'b' },
    { ...free, id: 'c', state: 'jammed' },
  ]
  const from = (id: string | undefined) => nextNeeding(doors, id)?.id
  expect([from(undefined), from('a'), from('b'), from('c')]).toEqual(['a', 'c', 'c', 'a'])
  expect(nextNeeding([free], undefined)).toBeUndefined()
})
