import type { ChildProcess } from 'node:child_process'
import { type Benchmark, type Contestant, type Figures, scaled } from './benchmark.ts'
import type { Child } from './child.ts'
import type { Fed } from './feeders.ts'
import { watchFlights } from './flights.ts'
import type { Database, House } from './house.ts'
import { cpuOf } from './machine.ts'
import { makeSites } from './sites.ts'

const most = 100
const many = 20

type Side = {
  feeders: Child
  process: ChildProcess
  /** of the real server */
  url?: string
  database?: Database
  postgresPid: number
  perMessage: number
  seconds: number
}

/** What was acked must be in the database, each once and none suspect. */
async function checkRecorded({ ctx }: Database, acked: number): Promise<void> {
  const [row] = await ctx.sql<{ seqs: number; events: number; suspect: number }[]>`
    select (select coalesce(sum(seq), 0) from journals)::int as seqs,
      count(*) filter (where seq is not null)::int as events, count(suspect)::int as suspect from history`
  const { seqs, events, suspect } = row!
  if (seqs !== acked || events !== acked || suspect > 0)
    throw new Error(`${acked} acked, but journals say ${seqs} and history holds ${events}, ${suspect} of them suspect`)
}

async function measure({ feeders, process, url, database, postgresPid, perMessage, seconds }: Side): Promise<Figures> {
  const pids = { broker: process.pid!, postgres: postgresPid, clients: feeders.process.pid! }
  const before = Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)] as const)
  const flown = url ? await watchFlights(url) : async () => ({})
  const all = { perMessage, warmMs: 400 * seconds, ms: 1_000 * seconds }
  const began = await feeders.ask<number>('acked')
  const { during, ms, acked } = await feeders.ask<Fed>('feed', all)
  const figures: Figures = { 'events/s': (during / ms) * 1_000, ...(await flown()) }
  for (const [name, cpu] of before) {
    const now = cpuOf(pids[name as keyof typeof pids])
    if (cpu !== null && now !== null && (database || name !== 'postgres'))
      figures[`CPU µs per event: ${name}`] = (now - cpu) / (acked - began)
  }
  if (database) await checkRecorded(database, acked)
  return figures
}

/** Both with 100 controllers, one at each site, in a database of their own. */
async function recording(house: House, name: string, count: number) {
  const database = await house.database(name)
  const wanted = { sites: count, controllersEach: 1, doors: 8, kind: 'compartment' } as const
  return { database, accounts: await makeSites(database.ctx, wanted) }
}

export const ingest: Benchmark = {
  name: 'ingest',
  about: 'events recorded and acked, against plain Aedes without a database and against one transaction for each event',
  notes: [
    `${most} controllers, one message of each under way, all in one process of clients; one event per message unless said otherwise`,
    'plain Aedes: the next message goes at the PUBACK; plain Aedes with acks: at a message back, so with as many packets as ours',
    'one by one: plain Aedes and one statement for each event, its own transaction, writing the same rows with no rules',
    'CPU: of each process and all below it over the whole measurement; the database is checked against what was acked after each',
  ],
  ratios: [
    {
      name: 'by plain Aedes',
      of: ['server', 'events/s'],
      floor: [['plain Aedes', 'events/s']],
      target: { atLeast: 0.4 },
    },
    { name: 'by plain Aedes with acks', of: ['server', 'events/s'], floor: [['plain Aedes with acks', 'events/s']] },
    {
      name: 'by one by one',
      of: ['server', 'events/s'],
      floor: [['one by one', 'events/s']],
      target: { atLeast: 2.5 },
    },
    {
      name: `${many} per message, by plain Aedes`,
      of: [`server, ${many} per message`, 'events/s'],
      floor: [['plain Aedes', 'events/s']],
    },
  ],
  async prepare(house, wishes) {
    const count = scaled(most, wishes)
    const { seconds } = wishes
    const { postgresPid } = house
    const feed = async (port: number, accounts: object[], until: 'ack' | 'puback') => {
      const feeders = house.child('feeders.ts')
      await feeders.ask('start', { port, accounts, until })
      return feeders
    }
    const { database, accounts } = await recording(house, 'ingest', count)
    const server = await house.server(database)
    const each = await recording(house, 'one_by_one', count)
    const oneByOne = house.child('one-by-one.ts')
    const theirs = await oneByOne.ask<{ port: number }>('start', { url: each.database.url })
    const plain = house.child('plain-broker.ts')
    const { port } = await plain.ask<{ port: number }>('start', { answers: false })
    const acking = house.child('plain-broker.ts')
    const acks = await acking.ask<{ port: number }>('start', { answers: true })

    const side = { postgresPid, seconds, perMessage: 1 }
    const ours = {
      ...{ ...side, feeders: await feed(server.mqttPort, accounts, 'ack'), process: server.child },
      ...{ url: server.url, database },
    }
    const sides: Record<string, Side> = {
      server: ours,
      [`server, ${many} per message`]: { ...ours, perMessage: many },
      'plain Aedes': { ...side, feeders: await feed(port, accounts, 'puback'), process: plain.process },
      'plain Aedes with acks': { ...side, feeders: await feed(acks.port, accounts, 'ack'), process: acking.process },
      'one by one': {
        ...{ ...side, feeders: await feed(theirs.port, each.accounts, 'ack'), process: oneByOne.process },
        database: each.database,
      },
    }
    return Object.entries(sides).map(([name, about]): Contestant => ({ name, run: () => measure(about) }))
  },
}
