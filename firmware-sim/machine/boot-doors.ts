import { record } from './journal.ts'
import type { DoorState, Held, Sensed } from './state.ts'
import { changeDoor, type Turn, upOf } from './turn.ts'

const lastOf = (held: Held[], door: number, types: string[]): string | null => {
  const found = held.findLast(({ event }) => event.door === door && types.includes(String(event.type)))
  return found ? String(found.event.type) : null
}

export function doorAtBoot(held: Held[], sensed: Sensed[], door: number): DoorState {
  const sense = sensed.find(each => each.door === door)
  const leaf = lastOf(held, door, ['opened', 'closed'])
  const contents = lastOf(held, door, ['occupied', 'vacant'])
  return {
    bolt: sense?.bolt ?? 'locked',
    leaf: sense?.leaf ?? 'closed',
    occupied: sense?.occupied ?? false,
    said: {
      leaf: leaf === 'opened' ? 'open' : 'closed',
      // an opening that was under way has to be told to its end
      occupied: leaf === 'opened' ? null : contents === 'occupied',
    },
    fresh: true,
    pairUp: null,
    forcedUp: null,
    lockUp: null,
    heldUp: null,
    opening: null,
    reopen: null,
    mode: { mode: 'normal', until: 0 },
  }
}

/** What happened while the power was away: bolts go home, and the sensors are compared with the journal. */
export function catchUpAtBoot(turn: Turn, held: Held[], sensed: Sensed[]) {
  for (const { door, doorSensor, occupancySensor } of turn.state.setup.doors) {
    const state = turn.state.doors[door]!
    if (state.bolt === 'unlocked') turn.effects.push({ type: 'bolt', door, to: 'locked' })
    const mode = held.findLast(each => each.event.type === 'mode-changed' && each.event.door === door)
    if (mode && mode.event.mode !== 'normal') record(turn, { type: 'mode-changed', door, mode: 'normal' })
    if (!sensed.some(each => each.door === door)) continue
    if (doorSensor) sayLeaf(turn, held, door)
    if (occupancySensor) sayContents(turn, door)
  }
}

function sayLeaf(turn: Turn, held: Held[], door: number) {
  const { leaf, said, bolt } = turn.state.doors[door]!
  if (leaf === 'open') changeDoor(turn, door, { heldUp: upOf(turn) + turn.state.flash.config.heldOpenMs })
  if (leaf === said.leaf) return
  const before = lastOf(held, door, ['accepted', 'unlocked', 'opened', 'closed', 'jammed'])
  // a bolt that is drawn was so without power: a fail-safe lock, or the handle inside
  const expected = before === null || before === 'accepted' || before === 'unlocked' || bolt === 'unlocked'
  if (leaf === 'open' && !expected) record(turn, { type: 'forced', door })
  if (!record(turn, { type: leaf === 'open' ? 'opened' : 'closed', door })) return
  changeDoor(turn, door, { said: { ...said, leaf } })
}

function sayContents(turn: Turn, door: number) {
  const { leaf, said, occupied } = turn.state.doors[door]!
  if (leaf !== 'closed' || said.occupied === occupied) return
  if (!record(turn, { type: occupied ? 'occupied' : 'vacant', door })) return
  changeDoor(turn, door, { said: { ...said, occupied } })
}
