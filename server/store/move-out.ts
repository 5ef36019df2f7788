import type { Tx } from '../postgres/connect.ts'

/** Something that opens a door for somebody, or will; `roomId` null: of a grant alone. */
export type Right = {
  type: 'booking' | 'seat' | 'workshop' | 'grant'
  id: string
  roomId: string | null
  controllerId: string
}

/** In the order of the controllers' ids. */
export function rightsOf(tx: Tx, residentId: string, now: Date): Promise<Right[]> {
  return tx<Right[]>`
    select 'booking' as type, b.id, b.room_id, d.controller_id
    from bookings b join rooms r on r.id = b.room_id join doors d on d.id = r.door_id
    where b.resident_id = ${residentId} and b.workshop_id is null and b.state in ('booked', 'kept') and b.until > ${now}
    union all
    select 'seat', w.id, w.room_id, d.controller_id
    from workshop_seats e join workshops w on w.id = e.workshop_id join rooms r on r.id = w.room_id
    join doors d on d.id = r.door_id
    where e.resident_id = ${residentId} and e.state = 'signed-up' and w.state = 'announced' and w.until > ${now}
    union all
    select 'workshop', w.id, w.room_id, d.controller_id
    from workshops w join rooms r on r.id = w.room_id join doors d on d.id = r.door_id
    where w.host_id = ${residentId} and w.state = 'announced' and w.until > ${now}
    union all
    select 'grant', id, null, controller_id from grants
    where resident_id = ${residentId} and revoked_at is null and until > ${now}
    order by controller_id, type, id`
}

/** Receipts of what lies here for them, or is being laid in. */
export async function parcelsHereOf(tx: Tx, residentId: string): Promise<string[]> {
  const rows = await tx<{ receipt: string }[]>`
    select receipt from parcels
    where resident_id = ${residentId} and state in ('placing', 'waiting', 'expired', 'contested') order by made_at`
  return rows.map(each => each.receipt)
}
