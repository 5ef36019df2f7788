import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Booking, leave, type Means, makeRooms, type Rooms } from './booked-rooms.ts'
import { minute, second } from './device.ts'

const door = fc.integer({ min: 1, max: 2 })
const span = { startMin: fc.integer({ min: -90, max: 180 }), lenMin: fc.integer({ min: 5, max: 240 }) }
const means: fc.Arbitrary<Means> = fc.constantFrom('code', 'totp', 'badge')
/** counted from the newest booking */
const of = fc.nat(5)
/** how many pages of the new list arrive before the network goes */
const pages = fc.constantFrom(undefined, undefined, undefined, 0, 1)
const away = fc.constantFrom(0, 0, 0, -1, 1, 2, -2)
const is = <T extends string>(does: T) => fc.constant(does)

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: is('book'), door, ...span, means, once: fc.boolean(), pages }) },
  { weight: 2, arbitrary: fc.record({ does: is('change'), of, ...span, inPlace: fc.boolean(), pages }) },
  { weight: 2, arbitrary: fc.record({ does: is('cancel'), of, pages }) },
  { weight: 12, arbitrary: fc.record({ does: is('enter'), of, away }) },
  { weight: 2, arbitrary: fc.record({ does: is('enter-in-the-dark'), of, after: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ does: is('network'), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: is('power'), offMin: fc.constantFrom(0, 1, 30, 600) }) },
  { weight: 2, arbitrary: fc.record({ does: is('reset') }) },
  { weight: 2, arbitrary: fc.record({ does: is('drift'), seconds: fc.constantFrom(-2400, -120, -20, 20, 120, 2400) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: is('mode'),
      door,
      mode: fc.constantFrom('free', 'locked', 'locked', 'normal'),
      forMin: fc.constantFrom(1, 30),
    }),
  },
  { weight: 6, arbitrary: fc.record({ does: is('pass'), seconds: fc.constantFrom(1, 20, 600, 3600, 10_800) }) },
)
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

const seen: Record<string, number> = {}
const count = (what: string) => {
  seen[what] = (seen[what] ?? 0) + 1
}
const unlocks = ({ device }: Rooms) => device.bolts.filter(each => each.to === 'unlocked').length
const bookingOf = ({ all }: Rooms, from: number): Booking => all.at(-1 - (from % all.length))!

/** Opened is what the bolt did, whatever the display said. */
function enter(rooms: Rooms, booking: Booking, away: number) {
  const may = rooms.mayEnter(booking, away)
  const before = unlocks(rooms)
  rooms.use(booking, away)
  const opened = unlocks(rooms) > before
  const { kind, worst } = rooms.clock
  const about = `${booking.id} ${booking.means}, clock ${kind}`
  expect(opened, `${about}: ${JSON.stringify(rooms.device.shown.at(-1))}`).toBe(may)
  // by the true time: no earlier than the worst its clock has ever been wrong
  const known = rooms.known.find(each => each.id === booking.id)
  if (opened) expect(rooms.device.now + worst, about).toBeGreaterThanOrEqual(known!.from)
  if (opened) expect(rooms.device.last('unlocked'), about).toMatchObject({ clock: kind, cause: { grant: booking.id } })
  if (opened) rooms.entered(booking, away)
  count(`${opened ? 'entered' : 'refused'} by ${booking.means}, clock ${kind}`)
  if (!opened && known === undefined && rooms.device.now <= booking.until) count('refused, the door does not know it')
  for (const each of [1, 2]) rooms.device.senses(rooms.device.hardware.shut(each))
}

/** The power goes in the middle of it: whoever got in was known to the door, and nobody gets in twice by a one-use grant. */
function enterInTheDark(rooms: Rooms, booking: Booking, after: number) {
  const { device } = rooms
  const may = rooms.mayEnter(booking, 0)
  const before = unlocks(rooms)
  const written = device.written.length
  device.effectsLeft = after
  rooms.use(booking, 0)
  device.losePower()
  if (unlocks(rooms) > before) {
    expect(may, booking.id).toBe(true)
    count('entered while the power went')
  }
  // a use of before is none of this time
  if (device.written.slice(written).some(({ type, cause }) => type === 'unlocked' && grantOf(cause) === booking.id))
    rooms.entered(booking, 0)
}

const grantOf = (cause: unknown) => (cause as { grant: string }).grant

function boots(rooms: Rooms) {
  rooms.device.boot()
  rooms.booted('none')
}

function take(rooms: Rooms, step: Step) {
  const { device } = rooms
  switch (step.does) {
    case 'book':
      return rooms.book(step.door, step, step, step.pages)
    case 'change':
      return rooms.change(bookingOf(rooms, step.of), step, step.inPlace, step.pages)
    case 'cancel':
      return rooms.cancel(bookingOf(rooms, step.of), step.pages)
    case 'enter':
      return enter(rooms, bookingOf(rooms, step.of), step.away)
    case 'enter-in-the-dark':
      enterInTheDark(rooms, bookingOf(rooms, step.of), step.after)
      return boots(rooms)
    case 'network':
      return step.on ? rooms.connect() : device.disconnect()
    case 'power':
      device.losePower()
      for (const each of [1, 2]) expect(leave(device, each)).toMatchObject({ out: true, forced: false })
      device.now += step.offMin * minute
      return boots(rooms)
    case 'reset': {
      const { kind } = rooms.clock
      const kept = kind === 'none' ? {} : { keptTime: rooms.believed() }
      device.losePower()
      device.boot({ reason: 'watchdog', ...kept })
      return rooms.booted(kind === 'none' ? 'none' : 'guessed')
    }
    case 'drift':
      return rooms.drift(step.seconds * second)
    case 'mode':
      return rooms.mode(step.door, step.mode, step.forMin * minute)
    case 'pass':
      return rooms.pass(step.seconds * second)
    default:
      step satisfies never
  }
}

const opens = new Set(['enter', 'enter-in-the-dark', 'mode', 'power'])

test('over bookings, clocks, boots and cuts: entry by a grant the door knows and by nothing else, by each that its clock allows; and everybody gets out', () => {
  const anyRun = fc.array(fc.tuple(anyStep, fc.boolean()), { minLength: 20, maxLength: 40 })
  fc.assert(
    fc.property(anyRun, steps => {
      const rooms = makeRooms()
      for (const [step, thenLeave] of steps) {
        const before = unlocks(rooms)
        take(rooms, step)
        if (!opens.has(step.does)) expect(unlocks(rooms), step.does).toBe(before)
        if (!thenLeave) continue
        for (const each of [1, 2]) expect(leave(rooms.device, each)).toEqual({ out: true, button: true, forced: false })
      }
    }),
    { numRuns: 200 },
  )
  // what the property would be worth nothing without
  for (const kind of ['synced', 'guessed'])
    for (const by of ['code', 'totp', 'badge']) expect(seen[`entered by ${by}, clock ${kind}`]).toBeGreaterThan(0)
  for (const by of ['code', 'badge']) expect(seen[`entered by ${by}, clock none`]).toBeGreaterThan(0)
  expect(seen['refused by totp, clock none']).toBeGreaterThan(0)
  expect(seen['refused, the door does not know it']).toBeGreaterThan(0)
  expect(seen['entered while the power went']).toBeGreaterThan(0)
})
