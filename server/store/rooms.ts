import type { rooms } from '../../schema/tables/index.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'

type RoomRow = typeof rooms.$inferSelect
type HoursRow = { weekday: number; from: string; until: string }
type ExceptionRow = { day: string; from: string | null; until: string | null; reason: string | null }

/** A room with its hours, the days that are not as usual, and its door's controller. */
export type RoomRead = RoomRow & {
  timeZone: string
  hours: HoursRow[]
  exceptions: ExceptionRow[]
  controllerId: string
  online: boolean
}

const fields = (sql: Sql | Tx) => sql`
  r.*, s.time_zone, d.controller_id, c.online,
  coalesce((select json_agg(json_build_object('weekday', weekday, 'from', "from", 'until', until) order by weekday, "from")
    from room_hours where room_id = r.id), '[]') as hours,
  coalesce((select json_agg(json_build_object('day', day, 'from', "from", 'until', until, 'reason', reason) order by day)
    from room_exceptions where room_id = r.id), '[]') as exceptions
  from rooms r join sites s on s.id = r.site_id join doors d on d.id = r.door_id
  join controllers c on c.id = d.controller_id`

export async function roomById(sql: Sql | Tx, id: string): Promise<RoomRead> {
  const [room] = await sql<RoomRead[]>`select ${fields(sql)} where r.id = ${id}`
  if (!room) throw new Refusal('not-found', { field: 'roomId' })
  return room
}

/** Of a site, those in use first. */
export function roomsAt(sql: Sql, siteId: string): Promise<RoomRead[]> {
  return sql<RoomRead[]>`
    select ${fields(sql)} where r.site_id = ${siteId} order by r.retired_at nulls first, r.name, r.id`
}

/** False when there is a room behind this door already. */
export async function addRoom(tx: Tx, room: RoomRow): Promise<boolean> {
  const made = await tx`insert into rooms ${tx(room)} on conflict (door_id) do nothing returning 1`
  return made.length > 0
}

export async function changeRoomRow(tx: Tx, id: string, patch: Partial<RoomRow>): Promise<void> {
  if (Object.keys(patch).length > 0) await tx`update rooms set ${tx(patch as never)} where id = ${id}`
}

/** In place of those it had. */
export async function setHoursOf(tx: Tx, roomId: string, hours: HoursRow[]): Promise<void> {
  await tx`delete from room_hours where room_id = ${roomId}`
  const rows = hours.map(({ weekday, from, until }) => ({ roomId, weekday, from, until }))
  if (rows.length > 0) await tx`insert into room_hours ${tx(rows)}`
}

export async function setExceptionOf(tx: Tx, roomId: string, { day, from, until, reason }: ExceptionRow) {
  await tx`
    insert into room_exceptions (room_id, day, "from", until, reason) values (${roomId}, ${day}, ${from}, ${until}, ${reason})
    on conflict (room_id, day) do update set "from" = excluded."from", until = excluded.until, reason = excluded.reason`
}

export async function dropExceptionOf(tx: Tx, roomId: string, day: string): Promise<void> {
  await tx`delete from room_exceptions where room_id = ${roomId} and day = ${day}`
}

type RoomDoor = { id: string; door: number; controllerId: string }

/** Every room's door of a site. */
export function roomDoorsAt(tx: Tx, siteId: string): Promise<RoomDoor[]> {
  return tx<RoomDoor[]>`
    select d.id, d.door, d.controller_id from doors d join controllers c on c.id = d.controller_id
    where d.site_id = ${siteId} and d.kind = 'room' and c.retired_at is null order by d.controller_id, d.door`
}
