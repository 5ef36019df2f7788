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
/** A process that nobody was connected to yet: what it got for earlier crowds would be no cost of this one. */
type Fresh = { side: Side; stop(): Promise<unknown> }

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

async function measure(fresh: () => Promise<Fresh>, controllers: BenchController[]): Promise<Figures> {
  const { side, stop } = await fresh()
  const { crowd, memory } = side
  const empty = await memory()
  await all(crowd, 'join', controllers, side)
  await delay(settleMs)
  const full = await memory()
  const { subscribedMs, backMs, again } = await all(crowd, 'storm', controllers, side)
  await Promise.all(crowd.map(child => child.ask('cut')))
  await stop()
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
    'a process of its own for each round; held: heap and buffers after a full collection, less what it had before they came; resident: RSS',
    `storm: all cut at once, ${crowds * atOnce} connections under way at a time; back = its welcome (ours), the PUBACK of its status (plain)`,
  ],
  ratios: [
    {
      name: 'memory held',
      of: ['server', 'KiB held each'],
      floor: [['plain Aedes', 'KiB held each']],
      target: { atMost: 1.3 },
    },
    {
      name: 'memory resident',
      of: ['server', 'KiB resident each'],
      floor: [['plain Aedes', 'KiB resident each']],
      target: { atMost: 1.3 },
    },
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
    const crowd = Array.from({ length: crowds }, () => house.child('crowd.ts'))
    const freshServer = async (): Promise<Fresh> => {
      const { mqttPort, child, stop } = await house.server(database)
      return { side: { port: mqttPort, until: 'welcome', memory: memoryProbe(child), crowd }, stop }
    }
    const freshPlain = async (): Promise<Fresh> => {
      const { ask, process, stop } = house.child('plain-broker.ts', inspectable)
      const { port } = await ask<{ port: number }>('start', { answers: false })
      return { side: { port, until: 'puback', memory: memoryProbe(process), crowd }, stop }
    }
    const contestants: Contestant[] = [
      { name: 'server', run: () => measure(freshServer, controllers) },
      { name: 'plain Aedes', run: () => measure(freshPlain, controllers) },
    ]
    return contestants
  },
}
