import type { Sensed } from './machine/state.ts'

/** The steel itself, which keeps its position whatever happens to the electronics. */
export type Steel = { bolt: 'locked' | 'unlocked'; leaf: 'open' | 'closed'; occupied: boolean; jammed: boolean }
export type Lie = { leaf?: 'open' | 'closed'; occupied?: boolean }
export type Change =
  | { type: 'bolt-moved'; door: number; to: 'locked' | 'unlocked' }
  | { type: 'bolt-stuck'; door: number }
  | { type: 'leaf'; door: number; leaf: 'open' | 'closed' }
  | { type: 'contents'; door: number; occupied: boolean }
export type Hardware = {
  door(door: number): Steel
  sensed(): Sensed[]
  moveBolt(door: number, to: 'locked' | 'unlocked'): Change[]
  /** a lock that is fail-safe lets go of its door */
  losePower(): void
  /** the handle inside draws the bolt, whatever motor and power do; it goes home with the next move of the motor */
  handle(door: number): Change[]
  open(door: number): Change[]
  shut(door: number): Change[]
  fill(door: number, occupied: boolean): Change[]
  jam(door: number, jammed: boolean): void
  lie(door: number, lie: Lie | null): Change[]
}

type Parts = {
  doors: { door: number; springs: boolean; withoutPower?: 'fail-safe' | 'fail-secure' }[]
  saved: Record<number, Steel> | null
  save: (steel: Record<number, Steel>) => void
}

/** Bolts, doors and what lies behind them. Sensors say what is, unless they were told to lie. */
export function makeHardware({ doors, saved, save }: Parts): Hardware {
  const fresh = (): Steel => ({ bolt: 'locked', leaf: 'closed', occupied: false, jammed: false })
  const steel: Record<number, Steel> = Object.fromEntries(
    doors.map(({ door }) => [door, { ...fresh(), ...saved?.[door] }]),
  )
  const lies: Record<number, Lie> = {}
  const at = (door: number): Steel => {
    const found = steel[door]
    if (!found) throw new Error(`there is no door ${door}`)
    return found
  }
  const set = (door: number, patch: Partial<Steel>) => {
    steel[door] = { ...at(door), ...patch }
    save(steel)
  }
  const leafOf = (door: number) => lies[door]?.leaf ?? at(door).leaf
  const contentsOf = (door: number) => lies[door]?.occupied ?? at(door).occupied
  const sensesOf = (door: number): Change[] => [
    { type: 'leaf', door, leaf: leafOf(door) },
    { type: 'contents', door, occupied: contentsOf(door) },
  ]

  return {
    door: door => ({ ...at(door) }),
    sensed: () =>
      doors.map(({ door }) => ({ door, bolt: at(door).bolt, leaf: leafOf(door), occupied: contentsOf(door) })),
    moveBolt(door, to) {
      if (at(door).jammed && to === 'unlocked') return [{ type: 'bolt-stuck', door }]
      const springsOpen = to === 'unlocked' && doors.some(each => each.door === door && each.springs)
      set(door, springsOpen ? { bolt: to, leaf: 'open' } : { bolt: to })
      const moved: Change = { type: 'bolt-moved', door, to }
      return springsOpen ? [moved, { type: 'leaf', door, leaf: leafOf(door) }] : [moved]
    },
    losePower() {
      for (const { door, withoutPower } of doors) if (withoutPower === 'fail-safe') set(door, { bolt: 'unlocked' })
    },
    handle(door) {
      set(door, { bolt: 'unlocked' })
      return [{ type: 'bolt-moved', door, to: 'unlocked' }]
    },
    open(door) {
      set(door, { leaf: 'open' })
      return [{ type: 'leaf', door, leaf: leafOf(door) }]
    },
    shut(door) {
      set(door, { leaf: 'closed' })
      // the contents are sensed first, so that what `closed` brings along is true
      return sensesOf(door).reverse()
    },
    fill(door, occupied) {
      if (at(door).leaf === 'closed') throw new Error(`door ${door} is closed`)
      set(door, { occupied })
      return [{ type: 'contents', door, occupied: contentsOf(door) }]
    },
    jam: (door, jammed) => set(door, { jammed }),
    lie(door, lie) {
      if (lie) lies[door] = lie
      else delete lies[door]
      return sensesOf(door).reverse()
    },
  }
}
