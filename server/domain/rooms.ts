import type { KnownFact } from '../../schema/api/fact-types.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { comingBookings } from '../store/bookings.ts'
import { appendHistory } from '../store/history.ts'
import {
  addRoom,
  changeRoomRow,
  dropExceptionOf,
  type RoomRead,
  roomById,
  setExceptionOf,
  setHoursOf,
} from '../store/rooms.ts'
import { type ControllerRow, doorById, lockController } from '../store/rows.ts'
import { type BookableRoom, hoursProblem } from './booking-rules.ts'
import { isDay } from './days.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import type { Hours } from './room-hours.ts'

type Rules = Pick<
  RoomRead,
  'name' | 'capacity' | 'bufferMs' | 'longestMs' | 'aheadMs' | 'whoMayBook' | 'noShowMs' | 'holidays'
>
type Given<T> = { [name in keyof T]?: T[name] | undefined }

const hourMs = 3600_000
const usual: Omit<Rules, 'name' | 'capacity'> = {
  bufferMs: 0,
  longestMs: 4 * hourMs,
  aheadMs: 60 * 24 * hourMs,
  whoMayBook: 'members',
  noShowMs: 15 * 60_000,
  holidays: 'FR',
}

const given = <T extends object>(rules: Given<T>): Partial<T> =>
  Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)) as Partial<T>

export type NewRoom = Pick<Rules, 'name' | 'capacity'> &
  Given<typeof usual> & { doorId: string; places?: number | undefined; hours?: Hours[] | undefined; actorId: string }

/** What stands behind a room's door can be booked from now on, in its opening hours. */
export async function makeRoom(ctx: Context, input: NewRoom): Promise<{ id: string }> {
  const { doorId, actorId, hours = [], places = 1, ...rules } = input
  if (places > input.capacity) throw new Refusal('over-capacity', { field: 'places' })
  mustFitTogether(hours)
  const { kind, siteId, controllerId } = await doorById(ctx.sql, doorId)
  if (kind !== 'room') throw new Refusal('not-a-room', { field: 'doorId' })
  return write(ctx, async tx => {
    if ((await lockController(tx, controllerId)).retiredAt) throw new Refusal('retired', { field: 'doorId' })
    const id = newId()
    const now = ctx.now()
    const { name, capacity, ...others } = rules
    const room = { ...usual, ...given<typeof usual>(others), name: name.trim(), capacity, places }
    if (!(await addRoom(tx, { ...room, id, siteId, doorId, madeAt: now, retiredAt: null })))
      throw new Refusal('already-there', { field: 'doorId' })
    await setHoursOf(tx, id, hours)
    const facts = { roomId: id, capacity, places }
    await appendHistory(tx, siteId, [{ type: 'room-made', at: now, receivedAt: now, doorId, actorId, facts }])
    return { id }
  })
}

/** The room and its controller's row, which whoever writes about what is booked holds. */
export async function holdRoom(tx: Tx, id: string): Promise<{ room: RoomRead; controller: ControllerRow }> {
  const { controllerId } = await roomById(tx, id)
  const controller = await lockController(tx, controllerId)
  return { room: await roomById(tx, id), controller }
}

export const bookable = (room: RoomRead): BookableRoom => {
  const { places, bufferMs, longestMs, aheadMs, timeZone, hours, exceptions, holidays } = room
  return { places, bufferMs, longestMs, aheadMs, calendar: { timeZone, hours, exceptions, holidays } }
}

type Changed = { id: string; actorId: string; rules: Given<Rules> }

/** For bookings from now on; those that were made stay as they are. */
export async function changeRoom(ctx: Context, { id, actorId, rules }: Changed): Promise<{ id: string }> {
  return write(ctx, async tx => {
    const { room } = await holdRoom(tx, id)
    const changed = given<Rules>(rules)
    if ((changed.capacity ?? room.capacity) < room.places) throw new Refusal('over-capacity', { field: 'capacity' })
    await changeRoomRow(tx, id, { ...changed, ...(changed.name ? { name: changed.name.trim() } : {}) })
    // its name is free text: the chain says only that it changed
    const { name, ...facts } = changed
    await appendHistory(tx, room.siteId, [
      told(ctx, 'room-changed', { room, actorId, facts: { ...facts, named: !!name } }),
    ])
    return { id }
  })
}

