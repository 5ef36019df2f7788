import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import WebSocket from 'ws'
import { admin, asPerson } from '../support/api.ts'
import { type Benchmark, scaled } from './benchmark.ts'
import type { Child } from './child.ts'
import { connectLight, onlineStatus } from './light-device.ts'
import { median, sharedNow } from './numbers.ts'
import { makeSites } from './sites.ts'

const changesPerSecond = 8
const sessions = 20
type Heard = { first: number; last: number; text: string }
const numberOf = (text: string) => Number(/"n":(\d+)/.exec(text)?.[1] ?? 0)

/** Sends one change and answers when the first and the last socket had it, in ms since it was sent. */
async function tell(clients: Child[], after: number, send: () => void): Promise<Heard> {
  await Promise.all(clients.map(client => client.ask('arm', { n: after })))
  const began = sharedNow()
  send()
  const heard = await Promise.all(clients.map(client => client.ask<Heard>('wait')))
  const first = Math.min(...heard.map(each => each.first)) - began
  return { first, last: Math.max(...heard.map(each => each.last)) - began, text: heard[0]!.text }
}

async function many(count: number, one: () => Promise<Heard>) {
  const heard: Heard[] = []
  for (let n = 0; n < count; n++) heard.push(await one())
  return {
    'ms to the first': median(heard.map(each => each.first)),
    'ms to the last': median(heard.map(each => each.last)),
    'ms from the first to the last': median(heard.map(({ first, last }) => last - first)),
  }
}

export const watchers: Benchmark = {
  name: 'watchers',
  about: 'one change of a door to 1,000 open live sockets, against a plain ws broadcast of the same bytes',
  notes: [
    'ours begins with the event that the device sends: recorded, committed and read again before it is told',
    'plain begins with a message to the ws server, which sends the same bytes to all',
  ],
  ratios: [
    {
      name: 'to the last of them',
      of: ['server', 'ms to the last'],
      floor: [['plain ws', 'ms to the last']],
      target: { atMost: 1.5 },
    },
    {
      name: 'from the first to the last',
      of: ['server', 'ms from the first to the last'],
      floor: [['plain ws', 'ms from the first to the last']],
    },
  ],
  async prepare(house, wishes) {
    const count = scaled(1_000, wishes, 2)
    const changes = Math.max(2, Math.round(changesPerSecond * wishes.seconds))
    const database = await house.database('watchers')
    const [bank] = await makeSites(database.ctx, { sites: 1, controllersEach: 1, doors: 24, kind: 'compartment' })
    const server = await house.server(database)
    const tokens: string[] = []
    for (let n = 0; n < sessions; n++)
      tokens.push(String((await asPerson(server.url)('POST', '/api/sessions', admin)).body.token))

    const watch = async (url: string) => {
      const clients = [house.child('watch-clients.ts'), house.child('watch-clients.ts')]
      const shares = [Math.ceil(count / 2), Math.floor(count / 2)]
      await Promise.all(clients.map((client, n) => client.ask('open', { url, tokens, count: shares[n] })))
      return clients
    }
    const ours = await watch(`${server.url.replace('http', 'ws')}/live?siteId=${bank!.siteId}`)
    const plain = house.child('plain-ws.ts')
    const { port } = await plain.ask<{ port: number }>('start')
    const theirs = await watch(`ws://127.0.0.1:${port}`)
    const speaker = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    await once(speaker, 'message')
    house.onStop(() => speaker.terminate())

    const journal = randomBytes(8).toString('hex')
    const device = await connectLight(server.mqttPort, bank!)
    house.onStop(() => device.socket.destroy())
    const welcomed = new Promise<void>(resolve => {
      device.heard.message = kind => kind === 'welcome' && resolve()
    })
    device.publish('status', onlineStatus({ journal, boot: journal }))
    await welcomed
    const beating = setInterval(() => device.ping(), 15_000)
    house.onStop(() => clearInterval(beating))

    let seq = 0
    let n = 0
    const change = async (): Promise<Heard> => {
      seq += 1
      const event = { seq, at: Date.now(), clock: 'synced', type: seq % 2 ? 'opened' : 'closed', door: 1 }
      const acked = new Promise<void>(resolve => {
        device.heard.message = kind => kind === 'ack' && resolve()
      })
      const payload = JSON.stringify({ journal, live: true, events: [event] })
      const heard = await tell(ours, n, () => device.publish('events', payload))
      await acked
      n = numberOf(heard.text)
      return heard
    }
    let { text } = await change()
    const broadcast = async (): Promise<Heard> => {
      const after = numberOf(text)
      const next = text.replace(/"n":\d+/, `"n":${after + 1}`)
      const heard = await tell(theirs, after, () => speaker.send(next))
      text = next
      return heard
    }
    return [
      { name: 'server', run: () => many(changes, change) },
      { name: 'plain ws', run: () => many(changes, broadcast) },
    ]
  },
}
