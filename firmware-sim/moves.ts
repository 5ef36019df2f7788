import type { SimController } from './controller.ts'
import type { Fault } from './faults.ts'
import type { Stored } from './machine/state.ts'

/** What is remembered between the moves of one device, and the luck they have. */
export type Luck = { random: () => number; kept: Stored | null; copied: boolean }
export type Move = { everyMs: number; does: (sim: SimController, luck: Luck) => void }

const pick = <T>(list: readonly T[], { random }: Luck): T | undefined => list[Math.floor(random() * list.length)]
const between = (least: number, most: number, { random }: Luck): number =>
  least + Math.floor(random() * (most - least + 1))

/** Somebody comes by an open door: what lay in it is taken, an empty one is filled, and it is pulled shut. */
export const useOpenDoor: Move = {
  everyMs: 8_000,
  does(sim, luck) {
    const open = sim.state().doors.filter(each => each.leaf === 'open')
    const door = pick(open, luck)
    if (!door) return
    if (door.kind === 'compartment') door.occupied ? sim.take(door.door) : sim.put(door.door)
    sim.shutDoor(door.door)
  },
}

export const typeWrong: Move = {
  everyMs: 20_000,
  does(sim, luck) {
    const keypad = pick(sim.state().keypads, luck)
    const code = String(Math.floor(luck.random() * 1e8)).padStart(8, '0')
    if (keypad) void sim.typeCode(keypad.keypad, code)
  },
}

export const blinkNetwork: Move = {
  everyMs: 30_000,
  does: sim => (sim.state().network ? sim.cutNetwork() : sim.restoreNetwork()),
}
export const cutNetwork: Move = { everyMs: 5_000, does: sim => sim.cutNetwork() }
export const blinkPower: Move = {
  everyMs: 60_000,
  does: sim => (sim.state().power ? sim.cutPower() : sim.restorePower()),
}
export const restorePower: Move = { everyMs: 5_000, does: sim => sim.restorePower() }

export const forceDoor: Move = {
  everyMs: 45_000,
  does(sim, luck) {
    const door = pick(sim.state().doors, luck)
    if (door?.leaf === 'closed') sim.openDoor(door.door)
  },
}

/** A bolt that sticks until the next time; the steel of the frame, not a fault that goes by. */
export const jamDoor: Move = {
  everyMs: 60_000,
  does(sim, luck) {
    const door = pick(sim.state().doors, luck)
    if (door) sim.jam(door.door, !door.jammed)
  },
}

const deaths = ['die-after-accepted-before-bolt', 'die-after-bolt-before-unlocked', 'die-after-unlocked'] as const

/** The power goes at the worst point of the next opening. */
export const dieInNextOpening: Move = {
  everyMs: 15_000,
  does(sim, luck) {
    const point = pick(deaths, luck)!
    if (!sim.faults.some(each => each.point.startsWith('die-'))) sim.faults.push({ point, times: 1 })
  },
}

/** Up and down, whatever it says: lost, twice, late, or after the next one. */
export const disturbLink: Move = {
  everyMs: 5_000,
  does(sim, luck) {
    const way = pick(['up', 'down'] as const, luck)!
    const point = pick(['drop', 'double', 'swap', 'delay'] as const, luck)!
    const times = between(1, 3, luck)
    arm(sim, point === 'delay' ? { point, way, times, ms: between(20, 800, luck) } : { point, way, times })
  },
}

/** A fault nobody has run into yet stays one, however long it is quiet. */
function arm(sim: SimController, fault: Extract<Fault, { way: 'up' | 'down' }>) {
  const same = (each: Fault) => 'way' in each && each.way === fault.way && each.kind === fault.kind
  if (!sim.faults.some(each => each.point === fault.point && same(each))) sim.faults.push(fault)
}

const upKinds = ['status', 'events', 'code']
const downKinds = ['welcome', 'ack', 'order', 'grants', 'config']

export const doubleMessages: Move = {
  everyMs: 5_000,
  does(sim) {
    for (const kind of upKinds) arm(sim, { point: 'double', way: 'up', kind, times: 1 })
    for (const kind of downKinds) arm(sim, { point: 'double', way: 'down', kind, times: 1 })
  },
}
export const loseAcks: Move = {
  everyMs: 10_000,
  does: (sim, luck) => arm(sim, { point: 'drop', way: 'down', kind: 'ack', times: between(1, 2, luck) }),
}

/** A sensor says what is not so, or tells the truth again. */
export const lieOrNot: Move = {
  everyMs: 20_000,
  does(sim, luck) {
    const door = pick(sim.state().doors, luck)
    if (!door) return
    const lies = [{ occupied: !door.occupied }, { leaf: door.leaf === 'open' ? 'closed' : 'open' }, null] as const
    sim.lieSensor(door.door, pick(lies, luck)!)
  },
}

/** One door sensor without rest, always the first door's. */
export const chatter: Move = {
  everyMs: 50,
  does(sim, luck) {
    const door = sim.state().doors[0]
    if (door) sim.lieSensor(door.door, luck.random() < 0.5 ? { leaf: 'open' } : null)
  },
}

export const driftClock: Move = {
  everyMs: 30_000,
  does: (sim, luck) => sim.driftClock(between(31, 900, luck) * 1000 * (luck.random() < 0.5 ? -1 : 1)),
}
/** Without a battery the clock goes with the power; without network nobody sets it again. */
export const loseClock: Move = {
  everyMs: 40_000,
  does(sim) {
    sim.cutNetwork()
    sim.loseClock()
  },
}

export const reboot: Move = {
  everyMs: 1_500,
  does(sim, luck) {
    if (luck.random() < 0.5) return sim.reset('watchdog')
    sim.cutPower()
    sim.restorePower()
  },
}

export const wipeJournal: Move = {
  everyMs: 60_000,
  does: sim => sim.exchangeFlash({ ...sim.stored(), journal: null }),
}

export const keepFlash: Move = {
  everyMs: 40_000,
  does(sim, luck) {
    luck.kept = sim.stored()
  },
}
/** As by a repair that puts an old image back: journal, list and uses are those of that time. */
export const rollBackFlash: Move = {
  everyMs: 60_000,
  does: (sim, { kept }) => kept && sim.exchangeFlash(kept),
}

/** Once: the same identity then runs twice. */
export const copyDevice: Move = {
  everyMs: 10_000,
  does(sim, luck) {
    if (!luck.copied) void sim.copy()
    luck.copied = true
  },
}

export const tamper: Move = { everyMs: 500, does: sim => sim.tamper() }
