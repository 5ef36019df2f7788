import type { OrderToSend } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import type { DoorRow, GrantRow } from './rows.ts'

/** A grant that a typed code or a badge could mean. */
export type Candidate = GrantRow &
  Pick<DoorRow, 'door' | 'mode' | 'offer'> & {
    /** an order for it is under way: the use is booked at `unlocked`, until then the order holds the grant */
    pending: boolean
    /** its reopening has ended: another unlock of that door, or a reboot, since its own */
    reopeningOver: boolean
  }

/**
 * By the check of what was typed, and every rotating code of that controller that has not ended. Each in a subquery of its
 * own (limit, offset): a plan made while the tables are small would else join by reading all of them, and be kept.
 */
export function candidates(tx: Tx, typed: { controllerId: string; check: string }[], now: Date): Promise<Candidate[]> {
  return tx<Candidate[]>`
    with typed as (
      select * from unnest(${typed.map(each => each.controllerId)}::text[], ${typed.map(each => each.check)}::text[]) as t(controller_id, k)),
    meant as (
      select g.* from typed t cross join lateral (
        select * from grants where controller_id = t.controller_id and "check" = t.k and means = 'code' limit 1) g
      union all
      select g.* from typed t cross join lateral (
        select * from grants where controller_id = t.controller_id and "check" = t.k and means = 'badge' offset 0) g
      union all
      select g.* from typed t cross join lateral (
        select * from grants where controller_id = t.controller_id and means = 'totp' and until > ${now} offset 0) g)
    select g.*, d.door, d.mode, d.offer,
      exists (select 1 from orders o where o.grant_id = g.id and o.state in ('made', 'sent')
        and o.deadline_at + interval '2 seconds' > clock_timestamp()) as pending,
      -- the history is asked only while there is a reopening: of a door that has long stood here it is long
      case when g.uses = 1 and g.used_at + g.reopen_ms * interval '1 millisecond' >= ${now} then exists (
        select 1 from history h where h.site_id = g.site_id and h.n > (
            select n from history where door_id = g.door_id and type = 'unlocked' and grant_id = g.id order by n desc limit 1)
          and ((h.door_id = g.door_id and h.type = 'unlocked') or (h.controller_id = g.controller_id and h.type = 'started')))
      else false end as reopening_over
    from meant g cross join lateral (select * from doors where id = g.door_id limit 1) d where g.revoked_at is null order by g."from", g.id`
}

/** The orders that these asks were answered with already. */
export function askedBefore(
  tx: Tx,
  asks: { controllerId: string; boot: string; ask: string }[],
): Promise<OrderToSend[]> {
  return tx<OrderToSend[]>`
    select o.*, d.door
    from unnest(${asks.map(each => each.controllerId)}::text[], ${asks.map(each => each.boot)}::text[],
      ${asks.map(each => each.ask)}::text[]) as a(controller_id, boot, ask)
    cross join lateral (
      select * from orders where controller_id = a.controller_id and boot = a.boot and ask = a.ask limit 1) o
    cross join lateral (select door from doors where id = o.door_id limit 1) d`
}

export type Ask = { controllerId: string; ask: string }

export function refusedBefore(tx: Tx, asks: Ask[]): Promise<Ask[]> {
  return tx<Ask[]>`
    select a.controller_id, a.ask
    from unnest(${asks.map(each => each.controllerId)}::text[], ${asks.map(each => each.ask)}::text[]) as a(controller_id, ask)
    cross join lateral (select 1 from history
      where controller_id = a.controller_id and type = 'ask-refused' and facts ->> 'ask' = a.ask limit 1) h`
}
