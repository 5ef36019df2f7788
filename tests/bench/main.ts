import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import type { Benchmark } from './benchmark.ts'
import { makeCalm } from './calm.ts'
import { connected } from './connected.ts'
import { history } from './history.ts'
import { openHouse } from './house.ts'
import { ingest } from './ingest.ts'
import { loadPerCore, machineFacts } from './machine.ts'
import { short } from './numbers.ts'
import { pickup } from './pickup.ts'
import { playRounds, type Result, resultOf } from './rounds.ts'
import { machineLine, tableOf } from './table.ts'
import { wall } from './wall.ts'
import { watchers } from './watchers.ts'

type Played = Result & { rounds: number; seconds: number }

const benchmarks: Benchmark[] = [pickup, ingest, connected, history, watchers, wall]

const usual = { rounds: 5, seconds: 5 }
/** of one benchmark with whatever else uses the machine */
const patienceMs = 240_000

const usagePage = `npm run bench [-- name…] [--rounds n] [--seconds s] [--scale x] [--profile]

${benchmarks.map(({ name, about }) => `  ${name.padEnd(11)} ${about}`).join('\n')}

  --rounds n    each side is measured so often, in turn (5; wall: 1)
  --seconds s   length of one measurement (5; wall: 60)
  --scale x     0.01 = a hundredth of the devices, watchers and events: to see that it works, not to measure
  --profile     a CPU profile of each server process beside the results
  --help        this page`

const read = readArguments(
  process.argv.slice(2),
  benchmarks.map(({ name }) => name),
)
if ('problems' in read) {
  console.error([...read.problems, '', usagePage].join('\n'))
  process.exit(2)
}
if (read.help) {
  console.log(usagePage)
  process.exit(0)
}

const { names, scale, profile } = read
const folder = resolve('bench-results')
mkdirSync(folder, { recursive: true })
const stops: (() => unknown)[] = []
let stopping = false

async function stopAll(): Promise<void> {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    console.error('\nstopping')
    stopAll().finally(() => process.exit(130))
  })

const tell = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

async function measure(benchmark: Benchmark): Promise<Played> {
  tell(`${benchmark.name}: preparing`)
  const house = await openHouse(stops, { profileFolder: profile ? folder : null })
  const { rounds, seconds } = { ...usual, ...benchmark.usual, ...read }
  const contestants = await benchmark.prepare(house, { seconds, scale })
  const played = await playRounds(contestants, {
    rounds,
    tell: text => tell(`${benchmark.name}: ${text}`),
    settle: house.settle,
    calm: makeCalm(patienceMs),
  })
  tell('')
  await stopAll()
  return { ...resultOf(benchmark, played), rounds, seconds }
}

async function run(): Promise<void> {
  const machine = machineFacts(tmpdir())
  const loadBefore = loadPerCore()
  console.log(machineLine(machine))
  if (loadBefore > 0.5)
    console.log(
      `WARNING: ${short(loadBefore)} processes per core were busy before the start: do not trust these numbers`,
    )
  if (scale < 1) console.log(`WARNING: scaled to ${scale}: this shows that it works, not how fast it is`)
  const results: Played[] = []
  for (const benchmark of benchmarks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const result = await measure(benchmark)
    console.log(tableOf(result))
    results.push(result)
  }
  const at = new Date().toISOString()
  const file = resolve(folder, `${at.replaceAll(':', '-')}.json`)
  const load = { perCoreBefore: loadBefore, perCoreAfter: loadPerCore() }
  writeFileSync(file, JSON.stringify({ at, machine, load, scale, results }, null, 2))
  console.log(
    `\nload per core ${short(load.perCoreBefore)} before, ${short(load.perCoreAfter)} after; written to ${file}`,
  )
}

try {
  await run()
} catch (error) {
  if (!stopping) {
    tell('')
    console.error(error)
    await stopAll()
    process.exit(1)
  }
}
