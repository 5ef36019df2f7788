import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { answerParent } from './child.ts'
import { type Account, connectLight, type LightDevice, onlineStatus } from './light-device.ts'

/** Child process: controllers that send events as fast as they are answered, one message of each under way. */
type Start = { port: number; accounts: Account[]; until: 'puback' | 'ack' }
type Feed = { perMessage: number; warmMs: number; ms: number }
/** `during`: those of the measured time; `acked`: all that were ever answered */
export type Fed = { during: number; ms: number; acked: number }

type Feeder = { device: LightDevice; journal: string; seq: number }
const types = ['opened', 'closed', 'vacant'] as const
let feeders: Feeder[] = []
let until: Start['until']
let acked = 0
const up = () => 60_000 + Math.round(performance.now())
setInterval(() => feeders.forEach(({ device }) => void device.ping()), 20_000)

async function start({ port, accounts, until: answer }: Start): Promise<void> {
  until = answer
  feeders = await Promise.all(
    accounts.map(async account => {
      const device = await connectLight(port, account)
      device.heard.closed = () => {
        throw new Error(`${device.id}: the connection ended`)
      }
      return { device, journal: randomBytes(8).toString('hex'), seq: 0 }
    }),
  )
}

/** Resolves when the answer that `until` names, or else `welcome`, has come. */
const answer = ({ device, seq }: Feeder, kind: 'welcome' | 'ack' | 'puback'): Promise<void> =>
  new Promise(resolve => {
    device.heard.puback = () => kind === 'puback' && resolve()
    device.heard.message = (heard, payload) => {
      if (heard !== kind) return
      if (heard === 'ack' && JSON.parse(payload.toString()).seq !== seq)
        throw new Error(`${device.id}: ${seq} was answered with ${payload}`)
      resolve()
    }
  })

async function sayHere(feeder: Feeder): Promise<void> {
  const { device, journal, seq } = feeder
  const come = answer(feeder, until === 'puback' ? 'puback' : 'welcome')
  device.publish('status', onlineStatus({ journal, boot: journal, link: journal, last: seq, up: up() }))
  await come
}

let feeding = false

async function feedAll(feeder: Feeder, perMessage: number): Promise<void> {
  const { device, journal } = feeder
  while (feeding) {
    const events = Array.from({ length: perMessage }, () => {
      feeder.seq += 1
      const door = (Math.floor(feeder.seq / types.length) % 8) + 1
      return { seq: feeder.seq, at: Date.now(), clock: 'synced', type: types[feeder.seq % types.length], door }
    })
    const come = answer(feeder, until)
    device.publish('events', JSON.stringify({ journal, live: true, events }))
    await come
    acked += perMessage
  }
}

async function feed({ perMessage, warmMs, ms }: Feed): Promise<Fed> {
  await Promise.all(feeders.map(sayHere))
  feeding = true
  const all = Promise.all(feeders.map(each => feedAll(each, perMessage)))
  await delay(warmMs)
  const [before, began] = [acked, performance.now()]
  await delay(ms)
  const [during, took] = [acked - before, performance.now() - began]
  feeding = false
  await all
  return { during, ms: took, acked }
}

answerParent({ start, feed, acked: () => acked })
