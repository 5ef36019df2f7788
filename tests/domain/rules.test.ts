import { expect, test } from 'vitest'
import { isOld } from '../../server/devices/take-status.ts'
import { pickDoor } from '../../server/domain/allocation.ts'
import { type ForList, grantsList } from '../../server/domain/grants-list.ts'
import { notAfterUp } from '../../server/domain/orders.ts'
import {
  type DoorNow,
  type Opener,
  type ParcelEvent,
  type ParcelNow,
  parcelStep,
} from '../../server/domain/parcel-rules.ts'
import type { Candidate } from '../../server/store/boxes.ts'

const now = new Date(1_790_000_000_000)
const later = new Date(now.getTime() + 120_000)
const both = { doorSensor: true, occupancySensor: true }
const doorOnly = { doorSensor: true, occupancySensor: false }
const none = { doorSensor: false, occupancySensor: false }
const by = (by: Opener): ParcelEvent => ({ type: 'unlocked', by })

type Row = [
  name: string,
  parcel: Partial<ParcelNow>,
  door: Partial<DoorNow>,
  event: ParcelEvent,
  expected: { state?: string; step?: string; offer?: string; refused?: string; suspect?: boolean },
]
const placing = (step: ParcelNow['step']) => ({ state: 'placing', step }) as const
const waiting = (step: ParcelNow['step'] = 'nothing') => ({ state: 'waiting', step }) as const
const over = { orderOver: true }
const open = { orderOver: false }
const rows: Row[] = [
  ['deposit: bolt moved', placing('nothing'), both, by('placing'), { step: 'unlocked' }],
  ['deposit: door open', placing('unlocked'), both, { type: 'opened' }, { step: 'opened' }],
  ['deposit: door shut', placing('opened'), both, { type: 'closed' }, { step: 'closed' }],
  [
    'deposited, seen',
    placing('closed'),
    { ...both, occupied: true },
    { type: 'deposited' },
    { state: 'waiting', offer: 'in-use' },
  ],
  [
    'deposited, not seen',
    placing('closed'),
    { ...both, occupied: false },
    { type: 'deposited' },
    { refused: 'not-seen' },
  ],
  [
    'deposited, not seen, said again',
    { ...placing('closed'), notSeen: true },
    { ...both, occupied: false },
    { type: 'deposited' },
    { state: 'contested', offer: 'contested' },
  ],
  ['deposited with the door open', placing('opened'), both, { type: 'deposited' }, { refused: 'door-open' }],
  ['deposited without a door sensor', placing('unlocked'), none, { type: 'deposited' }, { state: 'waiting' }],
  ['deposited, bolt never moved', placing('nothing'), none, { type: 'deposited' }, { refused: 'not-opened' }],
  [
    'cancel, refused by the device',
    placing('nothing'),
    both,
    { type: 'cancel', ...over },
    { state: 'cancelled', offer: 'free' },
  ],
  [
    'cancel, order still out',
    placing('nothing'),
    both,
    { type: 'cancel', ...open },
    { state: 'cancelled', offer: 'contested' },
  ],
  [
    'cancel after the bolt moved',
    placing('unlocked'),
    both,
    { type: 'cancel', ...over },
    { state: 'cancelled', offer: 'contested' },
  ],
  [
    'cancel, the box contested meanwhile',
    placing('nothing'),
    { ...both, offer: 'contested' },
    { type: 'cancel', ...over },
    { state: 'cancelled', offer: 'contested' },
  ],
  ['cancel too late', waiting(), both, { type: 'cancel', ...over }, { refused: 'not-placing' }],
  ['walked away', placing('opened'), both, { type: 'timeout', ...over }, { state: 'contested', offer: 'contested' }],
  ['pickup: bolt alone is not collected', waiting(), both, by('pickup'), { step: 'unlocked' }],
  ['pickup: open is not collected', waiting('unlocked'), both, { type: 'opened' }, { step: 'opened' }],
  ['pickup: pressed again at the open door', waiting('opened'), both, by('pickup'), { step: 'opened' }],
  ['deposit: pressed again at the open door', placing('opened'), both, by('placing'), { step: 'opened' }],
  [
    'reopened: pressed again at the open door',
    { state: 'collected', step: 'opened' },
    both,
    by('pickup'),
    { step: 'opened' },
  ],
  ['pickup: shut', waiting('opened'), both, { type: 'closed' }, { state: 'collected', offer: 'in-use' }],
  [
    'pickup: shut, nobody sees inside',
    waiting('opened'),
    doorOnly,
    { type: 'closed' },
    { state: 'collected', offer: 'unchecked' },
  ],
  ['pickup: no sensor', waiting(), none, by('pickup'), { state: 'collected', offer: 'unchecked' }],
  ['pickup after the deadline', { state: 'expired', step: 'opened' }, both, { type: 'closed' }, { state: 'collected' }],
  [
    'collected and empty',
    { state: 'collected', step: 'closed' },
    { ...both, offer: 'in-use' },
    { type: 'vacant' },
    { offer: 'free' },
  ],
  [
    'collected, still full',
    { state: 'collected', step: 'closed' },
    { ...both, offer: 'in-use' },
    { type: 'occupied' },
    { offer: 'contested' },
  ],
  ['empty, nobody came', waiting(), both, { type: 'vacant' }, { offer: 'contested', suspect: true }],
  ['empty, told of a time before it lay there', { ...waiting(), placedAt: later }, both, { type: 'vacant' }, {}],
  [
    'empty, told of a time before it was taken, of a box that was not',
    { state: 'collected', step: 'closed', endedAt: later },
    { ...both, offer: 'contested' },
    { type: 'vacant' },
    {},
  ],
  ['opened after it was closed', { state: 'returned' }, both, by('pickup'), { offer: 'contested', suspect: true }],
  [
    'opened for its carrier when it was collected',
    { state: 'collected' },
    both,
    by('taking'),
    { offer: 'contested', suspect: true },
  ],
  ['overdue', waiting(), both, { type: 'overdue' }, { state: 'expired' }],
  ['a caretaker opened', waiting(), both, by('other'), {}],
  ['opened in another way while a courier waits', placing('nothing'), both, by('other'), { step: 'unlocked' }],
  ['forced while a courier waits', placing('nothing'), both, { type: 'forced' }, { step: 'opened' }],
  ['opened in another way after the courier shut it', placing('closed'), both, by('other'), {}],
]

