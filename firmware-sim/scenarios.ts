import type { SimController } from './controller.ts'
import * as moves from './moves.ts'

export type Scenario = {
  about: string
  /** how many events the journal holds, where the usual many would never fill */
  journalSize?: number
  moves: Record<string, moves.Move>
}

const { useOpenDoor, blinkNetwork, restorePower, typeWrong } = moves

/** What happens to a device, and what goes wrong; each move comes at its time, or when a test makes it. */
export const scenarios = {
  calm: { about: 'people use the doors that open, nothing else', moves: { useOpenDoor } },
  idle: { about: 'nothing moves by itself', moves: {} },
  brownout: {
    about: 'network and power come and go',
    moves: { useOpenDoor, blinkNetwork, blinkPower: moves.blinkPower },
  },
  vandal: { about: 'wrong codes and forced doors', moves: { useOpenDoor, typeWrong, forceDoor: moves.forceDoor } },
  'cut-in-opening': {
    about: 'the power goes in the middle of an opening',
    moves: { dieInNextOpening: moves.dieInNextOpening, restorePower, useOpenDoor },
  },
  flaky: {
    about: 'the network comes and goes, and what it carries is lost, late, doubled or swapped',
    moves: { useOpenDoor, blinkNetwork, disturbLink: moves.disturbLink },
  },
  'stuck-door': { about: 'bolts that stick now and then', moves: { useOpenDoor, jamDoor: moves.jamDoor } },
  'lying-sensor': { about: 'sensors say what is not so', moves: { useOpenDoor, lieOrNot: moves.lieOrNot } },
  'clock-drift': { about: 'the clock goes wrong by minutes', moves: { useOpenDoor, driftClock: moves.driftClock } },
  'clock-lost': {
    about: 'power and network go, and with them the time',
    moves: { useOpenDoor, loseClock: moves.loseClock, blinkNetwork },
  },
  'double-delivery': {
    about: 'every message comes twice',
    moves: { useOpenDoor, doubleMessages: moves.doubleMessages },
  },
  'lost-ack': { about: 'acks that never arrive', moves: { useOpenDoor, loseAcks: moves.loseAcks } },
  'reboot-storm': { about: 'it starts again and again', moves: { useOpenDoor, reboot: moves.reboot } },
  'wiped-journal': { about: 'the journal is gone', moves: { useOpenDoor, wipeJournal: moves.wipeJournal } },
  'rolled-back-flash': {
    about: 'its memory is that of some time ago',
    moves: { useOpenDoor, keepFlash: moves.keepFlash, rollBackFlash: moves.rollBackFlash },
  },
  'cloned-controller': {
    about: 'a second device with the same identity',
    moves: { useOpenDoor, copyDevice: moves.copyDevice },
  },
  'full-journal': {
    about: 'a small journal, no network, and much to tell',
    journalSize: 60,
    moves: { cutNetwork: moves.cutNetwork, tamper: moves.tamper },
  },
  'chattering-sensor': { about: 'a door sensor without rest', moves: { chatter: moves.chatter } },
} satisfies Record<string, Scenario>
export type ScenarioName = keyof typeof scenarios

/** mulberry32: the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const luckOf = (seed: number): moves.Luck => ({ random: seededRandom(seed), kept: null, copied: false })

type Play = { sims: SimController[]; scenario: ScenarioName; seed: number; speed: number }

/** Lets people and weather act on every device until the returned function is called. */
export function playScenario({ sims, scenario, seed, speed }: Play): () => void {
  const timers = new Set<NodeJS.Timeout>()
  const { moves: all }: Scenario = scenarios[scenario]
  sims.forEach((sim, index) => {
    const luck = luckOf(seed + index)
    for (const { everyMs, does } of Object.values(all)) {
      const next = () => {
        const act = () => {
          timers.delete(timer)
          does(sim, luck)
          next()
        }
        const timer = setTimeout(act, (everyMs * (0.5 + luck.random())) / speed)
        timers.add(timer)
      }
      next()
    }
  })
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}

type MovesOf<N extends ScenarioName> = Record<keyof (typeof scenarios)[N]['moves'], () => void>

/** The moves of a scenario for whoever says himself when each comes: the same seed makes the same of them. */
export function movesOf<N extends ScenarioName>(scenario: N, sim: SimController, seed: number): MovesOf<N> {
  const luck = luckOf(seed)
  const all = Object.entries(scenarios[scenario].moves as Record<string, moves.Move>)
  return Object.fromEntries(all.map(([name, { does }]) => [name, () => does(sim, luck)])) as MovesOf<N>
}
