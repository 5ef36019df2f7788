import type { Sql, Tx } from '../postgres/connect.ts'
import type { OrderRow } from './rows.ts'

type Moved = Pick<OrderRow, 'id' | 'siteId' | 'doorId'>

/** One that a flight holds is passed over: its answer is in already, which says more. */
export function markSent(sql: Sql, ids: string[]): Promise<Moved[]> {
  return sql<Moved[]>`
    update orders set state = 'sent' where id in (
      select id from orders where id = any(${ids}::uuid[]) and state = 'made' for update skip locked)
    returning id, site_id, door_id`
}

export async function markNotReachable(tx: Tx, id: string): Promise<boolean> {
  const moved = await tx`
    update orders set state = 'refused', refused_reason = 'not-reachable' where id = ${id} and state = 'made' returning 1`
  return moved.length > 0
}

/** No answer at the deadline + 2 s. */
export function unansweredOrders(sql: Sql): Promise<OrderRow[]> {
  return sql<OrderRow[]>`
    select * from orders where state in ('made', 'sent') and deadline_at + interval '2 seconds' < clock_timestamp()
    order by id limit 200`
}

export async function markExpired(tx: Tx, id: string): Promise<OrderRow | undefined> {
  const [order] = await tx<OrderRow[]>`
    update orders set state = 'expired' where id = ${id} and state in ('made', 'sent') returning *`
  return order
}

/** The device itself refused each of them: the door surely never moved. No answer is no evidence. */
export async function allRefused(tx: Tx, parcel: { id: string; doorId: string }): Promise<boolean> {
  const others = await tx`
    select 1 from orders where door_id = ${parcel.doorId}
      and grant_id in (select id from grants where parcel_id = ${parcel.id} and purpose = 'placing')
      and (state <> 'refused' or refused_reason in ('not-reachable', 'repeated') or accepted_at is not null)`
  return others.length === 0
}
