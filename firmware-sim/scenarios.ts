import type { SimController } from './controller.ts'

type Move = { everyMs: number; does: (sim: SimController, random: () => number) => void }
type Scenario = { about: string; moves: Move[] }

const pick = <T>(list: T[], random: () => number): T | undefined => list[Math.floor(random() * list.length)]

/** Somebody comes by an open door: what lay in it is taken, an empty one is filled, and it is pulled shut. */
const useOpenDoor: Move = {
  everyMs: 8_000,
  does(sim, random) {
    const door = pick(
      sim.state().doors.filter(each => each.leaf === 'open'),
      random,
    )
    if (!door) return
    if (door.kind === 'compartment') door.occupied ? sim.take(door.door) : sim.put(door.door)
    sim.shutDoor(door.door)
  },
}
const typeWrong: Move = {
  everyMs: 20_000,
  does(sim, random) {
    const keypad = pick(sim.state().keypads, random)
    const code = String(Math.floor(random() * 1e8)).padStart(8, '0')
    if (keypad) void sim.typeCode(keypad.keypad, code)
  },
}
const blinkNetwork: Move = {
  everyMs: 30_000,
  does: sim => (sim.state().network ? sim.cutNetwork() : sim.restoreNetwork()),
}
const blinkPower: Move = { everyMs: 60_000, does: sim => (sim.state().power ? sim.cutPower() : sim.restorePower()) }
const forceDoor: Move = {
  everyMs: 45_000,
  does(sim, random) {
    const door = pick(sim.state().doors, random)
    if (door?.leaf === 'closed') sim.openDoor(door.door)
  },
}
const jamDoor: Move = {
  everyMs: 60_000,
  does(sim, random) {
    const door = pick(sim.state().doors, random)
    if (door) sim.jam(door.door, !door.jammed)
  },
}

export const scenarios = {
  calm: { about: 'people use the doors that open, nothing else', moves: [useOpenDoor] },
  idle: { about: 'nothing moves by itself', moves: [] },
  flaky: { about: 'the network comes and goes', moves: [useOpenDoor, blinkNetwork] },
  brownout: { about: 'network and power come and go', moves: [useOpenDoor, blinkNetwork, blinkPower] },
  vandal: { about: 'wrong codes and forced doors', moves: [useOpenDoor, typeWrong, forceDoor] },
  worn: { about: 'bolts that stick now and then', moves: [useOpenDoor, jamDoor] },
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

type Play = { sims: SimController[]; scenario: ScenarioName; seed: number; speed: number }

/** Lets people and weather act on every device until the returned function is called. */
export function playScenario({ sims, scenario, seed, speed }: Play): () => void {
  const timers = new Set<NodeJS.Timeout>()
  sims.forEach((sim, index) => {
    const random = seededRandom(seed + index)
    for (const { everyMs, does } of scenarios[scenario].moves) {
      const next = () => {
        const timer = setTimeout(
          () => {
            timers.delete(timer)
            does(sim, random)
            next()
          },
          (everyMs * (0.5 + random())) / speed,
        )
        timers.add(timer)
      }
      next()
    }
  })
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}
