import type { Sql } from '../../server/postgres/connect.ts'
import type { BenchController } from './sites.ts'

type Fill = { controllers: BenchController[]; events: number }

const day = `interval '1 day'`
/** Ids as the server makes them, in the order of their time (UUIDv7), but reckoned from a number. */
const begin = Date.now() - 400 * 24 * 3600_000
const idOf = (kind: number, n: string) =>
  `(lpad(to_hex(${begin} + ${n}), 12, '0') || '7${kind}008000' || lpad(to_hex(${n}), 12, '0'))::uuid`

/**
 * A site with a past of 400 days: `events` rows of history, a grant and its order for every tenth of them, a parcel for
 * every twentieth, 500 residents; what lies in every second box today is among them. The hash chain is not made.
 */
export async function fillHistory(sql: Sql, { controllers, events }: Fill): Promise<void> {
  const siteId = controllers[0]!.siteId
  const grants = Math.max(controllers.length * controllers[0]!.doorIds.length, Math.floor(events / 10))
  const at = `to_timestamp(${begin / 1000}) + g * ${400 / grants} * ${day}`
  const run = (text: string) => sql.unsafe(text)
  await run(`create table bench_doors as
    select row_number() over (order by controller_id, door) - 1 as k, count(*) over () as of_all, id, controller_id from doors`)
  await run('create unique index on bench_doors (k)')
  await run(`insert into residents (id, site_id, name, flat, member_number, pin_hash, created_at)
    select ${idOf(1, 'g')}, '${siteId}', 'Resident ' || g, g::text, 'B' || g, '', now() from generate_series(1, 500) g`)
  const ofDoor = `from generate_series(1, ${grants}) g join bench_doors d on d.k = g % d.of_all`
  // the newest of every second door lies there still
  const waits = `(g > ${grants} - d.of_all and d.k % 2 = 0)`

  await withoutIndexes(sql, ['grants', 'orders', 'parcels', 'history'], async () => {
    await run(`insert into grants (id, site_id, controller_id, door_id, purpose, means, parcel_id, "from", until, uses, reopen_ms,
        counter, "check", made_at, used_at, used_recorded_at)
      select ${idOf(2, 'g')}, '${siteId}', d.controller_id, d.id, case when g % 2 = 0 or ${waits} then 'pickup' else 'entry' end, 'code',
        case when g % 2 = 0 or ${waits} then ${idOf(3, 'g')} end, ${at}, ${at} + 35 * ${day}, 1, 120000,
        decode(substr(md5(g::text), 1, 16), 'hex'), md5('check' || g), ${at},
        case when not ${waits} then ${at} + ${day} / 2 end, case when not ${waits} then ${at} + ${day} / 2 end ${ofDoor}`)
    await run(`insert into orders (id, site_id, controller_id, door_id, grant_id, type, ask, boot, not_after_up, deadline_at, state,
        made_at, accepted_at, unlocked_at, opened_at)
      select ${idOf(4, 'g')}, '${siteId}', d.controller_id, d.id, ${idOf(2, 'g')}, 'open', 'ask-' || g, 'boot', 60000,
        ${at} + ${day} / 2, 'done', ${at} + ${day} / 2, ${at} + ${day} / 2, ${at} + ${day} / 2, ${at} + ${day} / 2 ${ofDoor} where not ${waits}`)
    await run(`insert into parcels (id, site_id, door_id, resident_id, receipt, size, state, step, offer_before, placing_grant_id,
        pickup_grant_id, made_at, opened_at, placed_at, deadline_at, ended_at)
      select ${idOf(3, 'g')}, '${siteId}', d.id, ${idOf(1, '(g % 500 + 1)')}, 'B' || g, 'M', case when ${waits} then 'waiting' else 'collected' end,
        'closed', 'free', ${idOf(2, 'g')}, ${idOf(2, 'g')}, ${at}, ${at}, ${at}, ${at} + 5 * ${day},
        case when not ${waits} then ${at} + ${day} / 2 end ${ofDoor} where g % 2 = 0 or ${waits}`)
    await run(`insert into history (site_id, n, type, at, received_at, live, controller_id, journal, seq, door_id, grant_id, order_id,
        parcel_id, facts, previous, hash)
      select '${siteId}', s.n + e, (array['accepted','unlocked','opened','closed','vacant'])[e % 5 + 1],
        t.at, t.at, true, d.controller_id, 'filled', e, d.id,
        case when e % 5 < 2 then ${idOf(2, 'g')} end, case when e % 5 < 2 then ${idOf(4, 'g')} end, case when g % 2 = 0 then ${idOf(3, 'g')} end,
        '{"type":"opened","door":3,"clock":"synced"}', decode(md5(e::text) || md5(e::text), 'hex'), decode(md5(e::text) || md5(e::text), 'hex')
      from generate_series(1, ${events}) e cross join lateral (select least(${grants}, 1 + e / 10) as g) x
        cross join lateral (select ${at} as at) t join bench_doors d on d.k = g % d.of_all
        cross join (select history_n as n from sites where id = '${siteId}') s order by e`)
  })
  await run(`update sites set history_n = history_n + ${events} where id = '${siteId}'`)
  await run(`insert into journals (controller_id, journal, seq, last_at, created_at)
    select id, 'filled', ${events}, now(), now() from controllers`)
  await run(
    `update doors set offer = 'in-use', state = 'closed', occupied = true from bench_doors b where b.id = doors.id and b.k % 2 = 0`,
  )
  await run('drop table bench_doors')
  await run('vacuum analyze')
  await run('checkpoint')
}

type Index = { indexname: string; indexdef: string }

/** Made again at the end: five million rows go in several times faster. Primary keys stay. */
async function withoutIndexes(sql: Sql, tables: string[], fill: () => Promise<void>): Promise<void> {
  const indexes = await sql<Index[]>`
    select indexname, indexdef from pg_indexes
    where tablename = any(${tables}) and indexname not in (select conname from pg_constraint)`
  for (const { indexname } of indexes) await sql`drop index ${sql(indexname)}`
  await fill()
  for (const { indexdef } of indexes) await sql.unsafe(indexdef)
}