test.each(rows)('%s', (_name, parcel, door, event, { state, step, offer, refused, suspect }) => {
  const before = { state: 'waiting', step: 'nothing', offerBefore: 'free', notSeen: false, ...parcel } as ParcelNow
  const outcome = parcelStep(before, { offer: 'in-use', occupied: null, ...door } as DoorNow, event, now)
  expect(outcome.parcel.state).toBe(state)
  if (step) expect(outcome.parcel.step).toBe(step)
  expect(outcome.offer).toBe(state === 'waiting' || state === 'collected' ? (offer ?? outcome.offer) : offer)
  expect(outcome.refused).toBe(refused)
  expect(outcome.suspect !== undefined).toBe(suspect ?? false)
})

const box = (door: number, size: string, more: Partial<Candidate> = {}) =>
  ({ id: `d${door}`, door, size, height: 'normal', offer: 'free', blocked: false, ...more }) as Candidate

test('the smallest free box that fits, unchecked ones after the free, low ones for who asked', () => {
  const pick = (doors: Candidate[], size: 'S' | 'M' | 'L' = 'S', low = false) => pickDoor(doors, { size, low })?.door
  expect(pick([box(1, 'L'), box(2, 'M'), box(3, 'S')])).toBe(3)
  expect(pick([box(1, 'L'), box(2, 'M'), box(3, 'S')], 'M')).toBe(2)
  expect(pick([box(1, 'S', { offer: 'unchecked' }), box(2, 'L')])).toBe(2)
  expect(pick([box(1, 'S', { offer: 'contested' }), box(2, 'S', { blocked: true })])).toBe(undefined)
  expect(pick([box(1, 'S', { height: 'low' }), box(2, 'M'), box(3, 'M')])).toBe(2)
  expect(pick([box(1, 'S', { height: 'low' }), box(2, 'S')], 'S', true)).toBe(1)
  expect(pick([box(1, 'S', { height: 'low' }), box(2, 'S', { offer: 'in-use' })])).toBe(1)
})

test('a list says what was so when its version was made [ORDER-2, GRANTS-18]', () => {
  const at = (ms: number) => new Date(now.getTime() + ms)
  const grant = (id: string, more: object) =>
    ({
      ...{ id, door: 1, means: 'code', check: 'c', uses: 1, reopenMs: 0, from: at(-9), until: at(9), madeAt: at(-9) },
      ...{ usedAt: null, usedRecordedAt: null, revokedAt: null, revokedVersion: null, ...more },
    }) as unknown as ForList
  const week = 7 * 24 * 3600_000
  const listed = grantsList(
    [
      grant('live', {}),
      grant('used before', { usedAt: at(-5), usedRecordedAt: at(0) }),
      grant('used after', { usedAt: at(-5), usedRecordedAt: at(1) }),
      grant('revoked', { revokedAt: at(-1), revokedVersion: now.getTime() }),
      grant('revoked later', { revokedAt: at(1), revokedVersion: now.getTime() + 1 }),
      grant('ended, still told', { until: at(-week + 1) }),
      grant('ended long ago', { until: at(-week) }),
      grant('made later', { madeAt: at(1) }),
      grant('by order', { means: 'order' }),
    ],
    now.getTime(),
  )
  expect(listed.map(each => each.grant)).toEqual([
    'live',
    'used before',
    'used after',
    'revoked later',
    'ended, still told',
  ])
  expect(listed.map(each => each.usedAt !== undefined)).toEqual([false, true, false, false, false])
})

test('deadlines in uptime, and statuses that were under way for long [ORDER-7, STATUS-12]', () => {
  expect(notAfterUp(48_210, 689.9)).toBe(58_899)
  expect(notAfterUp(48_210, -5)).toBe(58_210)
  const heard = { journal: 'j', last: 10, boot: 'b', up: 100 }
  expect(isOld(heard, { journal: 'j', last: 9, boot: 'c', up: 1 })).toBe(true)
  expect(isOld(heard, { journal: 'j', last: 10, boot: 'b', up: 99 })).toBe(true)
  expect(isOld(heard, { journal: 'k', last: 0, boot: 'c', up: 1 })).toBe(false)
})
