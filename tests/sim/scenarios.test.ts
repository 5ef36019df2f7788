import { afterEach, expect, test } from 'vitest'
import { readArguments } from '../../firmware-sim/arguments.ts'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { movesOf, playScenario, type Scenario, type ScenarioName, scenarios } from '../../firmware-sim/scenarios.ts'
import { eventually } from '../support/eventually.ts'
import { codeKey, password } from './small-server.ts'

const names = Object.keys(scenarios) as ScenarioName[]
let sims: SimController[] = []
afterEach(async () => {
  await Promise.all(sims.map(sim => sim.stop()))
  sims = []
})

/** No broker answers at that address: the device is alone. */
async function alone(now?: () => number): Promise<SimController> {
  const size = { doors: 6, journalSize: 5000 }
  const given = { id: 'bank-1', password, codeKey, mqttUrl: 'mqtt://127.0.0.1:1', ...size, ...(now ? { now } : {}) }
  const sim = await startController(given)
  sims.push(sim)
  return sim
}

const wanted: ScenarioName[] = [
  ...([
    'cut-in-opening',
    'flaky',
    'stuck-door',
    'lying-sensor',
    'clock-drift',
    'clock-lost',
    'double-delivery',
  ] as const),
  ...(['lost-ack', 'reboot-storm', 'wiped-journal', 'rolled-back-flash', 'cloned-controller', 'full-journal'] as const),
  'chattering-sensor',
]

test('the help lists every scenario with what it does', () => {
  const read = readArguments(['--help'], {})
  const help = 'help' in read ? read.help : ''
  for (const name of wanted) expect(help).toContain(`${name}: ${scenarios[name].about}`)
})

test.each(names)('%s plays on and on without an error, and the journal stays whole', async name => {
  const sim = await alone()
  const { moves }: Scenario = scenarios[name]
  let made = 0
  const counted = new Proxy(sim, {
    get: (target, member: keyof SimController) => {
      if (member === 'state') made += 1
      return target[member]
    },
  })
  const stop = playScenario({ sims: [counted], scenario: name, seed: 3, speed: 1000 })
  const { last } = sim.state().journal
  if (Object.keys(moves).length > 0)
    await eventually(() => made > 20 || sim.state().journal.last > last + 20 || sim.faults.length > 0)
  stop()
  const seqs = sim.events().map(each => each.seq)
  expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index))
})

test.each(['vandal', 'stuck-door', 'lying-sensor', 'reboot-storm'] as const)(
  '%s: the same seed makes the same of it',
  async name => {
    const played = async (seed: number) => {
      const sim = await alone(() => 1_000_000)
      const moves = Object.values(movesOf(name, sim, seed)) as (() => void)[]
      for (let i = 0; i < 40; i++) for (const move of moves) move()
      return JSON.stringify([sim.events().map(({ type, door, reason }) => [type, door, reason]), sim.state().doors])
    }
    const first = await played(5)
    expect(await played(5)).toBe(first)
    expect(await played(6)).not.toBe(first)
  },
)

test('flash exchanged in files is what the device starts from', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const dataDir = mkdtempSync(join(tmpdir(), 'flash-'))
  const sim = await startController({
    id: 'bank-1',
    password,
    codeKey,
    mqttUrl: 'mqtt://127.0.0.1:1',
    doors: 2,
    dataDir,
  })
  sims.push(sim)
  const { name, last } = sim.state().journal
  const kept = sim.stored()
  sim.tamper()
  sim.exchangeFlash(kept)
  expect(sim.state().journal).toMatchObject({ name, last: last + 1 })
  expect(sim.events().map(each => each.type)).toEqual(['started', 'started'])
  sim.exchangeFlash({ ...sim.stored(), journal: null })
  expect(sim.state().journal.name).not.toBe(name)
  expect(sim.events().map(each => each.seq)).toEqual([1])
  await sim.stop()
  rmSync(dataDir, { recursive: true, force: true })
})
