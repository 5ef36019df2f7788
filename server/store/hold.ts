import type { Sql, Tx } from '../postgres/connect.ts'
import { type Held, type JournalRow, type Needs, pairKey, type Rows } from './held.ts'
import type { Fact } from './history.ts'
import type { ControllerRow, DoorRow, GrantRow, OrderRow, ParcelRow } from './rows.ts'

export function lockControllers(tx: Tx, ids: string[]): Promise<ControllerRow[]> {
  return tx<ControllerRow[]>`
    select * from controllers where id = any(${ids}::text[]) and retired_at is null order by id for update`
}

/** All in one go down the connection; each statement sees what was committed before the locks were had. */
export async function hold(tx: Tx, controllers: ControllerRow[], needs: Needs): Promise<Held> {
  const [[clock], journals, doors, grants, orders, parcels, latest, unlocks, last, boots] = await Promise.all([
    tx<{ now: Date }[]>`select clock_timestamp() as now`,
    tx<JournalRow[]>`
      select j.* from journals j join ${pairs(tx, needs.journals)} on j.controller_id = w.c and j.journal = w.m`,
    tx<DoorRow[]>`
      select d.* from doors d join ${numbered(tx, needs.doors)} on d.controller_id = w.c and d.door = w.n
      union all select * from doors where controller_id = any(${needs.banks}::text[])`,
    tx<GrantRow[]>`select * from grants where id = any(${needs.grants}::uuid[])`,
    tx<OrderRow[]>`select * from orders where id = any(${needs.orders}::uuid[])`,
    tx<ParcelRow[]>`
      select * from parcels where id in (select parcel_id from grants where id = any(${needs.grants}::uuid[]))`,
    tx<ParcelRow[]>`
      select p.* from ${numbered(tx, needs.doors)} join doors d on d.controller_id = w.c and d.door = w.n
      cross join lateral (select * from parcels where door_id = d.id order by made_at desc limit 1) p`,
    tx<OrderRow[]>`
      select o.* from ${numbered(tx, needs.opened)} join doors d on d.controller_id = w.c and d.door = w.n
      cross join lateral (
        select * from orders where door_id = d.id and unlocked_at is not null order by unlocked_at desc limit 1) o`,
    lastDecisive(tx, needs.started),
    bootsHeard(tx, needs.boots),
  ])
  const held: Held = {
    clock: clock!.now,
    controllers: rowsOf(controllers, row => row.id),
    journals: rowsOf(journals, row => pairKey(row.controllerId, row.journal)),
    doors: rowsOf(doors, row => pairKey(row.controllerId, row.door)),
    grants: rowsOf(grants, row => row.id),
    orders: rowsOf([...unlocks, ...orders], row => row.id),
    parcels: rowsOf([...latest, ...parcels], row => row.id),
    notes: [],
    banks: new Map(needs.banks.map(id => [id, []])),
    parcelAt: new Map(),
    lastUnlock: new Map(),
    lastDecisive: new Map(last.map(fact => [pairKey(fact.controllerId!, fact.journal!), fact])),
    bootsHeard: new Set(),
    saidTwice: new Map(),
    recorded: new Map(),
    also: [],
  }
  for (const { controllerId, boot, saidAt } of boots) {
    if (boot !== null) held.bootsHeard.add(pairKey(controllerId, boot))
    if (saidAt !== null) held.saidTwice.set(controllerId, saidAt)
  }
  for (const door of [...held.doors.byKey.values()].sort((a, b) => a.door - b.door))
    held.banks.get(door.controllerId)?.push(door)
  for (const { id, doorId } of latest) held.parcelAt.set(doorId, held.parcels.byKey.get(id)!)
  for (const { id, doorId } of unlocks) held.lastUnlock.set(doorId, held.orders.byKey.get(id)!)
  return held
}

/** What an opening ends with, and the boot that leaves it without an end: one bolt moves at a time. */
export const decisive = ['accepted', 'unlocked', 'jammed', 'started']

const lastDecisive = (tx: Tx, journals: [string, string][]): Promise<Fact[]> =>
  journals.length === 0
    ? Promise.resolve([])
    : tx<Fact[]>`
        select distinct on (h.controller_id, h.journal) h.* from ${pairs(tx, journals)} cross join lateral (
          (select * from history where controller_id = w.c and journal = w.m and type = any(${decisive})
            and seq is not null and suspect is null order by seq desc limit 1)
          union all
          (select * from history where controller_id = w.c and journal = w.m and type = any(${decisive})
            and seq is not null and suspect is not null order by seq desc limit 1)) h
        order by h.controller_id, h.journal, h.seq desc`

type Boot = { controllerId: string; boot: string | null; saidAt: Date | null }

const bootsHeard = (tx: Tx, boots: [string, string][]): Promise<Boot[]> =>
  boots.length === 0
    ? Promise.resolve([])
    : tx<Boot[]>`
        select w.c as controller_id,
          (select w.m from history where controller_id = w.c and type in ('controller-online', 'journal-behind')
            and facts ->> 'boot' = w.m limit 1) as boot,
          (select max(received_at) from history where controller_id = w.c and type = 'identity-twice') as said_at
        from ${pairs(tx, boots)}`

/** What is kept under numbers that came again: [controllerId, journal, seq]. */
export async function holdRecorded(tx: Tx, held: Held, again: [string, string, number][]): Promise<void> {
  if (again.length === 0) return
  const numbers = tx`unnest(${again.map(each => each[0])}::text[], ${again.map(each => each[1])}::text[],
    ${again.map(each => each[2])}::bigint[]) as w(controller_id, journal, seq)`
  const rows = await tx<{ controllerId: string; journal: string; seq: number; facts: object }[]>`
    select controller_id, journal, seq, facts from ${numbers} join history using (controller_id, journal, seq) where suspect is null
    union all
    select controller_id, journal, seq, facts from ${numbers} join history using (controller_id, journal, seq) where suspect is not null`
  for (const { controllerId, journal, seq, facts } of rows) {
    const key = `${pairKey(controllerId, journal)} ${seq}`
    held.recorded.set(key, [...(held.recorded.get(key) ?? []), facts])
  }
}

function rowsOf<T>(rows: T[], keyOf: (row: T) => string): Rows<T> {
  return { byKey: new Map(rows.map(row => [keyOf(row), row])), changed: new Map(), added: [] }
}

const pairs = (sql: Sql | Tx, list: [string, string][]) =>
  sql`unnest(${list.map(each => each[0])}::text[], ${list.map(each => each[1])}::text[]) as w(c, m)`
const numbered = (sql: Sql | Tx, list: [string, number][]) =>
  sql`unnest(${list.map(each => each[0])}::text[], ${list.map(each => each[1])}::int[]) as w(c, n)`
