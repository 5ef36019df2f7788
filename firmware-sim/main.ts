import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readArguments, type SimulateOptions } from './arguments.ts'
import { obeyLine } from './commands.ts'
import { type SimController, startController } from './controller.ts'
import { startFleet } from './fleet.ts'
import { startPage } from './page.ts'
import { playScenario, type Scenario, scenarios } from './scenarios.ts'

const lightAbove = 20

async function main() {
  const read = readArguments(process.argv.slice(2), process.env)
  if ('help' in read) return void process.stdout.write(read.help)
  if (!read.ok) {
    process.stderr.write(`${[...read.problems, 'npm run simulate -- --help shows every flag'].join('\n')}\n`)
    process.exitCode = 2
    return
  }
  const stop = read.options.devices.length > lightAbove ? await runFleet(read.options) : await runFew(read.options)
  let stopping = false
  const end = () => {
    if (stopping) process.exit(1)
    stopping = true
    stop().then(() => process.exit(0))
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

async function runFew(options: SimulateOptions): Promise<() => Promise<void>> {
  const { mqttUrl, tls, devices, scenario, seed, speed, dataDir, pagePort, faults } = options
  const sims: SimController[] = []
  const { journalSize }: Scenario = scenarios[scenario]
  const size = journalSize === undefined ? {} : { journalSize }
  for (const { doors = 24, ...device } of devices) {
    const folder = dataDir === undefined ? {} : { dataDir: join(dataDir, device.id) }
    // a fault of the command line kills the process, one of a scenario only cuts the power
    const deadly = faults.some(each => each.point.startsWith('die-'))
    const die = deadly ? { die: () => process.kill(process.pid, 'SIGKILL') } : {}
    const more = { tls, faults: [...faults], ...die, ...size, ...folder }
    sims.push(await startController({ ...device, doors, mqttUrl, ...more }))
  }
  const stopPlaying = playScenario({ sims, scenario, seed, speed })
  const page = pagePort === undefined ? null : await startPage({ controllers: sims, host: '127.0.0.1', port: pagePort })
  if (page) console.log(`page ${page.url}`)
  for (const sim of sims) reportPhase(sim)
  readLines(sims[0]!)
  return async () => {
    stopPlaying()
    await page?.close()
    await Promise.all(sims.map(sim => sim.stop()))
  }
}

function reportPhase(sim: SimController) {
  let said = ''
  sim.onChange(() => {
    const { power, phase } = sim.state()
    const now = power ? phase : 'without power'
    if (now !== said) console.log(`${sim.id} ${now}`)
    said = now
  })
}

/** What is typed at the terminal goes to the first device. */
function readLines(sim: SimController) {
  createInterface({ input: process.stdin }).on('line', line => {
    obeyLine(sim, line).then(
      answer => answer && console.log(answer),
      error => console.log(error.message),
    )
  })
}

async function runFleet({ mqttUrl, tls, devices }: SimulateOptions): Promise<() => Promise<void>> {
  const fleet = await startFleet({ count: devices.length, mqttUrl, tls, credentials: index => devices[index]! })
  const timer = setInterval(() => console.log(`${fleet.connected()} of ${fleet.size} connected`), 5_000)
  return async () => {
    clearInterval(timer)
    await fleet.stop()
  }
}

await main().catch((error: NodeJS.ErrnoException & { port?: number }) => {
  const isTaken = error.code === 'EADDRINUSE'
  process.stderr.write(`${isTaken ? `--page-port ${error.port}: is already in use` : error.message}\n`)
  process.exit(isTaken ? 2 : 1)
})
