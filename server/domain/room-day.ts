import { gridMs } from '../../schema/api/grid.ts'
import type { AccountRole } from '../../schema/api/roles.ts'
import type { Names, OwnRoom, Room, RoomDay, Slots } from '../../schema/api/rooms.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { bookingsOfDay, type DoorPassed, doorPassed, heldPlaces, namesOfDay } from '../store/bookings.ts'
import { appendHistory } from '../store/history.ts'
import { addLooks } from '../store/name-looks.ts'
import { type RoomRead, roomById, roomsAt } from '../store/rooms.ts'
import { heldUntil } from './booking-place.ts'
import { freeSpans, lastStartIn } from './booking-rules.ts'
import { type Day, dayOf, isDay } from './days.ts'
import { addNote } from './note.ts'
import { daySpan, hoursOf, openBetween, type Span } from './room-hours.ts'
import { bookable } from './rooms.ts'

const dayMs = 24 * 3600_000
const told = ({ from, until }: Span) => ({ from: from.toISOString(), until: until.toISOString() })

function shown({ madeAt: _, retiredAt, ...room }: RoomRead, now: Date): Room {
  const today = dayOf(now, room.timeZone)
  const exceptions = room.exceptions.filter(each => each.day >= today)
  return { ...room, exceptions, retiredAt: retiredAt?.toISOString() ?? null }
}

export const roomsOf = async (ctx: Context, siteId: string): Promise<Room[]> =>
  (await roomsAt(ctx.sql, siteId)).map(room => shown(room, ctx.now()))

/** Those that are in use, as a member sees them. */
export async function roomsForMembers(ctx: Context, siteId: string): Promise<OwnRoom[]> {
  const rooms = await roomsOf(ctx, siteId)
  return rooms
    .filter(room => room.retiredAt === null)
    .map(({ siteId: _, doorId: __, controllerId: ___, retiredAt: ____, ...room }) => ({
      ...{ ...room, mayBook: room.whoMayBook === 'members', gridMs },
    }))
}

/** What can be booked from a start on that day; it may last over midnight. */
export async function freeSlots(ctx: Context, roomId: string, day: Day): Promise<Slots> {
  const { span: _, ...slots } = await slotsOf(ctx, await roomById(ctx.sql, roomId), day)
  return { roomId, ...slots }
}

async function slotsOf(ctx: Context, room: RoomRead, day: Day) {
  if (!isDay(day)) throw new Refusal('invalid', { field: 'day' })
  const rules = bookable(room)
  const span = daySpan(day, room.timeZone)
  const until = new Date(span.until.getTime() + room.longestMs)
  const held = await heldPlaces(ctx.sql, room.id, { from: span.from, until: heldUntil(room, until) })
  const now = ctx.now()
  const free = room.retiredAt ? [] : freeSpans({ from: span.from, until }, rules, { held, now })
  const lastStart = lastStartIn(span, rules, now)
  return {
    ...{ span, day, closed: hoursOf(day, rules.calendar).closed },
    open: openBetween(span, rules.calendar).map(told),
    free: free.filter(each => each.from <= lastStart).map(each => ({ ...told(each), places: each.places })),
    lastStart: lastStart.toISOString(),
  }
}

/** A room's day for the dashboard: no names. */
export async function dayOfRoom(ctx: Context, roomId: string, day: Day): Promise<RoomDay> {
  const room = await roomById(ctx.sql, roomId)
  const { span, ...slots } = await slotsOf(ctx, room, day)
  const now = ctx.now()
  const [bookings, inside] = await Promise.all([bookingsOfDay(ctx.sql, roomId, span), insideNow(ctx, room.doorId)])
  return { room: shown(room, now), ...slots, bookings, inside: inside.length }
}

async function insideNow(ctx: Context, doorId: string): Promise<string[]> {
  const now = ctx.now()
  return insideOf(await doorPassed(ctx.sql, doorId, new Date(now.getTime() - dayMs)), now)
}

/**
 * The grants by which people came in and are there still, as far as the door knows: each counts from its unlocking to its
 * end; whoever leaves by the button is nobody in particular, so the one that was there longest goes.
 */
export function insideOf(passed: DoorPassed[], now: Date): string[] {
  const inside: { grantId: string; until: Date }[] = []
  for (const { type, grantId, until } of passed) {
    if (type === 'exit-requested') inside.shift()
    else if (grantId && until && !inside.some(each => each.grantId === grantId)) inside.push({ grantId, until })
  }
  return inside.filter(each => each.until > now).map(each => each.grantId)
}

type Asked = { id: string; day: Day; actorId: string; role: AccountRole; reason: string }

/** Who booked; that somebody asked is kept, with the reason, and those who are named are told of it. */
export async function askNames(
  ctx: Context,
  { id, day, actorId, role, reason }: Asked,
): Promise<{ id: string; day: Day }> {
  if (!isDay(day)) throw new Refusal('invalid', { field: 'day' })
  return write(ctx, async tx => {
    const { siteId, doorId, timeZone } = await roomById(tx, id)
    const now = ctx.now()
    const noteId = await addNote(tx, siteId, reason, now)
    const named = await namesOfDay(tx, id, daySpan(day, timeZone))
    const residentIds = named.map(each => each.residentId)
    await addLooks(tx, { residentIds, how: 'room', actorId, role, at: now, roomId: id, noteId })
    const fact = { at: now, receivedAt: now, doorId, actorId, facts: { roomId: id, day, noteId } }
    await appendHistory(tx, siteId, [{ type: 'names-asked', ...fact }])
    return { id, day }
  })
}

export async function tellNames(ctx: Context, { id, day }: { id: string; day: Day }): Promise<Names> {
  const { timeZone, doorId } = await roomById(ctx.sql, id)
  const [rows, inside] = await Promise.all([namesOfDay(ctx.sql, id, daySpan(day, timeZone)), insideNow(ctx, doorId)])
  const items = rows.map(({ grantId, from, until, ...row }) => ({
    ...{ ...row, ...told({ from, until }), inside: inside.includes(grantId) },
  }))
  return { items }
}
