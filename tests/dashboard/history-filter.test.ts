import { expect, test } from 'vitest'
import { factDetails } from '../../dashboard/src/history/fact-details.ts'
import { type Filter, filterIn, questionOf } from '../../dashboard/src/history/filter.ts'
import { en } from '../../dashboard/src/i18n/en.ts'
import { loadSpeech } from '../../dashboard/src/i18n/words.ts'

const site = { id: 'site', timeZone: 'Europe/Paris' }
const asked = (filter: Filter) => Object.fromEntries(questionOf(filter, site))

test.each<[what: string, filter: Filter, question: Record<string, string>]>([
  ['nothing', {}, {}],
  ['a word, without the spaces around it', { q: ' ABC ' }, { q: 'ABC' }],
  ['only spaces', { q: '  ' }, {}],
  ['a kind of facts', { what: 'codes' }, { kind: 'codes' }],
  ['one fact', { what: 'unlocked' }, { type: 'unlocked' }],
  ['a bank', { bank: 'bank-1' }, { controllerId: 'bank-1' }],
  ['a door, which says which bank', { bank: 'bank-1', door: 'd' }, { doorId: 'd' }],
  ['a sort of people', { who: 'carrier' }, { by: 'carrier' }],
  ['nobody', { who: 'itself' }, { by: 'itself' }],
  ['one person', { who: 'a-person' }, { actorId: 'a-person' }],
  ['what does not add up', { suspect: '1' }, { suspect: 'true' }],
  ['one parcel', { parcel: 'p' }, { parcelId: 'p' }],
  // the night of 25 October 2026 has an hour more there
  [
    'a day of the site, all of it',
    { from: '2026-10-25', until: '2026-10-25' },
    {
      ...{ from: '2026-10-24T22:00:00.000Z', until: '2026-10-25T23:00:00.000Z' },
    },
  ],
])('the question for %s', (_what, filter, question) => {
  expect(asked(filter)).toEqual({ siteId: 'site', ...question })
})

test('from the address only what is known is read, and what is empty is not asked', () => {
  expect(filterIn('?q=ABC&door=&evil=1&suspect=1')).toEqual({ q: 'ABC', suspect: '1' })
})

const speech = await loadSpeech('en')
test.each<[type: string, facts: Record<string, unknown>, said: string | RegExp]>([
  ['order-refused', { reason: 'busy' }, en.refused_busy],
  ['started', { reason: 'power' }, en.started_power],
  // what somebody gave as a reason stands beside it, not in it
  ['parcel-collected', { reason: 'busy' }, ''],
  ['parcel-returned', { corrected: true, was: 'collected' }, /corrected.*collected/],
  ['parcel-returned', { was: 'collected' }, ''],
  ['parcel-collected', { by: 'delegate' }, en.hi_byDelegate],
  ['clock-set', { by: 4_600 }, '5 s'],
  ['opened', { by: 4_600 }, ''],
  ['deadline-moved', { why: 'held' }, en.why_held],
  ['opened', { why: 'held' }, ''],
  ['loss', { from: 3, to: 9 }, /3.*9/],
  ['opened', { to: 9 }, ''],
  ['site-mode', { mode: 'free', forMs: 5_400_000 }, `${en.doorMode_free} · 90 min`],
  ['grant-made', { means: 'code', purpose: 'pickup' }, `${en.purpose_pickup} · ${en.grantMeans_code}`],
  ['grant-made', { purpose: 'of-a-newer-server' }, ''],
  ['parcel-placing', { size: 'S', receipt: 'X', joinedTo: 'p' }, `S · ${en.hi_joined}`],
  // a device may have written anything
  ['opened', { size: { a: 1 }, mode: ['x'], channel: null }, ''],
  ['parcel-placing', { joinedTo: null }, ''],
  ['keypad-locked', { forMs: { a: 1 } }, ''],
  ['keypad-locked', { forMs: 'long' }, ''],
  ['deadline-moved', { to: 1e300 }, ''],
  ['deadline-moved', { to: 'never' }, ''],
  ['loss', { from: { toString: 1, valueOf: 1 }, to: 9 }, ''],
])('beside %s of %j', (type, facts, said) => {
  const told = factDetails({ type, facts }, speech)
  if (typeof said === 'string') expect(told).toBe(said)
  else expect(told).toMatch(said)
})