export type Outside = { id: string; outside: { id: string; from: string; until: string }[] }

/** Weekly hours; answers with the bookings that they leave outside: those stay until somebody cancels them. */
export async function setHours(ctx: Context, input: { id: string; actorId: string; hours: Hours[] }): Promise<Outside> {
  const { id, actorId, hours } = input
  mustFitTogether(hours)
  return write(ctx, async tx => {
    const { room } = await holdRoom(tx, id)
    await setHoursOf(tx, id, hours)
    const outside = await outsideOf(ctx, tx, id)
    await appendHistory(tx, room.siteId, [told(ctx, 'room-hours-changed', { room, actorId, facts: { hours } })])
    return { id, outside }
  })
}

type SetException = {
  id: string
  actorId: string
  day: string
  is: 'closed' | 'open' | 'as-usual'
  from?: string | undefined
  until?: string | undefined
  reason?: string | undefined
}

/** One day: closed, open at other hours or although a public holiday, or as its weekday again. */
export async function setException(ctx: Context, input: SetException): Promise<Outside> {
  const { id, actorId, day, is, from = null, until = null, reason = null } = input
  if (!isDay(day)) throw new Refusal('invalid', { field: 'day' })
  if ((is === 'open') !== (from !== null)) throw new Refusal('invalid', { field: 'from' })
  if ((is === 'open') !== (until !== null)) throw new Refusal('invalid', { field: 'until' })
  return write(ctx, async tx => {
    const { room } = await holdRoom(tx, id)
    if (is === 'as-usual') await dropExceptionOf(tx, id, day)
    else await setExceptionOf(tx, id, { day, from, until, reason })
    const outside = await outsideOf(ctx, tx, id)
    await appendHistory(tx, room.siteId, [
      told(ctx, 'room-day-changed', { room, actorId, facts: { day, is, from, until } }),
    ])
    return { id, outside }
  })
}

/** Not booked any more; what is booked must be cancelled first, so that each person hears of it. */
export async function retireRoom(ctx: Context, input: { id: string; actorId: string; reason: string }) {
  return write(ctx, async tx => {
    const { room } = await holdRoom(tx, input.id)
    if (room.retiredAt) throw new Refusal('room-retired')
    const now = ctx.now()
    const coming = await comingBookings(tx, room.id, now)
    if (coming.length > 0) throw new Refusal('still-booked', { details: { bookings: coming.length } })
    await changeRoomRow(tx, room.id, { retiredAt: now })
    const noteId = await addNote(tx, room.siteId, input.reason, now)
    await appendHistory(tx, room.siteId, [
      told(ctx, 'room-retired', { room, actorId: input.actorId, facts: { noteId } }),
    ])
    return { id: room.id }
  })
}

function told(
  ctx: Context,
  type: KnownFact,
  { room, actorId, facts }: { room: RoomRead; actorId: string; facts: object },
) {
  const at = ctx.now()
  return { type, at, receivedAt: at, doorId: room.doorId, actorId, facts: { roomId: room.id, ...facts } }
}

async function outsideOf(ctx: Context, tx: Tx, id: string): Promise<Outside['outside']> {
  const { calendar } = bookable(await roomById(tx, id))
  const coming = await comingBookings(tx, id, ctx.now())
  return coming
    .filter(each => hoursProblem(each, calendar) !== null)
    .map(each => ({ id: each.id, from: each.from.toISOString(), until: each.until.toISOString() }))
}

/** The same weekday twice from the same time is one row in the table, and a mistake. */
function mustFitTogether(hours: Hours[]): void {
  const at = hours.findIndex(({ weekday, from }, index) =>
    hours.slice(0, index).some(before => before.weekday === weekday && before.from === from),
  )
  if (at >= 0) throw new Refusal('invalid', { field: `hours.${at}` })
}
