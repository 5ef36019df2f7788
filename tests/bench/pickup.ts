import { type Benchmark, type Figures, type Ratio, scaled, type Wishes } from './benchmark.ts'
import { watchFlights } from './flights.ts'
import { type Asks, type BenchController, makeSites, prepareCodes } from './sites.ts'

const most = 100
const doors = 24
/** Controllers on which somebody types at once, and the codes on each in a second of the wished length. */
const crowds = [
  { count: 1, perSecond: 60 },
  { count: 10, perSecond: 40 },
  { count: most, perSecond: 6 },
]
type Times = { p50: number; p99: number; more?: Figures }

/** Each size of crowd once; a fifth of the codes warms up and is not counted. */
async function ofEach(
  wishes: Wishes,
  one: (about: { count: number; each: number; warm: number }) => Promise<Times>,
): Promise<Figures> {
  const figures: Figures = {}
  for (const { count, perSecond } of crowds) {
    const each = Math.max(3, Math.round(perSecond * wishes.seconds))
    const about = { count: Math.min(count, scaled(most, wishes)), each, warm: Math.ceil(each / 5) }
    const { p50, p99, more } = await one(about)
    for (const [name, value] of Object.entries({ 'p50 ms': p50, 'p99 ms': p99, ...more }))
      figures[`${name}, ${count} at once`] = value
  }
  return figures
}

const anyCodes = (controllers: BenchController[], each: number): Asks[] =>
  controllers.map(({ id }) => ({
    id,
    asks: Array.from({ length: each }, (_, n) => ({ code: '12345678', grant: 'any', door: (n % doors) + 1 })),
  }))

const ratio = (count: number, quantile: string, atMost: number): Ratio => {
  const figure = `${quantile} ms, ${count} at once`
  const floor: Ratio['floor'] = [
    ['plain Aedes', figure],
    ['one commit', figure],
  ]
  return { name: `${quantile}, ${count} at once`, of: ['server', figure], floor, target: { atMost } }
}

export const pickup: Benchmark = {
  name: 'pickup',
  about: 'a code typed until its order is at the device, against a raw round trip on plain Aedes + one durable commit',
  notes: [
    'n at once: on each of n controllers the next code is typed when the order for the last is there',
    'plain Aedes: the same clients and bytes, answered at once; one commit: as many callers, each inserting one row into the same PostgreSQL',
    'ratios: the server by the sum of both, of the same round; the controllers keep no list, so that the server is asked for each',
  ],
  ratios: crowds.flatMap(({ count }) => [ratio(count, 'p50', 1.5), ratio(count, 'p99', 3)]),
  async prepare(house, wishes) {
    const database = await house.database('pickup')
    const { ctx, url } = database
    const wanted = scaled(most, wishes)
    const controllers = await makeSites(ctx, { sites: wanted, controllersEach: 1, doors, kind: 'compartment' })
    const server = await house.server(database)
    const plain = house.child('plain-broker.ts')
    const { port } = await plain.ask<{ port: number }>('start', { answers: true })
    const [ours, theirs, committer] = [
      house.child('typists.ts'),
      house.child('typists.ts'),
      house.child('committer.ts'),
    ] as const
    await ours.ask('start', { port: server.mqttPort, accounts: controllers })
    await theirs.ask('start', { port, accounts: controllers })
    await committer.ask('start', { url })

    return [
      {
        name: 'server',
        run: () =>
          ofEach(wishes, async ({ count, each, warm }) => {
            const asks = await prepareCodes(ctx, controllers.slice(0, count), each)
            const flown = await watchFlights(server.url)
            const times = await ours.ask<Times>('type', { asks, warm })
            const more = await flown()
            await ours.ask('report')
            return { ...times, more }
          }),
      },
      {
        name: 'plain Aedes',
        run: () =>
          ofEach(wishes, async ({ count, each, warm }) => {
            const times = await theirs.ask<Times>('type', { asks: anyCodes(controllers.slice(0, count), each), warm })
            await theirs.ask('report')
            return times
          }),
      },
      {
        name: 'one commit',
        run: () =>
          ofEach(wishes, ({ count, each, warm }) => committer.ask<Times>('commit', { callers: count, each, warm })),
      },
    ]
  },
}
