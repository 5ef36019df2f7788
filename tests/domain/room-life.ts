import fc from 'fast-check'
import { expect } from 'vitest'
import { book, cancelBooking } from '../../server/domain/bookings.ts'
import { changeBooking } from '../../server/domain/change-booking.ts'
import { freeSlots } from '../../server/domain/room-day.ts'
import type { Span } from '../../server/domain/room-hours.ts'
import { changeRoom, type Outside, setException, setHours } from '../../server/domain/rooms.ts'
import { announceWorkshop, cancelWorkshop, leaveWorkshop, signUp } from '../../server/domain/workshops.ts'
import type { Jobs } from '../../server/jobs.ts'
import { Refusal } from '../../server/refusal.ts'
import { always, hourMs, type RoomHouse } from './room-house.ts'
import {
  asOne,
  firstFree,
  type HeldRow,
  isOpenFor,
  nextDay,
  onWall,
  placesFree,
  quarterMs,
  type RoomBook,
  whyNot,
} from './room-oracle.ts'

const dayMs = 24 * hourMs
const weights = {
  ...{ book: 7, change: 3, cancel: 1, enter: 2, wait: 4, announce: 2, 'sign-up': 2, leave: 1, 'call-off': 1 },
  ...{ rules: 1, hours: 1, day: 1 },
}
type Act = keyof typeof weights
const acts = Object.keys(weights) as Act[]
const farthest = (60 * dayMs) / quarterMs
export const anyStep = fc.record({
  does: fc.oneof(...acts.map(does => ({ weight: weights[does], arbitrary: fc.constant(does) }))),
  which: fc.nat(10_000),
  who: fc.nat(2),
  /** quarters of an hour from now, and how many */
  from: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: -3, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: farthest - 3, max: farthest + 3 }) },
  ),
  length: fc.integer({ min: 1, max: 18 }),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

/** What each run comes to many times. */
export const everyWord = ['book', 'change', 'cancel', 'enter', 'wait', 'announce', 'rules', 'hours', 'day']
  .map(does => `${does} ok`)
  .concat('book taken', 'book closed', 'book too-long', 'offer ok', 'kept', 'released')

const usual = { bufferMs: 0, longestMs: 4 * hourMs, aheadMs: 60 * dayMs, holidays: 'none' } as const
const anyRules = [
  ...[usual, { ...usual, bufferMs: quarterMs }, { ...usual, bufferMs: 20 * 60_000, longestMs: hourMs }],
  ...[{ ...usual, aheadMs: 6 * hourMs }, { ...usual, holidays: 'FR' } as const, usual],
]
const daily = (from: string, until: string) => always.map(each => ({ ...each, from, until }))
const anyHours = [
  ...[always, daily('09:00', '12:00').concat(daily('14:00', '18:00')), daily('20:00', '04:00')],
  ...[always, daily('06:00', '22:00').filter(each => each.weekday < 6), always],
]
const anyDay = [
  ...[{ is: 'as-usual' }, { is: 'closed' }, { is: 'open', from: '10:00', until: '16:00' }, { is: 'as-usual' }],
  { is: 'open', from: '22:00', until: '05:00' },
] as const

type About = { jobs: Jobs; rooms: string[]; people: string[] }
type Row = Span & { id: string; roomId: string; grantId: string; state: string; door: number }
type Told = Partial<Refusal> & { details?: { next: Span[] } }

