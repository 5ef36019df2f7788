import { setTimeout as delay } from 'node:timers/promises'
import { type Benchmark, type Contestant, type Figures, scaled } from './benchmark.ts'
import type { Child } from './child.ts'
import type { Joined } from './crowd.ts'
import { inspectable } from './house.ts'
import { type Memory, memoryProbe } from './memory.ts'
import { type BenchController, makeSites } from './sites.ts'

const sites = 100
const crowds = 2
/** Connections that each crowd has under way: within the backlog, or the kernel's retries of 1 s are what is measured. */
const atOnce = 1_000
/** What the sign-ins left to be done afterwards is done, and counts for nobody's memory. */
const settleMs = 1_500

type Side = { port: number; until: 'welcome' | 'puback'; memory: () => Promise<Memory>; crowd: Child[] }

async function all(crowd: Child[], what: 'join' | 'storm', controllers: BenchController[], side: Side) {
  const shares = crowd.map((_, n) => controllers.filter((_, at) => at % crowd.length === n))
  const { port, until } = side
  const joined = await Promise.all(
    crowd.map((child, n) => child.ask<Joined>(what, { port, until, atOnce, accounts: shares[n] })),
  )
  const startedAt = Math.min(...joined.map(each => each.startedAt))
  const last = (member: 'subscribedAt' | 'backAt') => Math.max(...joined.map(each => each[member])) - startedAt
  const again = joined.reduce((sum, each) => sum + each.again, 0)
  return { subscribedMs: last('subscribedAt'), backMs: last('backAt'), again }
}

async function measure(side: Side, controllers: BenchController[]): Promise<Figures> {
  const { crowd, memory } = side
  const empty = await memory()
  await all(crowd, 'join', controllers, side)
  await delay(settleMs)
  const full = await memory()
  const { subscribedMs, backMs, again } = await all(crowd, 'storm', controllers, side)
  await Promise.all(crowd.map(child => child.ask('cut')))
  await delay(settleMs)
  const each = (member: keyof Memory) => (full[member] - empty[member]) / controllers.length
  return {
    'KiB held each': each('heldKiB'),
    'KiB resident each': each('residentKiB'),
    'storm: s until subscribed': subscribedMs / 1_000,
    'storm: s until back': backMs / 1_000,
    'storm: connected again': again,
  }
}

export const connected: Benchmark = {
  name: 'connected',
  about: '10,000 idle controllers, and all of them cut and back at once, against plain Aedes with the same clients',
  notes: [
    'held: heap and buffers of the process after a full collection, less what it had before they came; resident: RSS',
    `storm: all cut at once, ${crowds * atOnce} connections under way at a time; back = its welcome (ours), the PUBACK of its status (plain)`,
  ],
  ratios: [
    {
      name: 'memory held',
      of: ['server', 'KiB held each'],
      floor: [['plain Aedes', 'KiB held each']],
      target: { atMost: 1.3 },
    },
    { name: 'memory resident', of: ['server', 'KiB resident each'], floor: [['plain Aedes', 'KiB resident each']] },
    {
      name: 'storm, back',
      of: ['server', 'storm: s until back'],
      floor: [['plain Aedes', 'storm: s until back']],
      target: { atMost: 1.5 },
    },
    {
      name: 'storm, subscribed',
      of: ['server', 'storm: s until subscribed'],
      floor: [['plain Aedes', 'storm: s until subscribed']],
    },
  ],
  async prepare(house, wishes) {
    const database = await house.database('connected')
    const controllersEach = scaled(10_000 / sites, wishes)
    const controllers = await makeSites(database.ctx, { sites, controllersEach, doors: 1, kind: 'compartment' })
    const server = await house.server(database)
    const plain = house.child('plain-broker.ts', inspectable)
    const { port } = await plain.ask<{ port: number }>('start', { answers: false })
    const crowd = Array.from({ length: crowds }, () => house.child('crowd.ts'))
    const ours: Side = { port: server.mqttPort, until: 'welcome', memory: memoryProbe(server.child), crowd }
    const theirs: Side = { port, until: 'puback', memory: memoryProbe(plain.process), crowd }
    const contestants: Contestant[] = [
      { name: 'server', run: () => measure(ours, controllers) },
      { name: 'plain Aedes', run: () => measure(theirs, controllers) },
    ]
    return contestants
  },
}
