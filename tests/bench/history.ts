import WebSocket from 'ws'
import { admin, asPerson, signIn } from '../support/api.ts'
import { type Benchmark, type Contestant, scaled, type Wishes } from './benchmark.ts'
import { fillHistory } from './fill-history.ts'
import type { House } from './house.ts'
import { quantile } from './numbers.ts'
import { makeSites, prepareCodes } from './sites.ts'

const few = 10_000
const many = 5_000_000
const banks = 10
const doors = 24

async function median(count: number, one: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const began = performance.now()
    await one()
    times.push(performance.now() - began)
  }
  return quantile(times, 0.5)
}

/** Until the first message is here, which is the snapshot. */
const snapshot = (url: string, token: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
    socket.on('error', reject)
    socket.once('message', () => {
      socket.terminate()
      resolve()
    })
  })

async function contestant(house: House, wishes: Wishes, { name, events }: { name: string; events: number }) {
  const database = await house.database(`history_${events}`)
  const { ctx } = database
  const controllers = await makeSites(ctx, { sites: 1, controllersEach: banks, doors, kind: 'compartment' })
  await fillHistory(ctx.sql, { controllers, events })
  const server = await house.server(database)
  const typists = house.child('typists.ts')
  await typists.ask('start', { port: server.mqttPort, accounts: controllers })
  const { token } = (await asPerson(server.url)('POST', '/api/sessions', admin)).body as unknown as { token: string }
  const landlord = await signIn(server.url, admin)
  const { siteId } = controllers[0]!
  const live = `${server.url.replace('http', 'ws')}/live?siteId=${siteId}`
  const each = Math.max(3, Math.round(10 * wishes.seconds))

  const run = async () => {
    const asks = await prepareCodes(ctx, controllers, each)
    const { p50 } = await typists.ask<{ p50: number }>('type', { asks, warm: Math.ceil(each / 5) })
    await typists.ask('report')
    const wall = await median(each, async () => {
      const { status } = await landlord('GET', `/api/doors?siteId=${siteId}`)
      if (status !== 200) throw new Error(`the wall answered ${status}`)
    })
    return {
      'pickup p50 ms': p50,
      'wall p50 ms': wall,
      'snapshot p50 ms': await median(each, () => snapshot(live, token)),
    }
  }
  return { name, run } satisfies Contestant
}

const ratio = (figure: string) => ({
  ...{ name: figure.replace(' p50 ms', ''), target: { atMost: 1.1 } },
  ...{ of: ['many events', figure] as [string, string], floor: [['few events', figure]] as [string, string][] },
})

export const history: Benchmark = {
  name: 'history',
  about: 'pickup and wall of one site with 5,000,000 events behind it, against 10,000',
  notes: [
    `one site of ${banks} banks with ${doors} boxes; beside the events a tenth as many grants and orders, a twentieth as many parcels`,
    `pickup: a code typed on each of the ${banks} banks at once; wall: GET /api/doors; snapshot: /live opened to its first message`,
  ],
  ratios: ['pickup p50 ms', 'wall p50 ms', 'snapshot p50 ms'].map(ratio),
  prepare: async (house, wishes) => [
    await contestant(house, wishes, { name: 'few events', events: few }),
    await contestant(house, wishes, { name: 'many events', events: scaled(many, wishes, few) }),
  ],
}