/** Whatever is done with two rooms, each answer compared with what the test's own book says. */
export function openRoomLife(house: RoomHouse, { jobs, rooms, people }: About) {
  const { ctx, actorId } = house
  const { sql } = ctx
  const seen: Record<string, number> = {}
  const count = (word: string) => {
    seen[word] = (seen[word] ?? 0) + 1
  }
  const books: RoomBook[] = rooms.map((id, at) => ({
    ...{ ...usual, id, places: at === 0 ? 3 : 1, holidays: false, hours: always, days: new Map() },
  }))
  /** by the code that they have now */
  const came = new Set<string>()
  let now = ctx.now().getTime()
  const began = now
  const goTo = (ms: number) => {
    now = ms
    house.setNow(new Date(now).toISOString())
  }

  const roomOf = ({ which }: Step) => books[which % books.length]!
  const spanOf = ({ from, length }: Step): Span => {
    const start = (Math.floor(now / quarterMs) + from) * quarterMs
    return { from: new Date(start), until: new Date(start + length * quarterMs) }
  }
  const held = (room: RoomBook): Promise<HeldRow[]> => sql<HeldRow[]>`
    select id, place, "from", held_until from bookings where room_id = ${room.id} and state in ('booked', 'kept')`
  const goingOn = async () => sql<Row[]>`
    select b.*, d.door from bookings b join rooms r on r.id = b.room_id join doors d on d.id = r.door_id
    where workshop_id is null and b.state in ('booked', 'kept') and until > ${ctx.now()} order by b.id`
  const oneOf = <T>(rows: readonly T[], { which }: Step): T | undefined => rows[which % rows.length]

  async function outcome(step: Step, work: () => Promise<unknown>): Promise<Told> {
    const refused = await work().then(
      () => ({ reason: null }) as unknown as Told,
      error => {
        if (error instanceof Refusal) return error as Told
        throw error
      },
    )
    const reason = ['closed-day', 'outside-hours'].includes(refused.reason!) ? 'closed' : refused.reason
    count(`${step.does} ${reason ?? 'ok'}`)
    return { ...refused, reason, details: refused.details } as Told
  }

  /** What is offered instead can be booked, and it is the first that can. */
  async function offered({ room, rows, span, told, take }: Compared) {
    const next = told.details!.next
    expect(next[0]?.from.getTime() ?? null).toBe(firstFree(room, span, rows, now))
    for (const each of next) {
      expect(whyNot(room, each, rows, { now })).toBe(null)
      expect(each.until.getTime() - each.from.getTime()).toBe(span.until.getTime() - span.from.getTime())
    }
    const last = next.at(-1)
    if (!last) return
    await take(last)
    count('offer ok')
  }
  type Compared = { room: RoomBook; rows: HeldRow[]; span: Span; told: Told; take: (span: Span) => Promise<unknown> }

  async function outsideIs(room: RoomBook, { outside }: Outside) {
    const rows = await sql<(Span & { id: string })[]>`
      select id, "from", until from bookings where room_id = ${room.id} and state in ('booked', 'kept')
        and until > ${ctx.now()} and (workshop_id is null or place = 1)`
    const expected = rows.filter(each => !isOpenFor(room, each)).map(each => each.id)
    expect(outside.map(each => each.id).sort()).toEqual(expected.sort())
  }

  const takes: Record<Act, (step: Step) => Promise<unknown>> = {
    async book(step) {
      const [room, span] = [roomOf(step), spanOf(step)]
      const rows = await held(room)
      const wanted = { roomId: room.id, residentId: people[step.who]!, ...span }
      const told = await outcome(step, () => book(ctx, { ...wanted, means: step.which % 3 ? 'code' : 'totp' }))
      expect(told.reason).toBe(whyNot(room, span, rows, { now }))
      const take = (free: Span) => book(ctx, { ...wanted, ...free })
      if (told.reason === 'taken') await offered({ room, rows, span, told, take })
    },
    async change(step) {
      const booking = oneOf(await goingOn(), step)
      if (!booking) return
      const room = books.find(each => each.id === booking.roomId)!
      const wished = spanOf(step)
      // half of them keep their start, one that runs may do nothing else
      const span = { ...wished, from: step.which % 4 > 1 ? booking.from : wished.from }
      const same = span.from.getTime() === booking.from.getTime()
      const rows = (await held(room)).filter(each => each.id !== booking.id)
      const told = await outcome(step, () => changeBooking(ctx, { id: booking.id, ...span }))
      const since = same ? Math.min(now, span.from.getTime()) : now
      const past = span.until.getTime() <= now
      expect(told.reason).toBe(past ? 'in-the-past' : whyNot(room, span, rows, { now, since }))
      if (told.reason !== null) expect((await goingOn()).find(each => each.id === booking.id)).toEqual(booking)
      const take = async (free: Span) => {
        await changeBooking(ctx, { id: booking.id, ...free })
        if (free.from.getTime() !== booking.from.getTime()) came.delete(booking.id)
      }
      if (told.reason === 'taken') await offered({ room, rows, span, told, take })
      if (told.reason === null && !same) came.delete(booking.id)
    },
    async cancel(step) {
      const booking = oneOf(await goingOn(), step)
      if (booking) await outcome(step, () => cancelBooking(ctx, { id: booking.id, actorId }))
    },
    async enter(step) {
      const opensAt = (each: Row) => each.from.getTime() - quarterMs
      const soon = (await goingOn()).filter(each => opensAt(each) <= now + 12 * hourMs)
      const booking = oneOf(soon, step)
      if (!booking) return
      if (opensAt(booking) > now) goTo(opensAt(booking))
      const event = { type: 'unlocked', door: booking.door, cause: { grant: booking.grantId }, at: now }
      await outcome(step, () => house.events(event))
      came.add(booking.id)
    },
    async wait(step) {
      goTo(now + (1 + (step.which % 5)) * quarterMs)
      const [{ seq }] = (await sql`select coalesce(max(seq), 0) as seq from journals`) as [{ seq: number }]
      await house.online({ link: `l${now}`, up: now - began + 2_000, last: Number(seq) })
      await outcome(step, () => jobs.runOnce())
      const rows = await sql<(Row & { noShowAt: Date | null })[]>`select * from bookings where workshop_id is null`
      for (const { id, state, noShowAt } of rows) {
        expect(state === 'booked' && noShowAt !== null && noShowAt <= ctx.now(), `${id} was not settled`).toBe(false)
        if (state === 'kept' || state === 'released') expect([id, came.has(id)]).toEqual([id, state === 'kept'])
        if (state === 'kept' || state === 'released') count(state)
      }
    },
    async announce(step) {
      const [room, span] = [roomOf(step), spanOf(step)]
      const [one, rows] = asOne(room, await held(room))
      const wanted = { roomId: room.id, hostId: people[step.who]!, title: 'Couture', places: 1, ...span }
      const told = await outcome(step, () => announceWorkshop(ctx, wanted))
      expect(told.reason).toBe(whyNot(one, span, rows, { now }))
      const take = (free: Span) => announceWorkshop(ctx, { ...wanted, ...free })
      if (told.reason === 'taken') await offered({ room: one, rows, span, told, take })
    },
    async 'sign-up'(step) {
      const workshop = oneOf(await workshops(), step)
      if (!workshop) return
      const residentId = people.filter(each => each !== workshop.hostId)[step.who % 2]!
      const taken = workshop.seats.includes(residentId)
        ? 'signed-up-already'
        : workshop.seats.length > 0
          ? 'workshop-full'
          : null
      const told = await outcome(step, () => signUp(ctx, { id: workshop.id, residentId }))
      expect(told.reason).toBe(taken)
    },
    async leave(step) {
      const full = (await workshops()).filter(each => each.seats.length > 0)
      const workshop = oneOf(full, step)
      if (!workshop) return takes['sign-up']({ ...step, does: 'sign-up' })
      await outcome(step, () => leaveWorkshop(ctx, { id: workshop.id, residentId: workshop.seats[0]! }))
    },
    async 'call-off'(step) {
      const workshop = oneOf(await workshops(), step)
      if (workshop) await outcome(step, () => cancelWorkshop(ctx, { id: workshop.id, actorId: workshop.hostId }))
    },
    async rules(step) {
      const room = roomOf(step)
      const rules = oneOf(anyRules, { ...step, which: step.who + step.length })!
      await outcome(step, () => changeRoom(ctx, { id: room.id, actorId, rules }))
      Object.assign(room, rules, { holidays: rules.holidays === 'FR' })
    },
    async hours(step) {
      const room = roomOf(step)
      room.hours = oneOf(anyHours, { ...step, which: step.who + step.length })!
      await outcome(step, async () => outsideIs(room, await setHours(ctx, { id: room.id, actorId, hours: room.hours })))
    },
    async day(step) {
      const room = roomOf(step)
      const exception = oneOf(anyDay, { ...step, which: step.who + step.length })!
      const day = nextDay(onWall(now)[0], step.length % 3)
      if (exception.is === 'as-usual') room.days.delete(day)
      else room.days.set(day, exception.is === 'closed' ? null : exception)
      await outcome(step, async () =>
        outsideIs(room, await setException(ctx, { id: room.id, actorId, day, ...exception })),
      )
    },
  }

  const workshops = () => sql<{ id: string; hostId: string; seats: string[] }[]>`
    select id, host_id, array(select resident_id::text from workshop_seats where workshop_id = w.id and state = 'signed-up') as seats
    from workshops w where state = 'announced' and until > ${ctx.now()} order by id`

  return {
    seen,
    async begin(ms: number) {
      goTo(ms)
      for (const room of books) {
        Object.assign(room, { ...usual, holidays: false, hours: always, days: new Map() })
        await sql`delete from room_exceptions`
        await changeRoom(ctx, { id: room.id, actorId, rules: usual })
        await setHours(ctx, { id: room.id, actorId, hours: always })
      }
    },
    take: (step: Step) => takes[step.does](step),
    /** What is offered of a day is just what can be booked from a start on it, of one quarter and of more. */
    async lookAtDay(step: Step) {
      const room = roomOf(step)
      const [day] = onWall(
        Math.floor(now / quarterMs) * quarterMs + (step.length > 16 ? 60 * dayMs : step.length > 8 ? dayMs : 0),
      )
      const rows = await held(room)
      const { free, lastStart } = await freeSlots(ctx, room.id, day)
      const noon = Date.parse(`${day}T12:00Z`)
      const starts = Array.from({ length: 140 }, (_, at) => noon + (at - 70) * quarterMs)
      for (const length of [1, step.length].filter(each => each * quarterMs <= room.longestMs)) {
        const span = (at: number) => ({ from: new Date(at), until: new Date(at + length * quarterMs) })
        const within = ({ from, until }: Span) =>
          from <= new Date(lastStart) && free.some(each => new Date(each.from) <= from && until <= new Date(each.until))
        const bookable = (at: number) => onWall(at)[0] === day && whyNot(room, span(at), rows, { now }) === null
        const told = (all: number[]) => all.map(at => new Date(at).toISOString())
        expect(told(starts.filter(at => within(span(at))))).toEqual(told(starts.filter(bookable)))
      }
      for (const { from, until, places } of free)
        expect(placesFree(room, { from: new Date(from), until: new Date(until) }, rows)).toBe(places)
    },
  }
}
export type RoomLife = ReturnType<typeof openRoomLife>
