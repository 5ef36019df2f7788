import { nextSaveUp } from './clock.ts'
import { heldBackUntil } from './sensors.ts'
import { quietHourMs } from './tries.ts'
import type { Turn } from './turn.ts'

/** When the device has to be asked again although nothing happens. */
export function nextWake(turn: Turn): number {
  const { uplink, moving, asks, doors, lockedUntil, quietUp, bootedAt } = turn.state
  let soonest = nextSaveUp(turn)
  const by = (up: number | null | undefined) => {
    if (up !== null && up !== undefined && up < soonest) soonest = up
  }
  if (uplink.phase !== 'down') {
    by(uplink.nextStatusUp)
    by(uplink.sending?.resendUp)
  }
  by(moving?.giveUpUp)
  // an answer that comes at the very end still counts, so the wait is over one ms later
  for (const { until } of Object.values(asks)) by(until + 1)
  for (const until of Object.values(lockedUntil)) by(until)
  for (const since of Object.values(quietUp)) by(since + quietHourMs)
  for (const [door, state] of Object.entries(doors)) {
    by(state.lockUp)
    by(state.heldUp)
    if (state.mode.mode !== 'normal') by(state.mode.until)
    by(heldBackUntil(turn, Number(door)))
  }
  return bootedAt + soonest
}
