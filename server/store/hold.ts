import type { Sql, Tx } from '../postgres/connect.ts'
import { type Held, type JournalRow, type Needs, pairKey, type Rows } from './held.ts'
import type { Fact, Head } from './history.ts'
import type { ControllerRow, DoorRow, GrantRow, OrderRow, ParcelRow } from './rows.ts'

export function lockControllers(tx: Tx, ids: string[]): Promise<ControllerRow[]> {
  return tx<ControllerRow[]>`
    select * from controllers where id = any(${ids}::text[]) and retired_at is null order by id for update`
}

/** All in one go down the connection: who gets the locks sees with the rest what was committed before. */
export async function hold(tx: Tx, ids: string[], needs: Needs): Promise<Held> {
  const reads = [
    tx<(ControllerRow & { readAt: Date })[]>`
      select *, clock_timestamp() as read_at from controllers
      where id = any(${ids}::text[]) and retired_at is null order by id for update`,
    tx<Head[]>`
      select id, history_n, history_hash, history_checkpoint from sites
      where id in (select site_id from controllers where id = any(${ids}::text[])) order by id for no key update`,
    ifAny(
      needs.journals,
      list => tx<JournalRow[]>`
      select j.* from ${pairs(tx, list)}
      cross join lateral (select * from journals where controller_id = w.c and journal = w.m limit 1) j`,
    ),
    ifAny(
      needs.boots,
      list => tx<JournalRow[]>`
      select j.* from ${pairs(tx, list)}
      cross join lateral (select journal from controllers where id = w.c limit 1) c
      cross join lateral (select * from journals where controller_id = w.c and journal = c.journal limit 1) j`,
    ),
    ifAny(
      needs.doors,
      list => tx<DoorRow[]>`
      select d.* from ${numberedDoors(tx, list)}`,
    ),
    ifAny(needs.banks, list => tx<DoorRow[]>`select * from doors where controller_id = any(${list}::text[])`),
    ifAny(needs.grants, list => tx<GrantRow[]>`select * from grants where id = any(${list}::uuid[])`),
    ifAny(needs.orders, list => tx<OrderRow[]>`select * from orders where id = any(${list}::uuid[])`),
    ifAny(
      needs.grants,
      list => tx<ParcelRow[]>`
      select * from parcels where id in (select parcel_id from grants where id = any(${list}::uuid[]))`,
    ),
    ifAny(
      needs.doors,
      list => tx<ParcelRow[]>`
      select p.* from ${numberedDoors(tx, list)}
      cross join lateral (
        (select * from parcels where door_id = d.id and (joined_to is null or state = 'placing')
          order by made_at desc limit 1)
        union all
        select * from parcels where door_id = d.id and state in ('waiting', 'expired', 'contested')
        union all
        select f.* from (select joined_to from parcels
          where door_id = d.id and joined_to is not null and state = 'placing' limit 1) s
        cross join lateral (select * from parcels where id = s.joined_to limit 1) f) p`,
    ),
    ifAny(
      needs.opened,
      list => tx<OrderRow[]>`
      select o.* from ${numberedDoors(tx, list)}
      cross join lateral (
        select * from orders where door_id = d.id and unlocked_at is not null order by unlocked_at desc limit 1) o`,
    ),
    ifAny(needs.started, list => lastDecisive(tx, list)),
    ifAny(needs.boots, list => bootsHeard(tx, list)),
  ] as const
  const [controllers, heads, journals, before, some, banks, grants, orders, parcels, atDoors, unlocks, last, boots] =
    await Promise.all(reads)
  const doors = [...some, ...banks]
  const held: Held = {
    clock: controllers[0]?.readAt ?? new Date(0),
    heads,
    controllers: rowsOf<ControllerRow>(controllers, row => row.id),
    journals: rowsOf([...before, ...journals], row => pairKey(row.controllerId, row.journal)),
    doors: rowsOf(doors, row => pairKey(row.controllerId, row.door)),
    grants: rowsOf(grants, row => row.id),
    orders: rowsOf([...unlocks, ...orders], row => row.id),
    parcels: rowsOf([...atDoors, ...parcels], row => row.id),
    notes: [],
    banks: new Map(needs.banks.map(id => [id, []])),
    parcelAt: new Map(),
    firstAt: new Map(),
    joined: new Map(),
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
  const placingBeside = new Set(atDoors.map(each => (each.state === 'placing' ? each.joinedTo : null)))
  for (const { id, doorId, joinedTo, state } of [...atDoors].sort(lastAt)) {
    const parcel = held.parcels.byKey.get(id)!
    if (placingBeside.has(id)) held.firstAt.set(doorId!, parcel)
    else if (joinedTo === null || state === 'placing') held.parcelAt.set(doorId!, parcel)
    else held.joined.set(joinedTo, [...(held.joined.get(joinedTo) ?? []), parcel])
  }
  for (const { id, doorId } of unlocks) held.lastUnlock.set(doorId, held.orders.byKey.get(id)!)
  return held
}

/** An earlier parcel may wait after all: what should lie in the box goes before what was put there last, and a courier before both. */
const lastAt = (a: ParcelRow, b: ParcelRow): number => rankAt(a) - rankAt(b) || a.madeAt.getTime() - b.madeAt.getTime()
const rankAt = ({ state }: ParcelRow): number =>
  state === 'placing' ? 2 : ['waiting', 'expired', 'contested'].includes(state) ? 1 : 0

/** What an opening ends with, and the boot that leaves it without an end: one bolt moves at a time. */
export const decisive = ['accepted', 'unlocked', 'jammed', 'started']

const lastDecisive = (tx: Tx, journals: [string, string][]) => tx<Fact[]>`
  select distinct on (h.controller_id, h.journal) h.* from ${pairs(tx, journals)} cross join lateral (
    (select * from history where controller_id = w.c and journal = w.m and type = any(${decisive})
      and seq is not null and suspect is null order by seq desc limit 1)
    union all
    (select * from history where controller_id = w.c and journal = w.m and type = any(${decisive})
      and seq is not null and suspect is not null order by seq desc limit 1)) h
  order by h.controller_id, h.journal, h.seq desc`

type Boot = { controllerId: string; boot: string | null; saidAt: Date | null }

/** Only of controllers that tell another boot than the last one. */
const bootsHeard = (tx: Tx, boots: [string, string][]) => tx<Boot[]>`
  select w.c as controller_id,
    (select w.m from history where controller_id = w.c and type in ('controller-online', 'journal-behind')
      and facts ->> 'boot' = w.m limit 1) as boot,
    (select max(received_at) from history where controller_id = w.c and type = 'identity-twice') as said_at
  from ${pairs(tx, boots)} cross join lateral (select boot from controllers where id = w.c limit 1) c where c.boot <> w.m`

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

const ifAny = <L, T>(list: L[], read: (list: L[]) => Promise<T[]>): Promise<T[]> =>
  list.length === 0 ? Promise.resolve([]) : read(list)

function rowsOf<T>(rows: T[], keyOf: (row: T) => string): Rows<T> {
  return { byKey: new Map(rows.map(row => [keyOf(row), row])), changed: new Map(), added: [] }
}

/*
 * Each row asked for is looked up in a subquery of its own (limit): a plan made while the tables are small would else join
 * by reading all of them, and be kept.
 */
const pairs = (sql: Sql | Tx, list: [string, string][]) =>
  sql`unnest(${list.map(each => each[0])}::text[], ${list.map(each => each[1])}::text[]) as w(c, m)`
const numberedDoors = (sql: Sql | Tx, list: [string, number][]) =>
  sql`unnest(${list.map(each => each[0])}::text[], ${list.map(each => each[1])}::int[]) as w(c, n)
    cross join lateral (select * from doors where controller_id = w.c and door = w.n limit 1) d`
