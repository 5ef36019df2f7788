import { connect, type Sql } from '../../server/postgres/connect.ts'
import { answerParent } from './child.ts'
import { quantile } from './numbers.ts'

/**
 * Child process: callers that each commit one row and then the next, over as many connections as the server has. Who
 * waits longest is next: the driver's own pool serves the latest first, and most callers would wait for the few.
 */
type Start = { url: string }
type Commit = { callers: number; each: number; warm: number }

const connections = 12
const content = JSON.stringify({ type: 'order', door: 3, order: '01999999-9999-7999-8999-999999999999' })
const insert = (sql: Sql) => sql`insert into bench_commits (content) values (${content})`
const free: Sql[] = []
const waiting: ((sql: Sql) => void)[] = []

async function commitOne(): Promise<void> {
  const sql = free.shift() ?? (await new Promise<Sql>(resolve => void waiting.push(resolve)))
  await insert(sql)
  const next = waiting.shift()
  if (next) next(sql)
  else free.push(sql)
}

async function start({ url }: Start): Promise<void> {
  for (let n = 0; n < connections; n++) free.push(connect(url, { max: 1 }))
  await free[0]!`create table bench_commits (n bigint generated always as identity primary key, content text not null)`
  const alone = connect(url, { max: 1 })
  const before = await syncs(alone)
  const commits = 20
  for (let n = 0; n < commits; n++) await insert(alone)
  const made = (await syncs(alone)) - before
  await alone.end()
  if (made < commits) throw new Error(`${commits} commits made ${made} syncs of the log: they are not durable`)
}

/** How often the log was brought to the disk. */
async function syncs(alone: Sql): Promise<number> {
  await alone`select pg_stat_force_next_flush()`
  const [row] = await alone<{ made: number }[]>`
    select coalesce(sum(fsyncs), 0)::int as made from pg_stat_io where object = 'wal'`
  return row!.made
}

async function commit({ callers, each, warm }: Commit): Promise<{ p50: number; p99: number }> {
  const call = async () => {
    const times: number[] = []
    for (let n = 0; n < each; n++) {
      const began = performance.now()
      await commitOne()
      times.push(performance.now() - began)
    }
    return times.slice(warm)
  }
  const times = (await Promise.all(Array.from({ length: callers }, call))).flat()
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

answerParent({ start, commit })
