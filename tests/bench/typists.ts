import { randomBytes } from 'node:crypto'
import { answerParent } from './child.ts'
import { type Account, connectLight, type LightDevice, onlineStatus } from './light-device.ts'
import { quantile } from './numbers.ts'
import type { Ask, Asks } from './sites.ts'

/** Child process: controllers on which codes are typed, the next one when the answer to the last is there. */
type Start = { port: number; accounts: Account[] }
/** the first `warm` of each controller are not counted */
type Type = { asks: Asks[]; warm: number }

type Typist = { device: LightDevice; journal: string; boot: string; seq: number; opened: object[] }
const typists = new Map<string, Typist>()
const hex = () => randomBytes(8).toString('hex')
const up = () => 60_000 + Math.round(performance.now())
setInterval(() => typists.forEach(({ device }) => void device.ping()), 20_000)

async function start({ port, accounts }: Start): Promise<void> {
  await Promise.all(
    accounts.map(async account => {
      const [journal, boot] = [hex(), hex()]
      const device = await connectLight(port, account)
      typists.set(account.id, { device, journal, boot, seq: 0, opened: [] })
      await sayHere(account.id)
    }),
  )
}

/** The beat, said before each measurement so that none falls into one; who is quiet for long gets no order. */
async function sayHere(id: string): Promise<void> {
  const { device, journal, boot, seq } = typists.get(id)!
  const status = onlineStatus({ journal, boot, link: boot, last: seq, up: up() })
  await answered(device, 'welcome', () => device.publish('status', status))
}

const answered = (device: LightDevice, kind: string, send: () => void): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    device.heard.closed = () => reject(new Error(`${device.id}: the connection ended`))
    device.heard.message = (heard, payload) => {
      if (heard === kind) resolve(payload)
    }
    send()
  })

async function type({ asks, warm }: Type): Promise<{ p50: number; p99: number }> {
  await Promise.all(asks.map(each => sayHere(each.id)))
  const times = await Promise.all(asks.map(each => typeAll(typists.get(each.id)!, each.asks)))
  const counted = times.flatMap(each => each.slice(warm))
  return { p50: quantile(counted, 0.5), p99: quantile(counted, 0.99) }
}

async function typeAll(typist: Typist, asks: Ask[]): Promise<number[]> {
  const { device, boot, opened } = typist
  const times: number[] = []
  for (const { code, grant, door } of asks) {
    const question = JSON.stringify({ ask: hex(), boot, up: up(), keypad: 1, code })
    const began = performance.now()
    const payload = await answered(device, 'order', () => device.publish('code', question))
    times.push(performance.now() - began)
    const order = JSON.parse(payload.toString())
    if (order.type !== 'open') throw new Error(`${device.id}: ${payload}`)
    opened.push({ type: 'unlocked', door, cause: { grant, order: order.order } })
  }
  return times
}

/** What was opened is told afterwards, so that no order is left to expire in the next measurement. */
async function report(): Promise<void> {
  await Promise.all([...typists.values()].map(reportAll))
}

async function reportAll(typist: Typist): Promise<void> {
  const { device, journal } = typist
  while (typist.opened.length > 0) {
    const events = typist.opened
      .splice(0, 10)
      .map(event => ({ seq: ++typist.seq, at: Date.now(), clock: 'synced', ...event }))
    await answered(device, 'ack', () => device.publish('events', JSON.stringify({ journal, live: true, events })))
  }
}

answerParent({ start, type, report })
