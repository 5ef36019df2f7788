import { expect, test } from 'vitest'
import { type DoorNow, leftBox, type ParcelNow } from '../../server/domain/parcel-rules.ts'

const both = { doorSensor: true, occupancySensor: true }
const doorOnly = { doorSensor: true, occupancySensor: false }
const none = { doorSensor: false, occupancySensor: false }
type Step = ParcelNow['step']
type Said = 'empty' | 'something' | undefined
type Row = [name: string, step: Step, door: Partial<DoorNow>, said: Said, offer: string, more?: Partial<ParcelNow>]

/** The order is still out in all of them: the door may have moved. */
const rows: Row[] = [
  ['shut, seen empty', 'closed', { ...both, occupied: false }, undefined, 'free'],
  ['shut, seen empty, and said so', 'closed', { ...both, occupied: false }, 'empty', 'free'],
  ['shut, the sensor has not said yet, the courier has', 'closed', { ...both, occupied: null }, 'empty', 'unchecked'],
  ['shut, nobody has said yet', 'closed', { ...both, occupied: null }, undefined, 'contested'],
  ['shut, seen full, said empty', 'closed', { ...both, occupied: true }, 'empty', 'contested'],
  ['shut, no sensor inside, said empty', 'closed', doorOnly, 'empty', 'unchecked'],
  ['shut, no sensor inside, nothing said', 'closed', doorOnly, undefined, 'contested'],
  ['no sensors, said empty', 'unlocked', none, 'empty', 'unchecked'],
  ['no sensors, the bolt never moved', 'nothing', none, 'empty', 'contested'],
  ['bolt moved, door not seen open', 'unlocked', both, 'empty', 'contested'],
  ['open, and nobody says that it is empty', 'opened', { ...both, occupied: null }, undefined, 'contested'],
  ['open, and said empty', 'opened', { ...both, occupied: null }, 'empty', 'door-open'],
  ['shut and open again, said empty', 'closed', { ...both, state: 'open' }, 'empty', 'door-open'],
  ['shut and open again', 'closed', { ...both, state: 'open' }, undefined, 'contested'],
  ['something in it, whatever the sensor sees', 'closed', { ...both, occupied: false }, 'something', 'contested'],
  ['contested meanwhile', 'closed', { ...both, occupied: false, offer: 'contested' }, 'empty', 'contested'],
  ['shared with another parcel', 'closed', { ...both, occupied: true }, 'empty', 'in-use', { offerBefore: 'in-use' }],
]

test.each(rows)('a box left for another one: %s', (_, step, door, found, expected, more = {}) => {
  const parcel: ParcelNow = { state: 'placing', step, offerBefore: 'free', notSeen: false, ...more }
  const at: DoorNow = { offer: 'reserved', state: 'closed', occupied: null, ...both, ...door }
  const { offer, refused } = leftBox(parcel, at, { orderOver: false, found }, new Date())
  expect(refused ?? offer).toBe(expected)
})

test('refused by the bank: it is what it was before', () => {
  const parcel: ParcelNow = { state: 'placing', step: 'nothing', offerBefore: 'unchecked', notSeen: false }
  const at: DoorNow = { ...both, offer: 'reserved', state: 'closed', occupied: null }
  expect(leftBox(parcel, at, { orderOver: true, found: undefined }, new Date()).offer).toBe('unchecked')
})
