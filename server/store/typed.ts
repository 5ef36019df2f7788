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

/** `check` is of what was typed, `subject` is the keypad as its wrong tries are counted. */
export type Asked = { controllerId: string; boot: string; ask: string; check: string; subject: string }
export type Typed = {
  controllerId: string
  /** the order that this ask was answered with already, or that it was refused */
  askedOrderId: string | null
  refused: boolean
  /** too many wrong tries at this keypad */
  locked: boolean
  grant: Candidate | null
}

/**
 * By the check of what was typed, and every rotating code of that controller that has not ended: a row for each grant, at
 * least one for each ask. Each in a subquery of its own (limit, offset): a plan made while the tables are small would else
 * join by reading all of them, and be kept. One statement: each one costs its own way to the database.
 */
export async function lookUpTyped(tx: Tx, asks: Asked[], now: Date): Promise<Typed[]> {
  const column = (name: keyof Asked) => asks.map(each => each[name])
  type Row = Omit<Typed, 'grant' | 'controllerId'> & { askedAt: string } & (Candidate | { id: null })
  const rows = await tx<Row[]>`
    with typed as (
      select * from unnest(${column('controllerId')}::text[], ${column('boot')}::text[], ${column('ask')}::text[],
        ${column('check')}::text[], ${column('subject')}::text[]) as t(controller_id, boot, ask, k, subject))
    select t.controller_id as asked_at,
      (select id from orders where controller_id = t.controller_id and boot = t.boot and ask = t.ask limit 1) as asked_order_id,
      (select true from history
        where controller_id = t.controller_id and type = 'ask-refused' and facts ->> 'ask' = t.ask limit 1) is true as refused,
      (select true from attempts where subject = t.subject and locked_until > ${now} limit 1) is true as locked,
      g.*, d.door, d.mode, d.offer,
      exists (select 1 from orders o where o.grant_id = g.id and o.state in ('made', 'sent')
        and o.deadline_at + interval '2 seconds' > clock_timestamp()) as pending,
      -- the history is asked only while there is a reopening: of a door that has long stood here it is long
      case when g.uses = 1 and g.used_at + g.reopen_ms * interval '1 millisecond' >= ${now} then exists (
        select 1 from history h where h.site_id = g.site_id and h.n > (
            select n from history where door_id = g.door_id and type = 'unlocked' and grant_id = g.id order by n desc limit 1)
          and ((h.door_id = g.door_id and h.type = 'unlocked') or (h.controller_id = g.controller_id and h.type = 'started')))
      else false end as reopening_over
    from typed t
    left join lateral (
      (select * from grants where controller_id = t.controller_id and "check" = t.k and means = 'code' limit 1)
      union all
      (select * from grants where controller_id = t.controller_id and "check" = t.k and means = 'badge' offset 0)
      union all
      (select * from grants where controller_id = t.controller_id and means = 'totp' and until > ${now} offset 0)
    ) g on g.revoked_at is null
    left join lateral (select * from doors where id = g.door_id limit 1) d on true
    order by g."from", g.id`
  return rows.map(({ askedAt, askedOrderId, refused, locked, ...grant }) => ({
    ...{ controllerId: askedAt, askedOrderId, refused, locked },
    grant: grant.id === null ? null : (grant as Candidate),
  }))
}

export function ordersToSend(tx: Tx, ids: string[]): Promise<OrderToSend[]> {
  return tx<OrderToSend[]>`
    select o.*, d.door from unnest(${ids}::uuid[]) as a(id)
    cross join lateral (select * from orders where id = a.id limit 1) o
    cross join lateral (select door from doors where id = o.door_id limit 1) d`
}
