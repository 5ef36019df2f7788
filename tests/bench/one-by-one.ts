import { connect, type Sql } from '../../server/postgres/connect.ts'
import { answerParent } from './child.ts'
import { listenPlain } from './listen-plain.ts'

/**
 * Child process: plain Aedes and one transaction for each event, in a single statement: the leanest way to write the rows
 * that the server writes for it. It checks nothing but the number.
 */
type Start = { url: string }
type Event = { seq: number; at: number; type: string; door: number }

let sql: Sql
const states: Record<string, string> = { opened: 'open', closed: 'closed' }

async function record(id: string, journal: string, event: Event): Promise<number> {
  const { seq, type, door } = event
  const [at, now] = [new Date(event.at), new Date()]
  const facts = { type, door, at: event.at, clock: 'synced' }
  const rows = await sql<{ seq: number }[]>`
    with j as (
      update journals set seq = ${seq}, last_at = ${at}
      where controller_id = ${id} and journal = ${journal} and seq = ${seq - 1} returning controller_id),
    d as (
      update doors set state = coalesce(${states[type] ?? null}, state), occupied = case when ${type} = 'vacant' then false else occupied end,
        since = ${now}
      from j where doors.controller_id = j.controller_id and doors.door = ${door} returning doors.id, doors.site_id),
    s as (
      update sites set history_n = sites.history_n + 1, history_hash = sha256(sites.history_hash || convert_to(${JSON.stringify(facts)}, 'UTF8'))
      from d join sites b on b.id = d.site_id where sites.id = d.site_id
      returning sites.id, sites.history_n, sites.history_hash, b.history_hash as previous, d.id as door_id)
    insert into history (site_id, n, type, at, received_at, live, controller_id, journal, seq, door_id, facts, previous, hash)
    select id, history_n, ${type}, ${at}, ${now}, true, ${id}, ${journal}, ${seq}, door_id, ${sql.json(facts)}, previous, history_hash from s
    returning seq`
  if (rows.length !== 1) throw new Error(`${id}: event ${seq} was not recorded`)
  return seq
}

async function answer(id: string, kind: string, payload: Buffer): Promise<[kind: string, body: string]> {
  const { journal, events, up } = JSON.parse(payload.toString())
  if (kind === 'events') return ['ack', JSON.stringify({ journal, seq: await record(id, journal, events[0]) })]
  await sql`
    insert into journals (controller_id, journal, seq, created_at) values (${id}, ${journal}, 0, now()) on conflict do nothing`
  return ['welcome', JSON.stringify({ journal, seq: 0, time: Date.now(), up, beatMs: 60_000 })]
}

answerParent({
  start({ url }: Start) {
    sql = connect(url)
    return listenPlain(answer)
  },
})
