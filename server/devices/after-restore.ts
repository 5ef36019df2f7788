import type { KnownFact } from '../../schema/api/fact-types.ts'
import type { Online } from '../../schema/wire/status.ts'
import { change } from '../store/held.ts'
import type { Flight } from './flight.ts'

/**
 * GRANTS-27: the event until which this controller's grants are doubtful; asked before the status is written down.
 * Who knows higher versions than ours heard them before our database was restored: grants may have been used since. One
 * that keeps no list has no version to tell it by; there we are the only list, and what is outstanding at a new link may
 * be a use.
 */
export function doubtfulUntil({ controller }: Flight, status: Online): number | null {
  const restored = status.grants > controller.grantsMade || status.config > controller.configMade
  const onlyList = status.grants === -1 && status.link !== controller.link
  // another journal: the number waited for will never come
  const renumbered = controller.doubtfulUntil !== null && status.journal !== controller.journal
  return restored || onlyList || renumbered ? status.last : controller.doubtfulUntil
}

/** `seq` is recorded, `until` is needed: says so, or ends the doubt at once. */
export function judgeDoubt(flight: Flight, { until, seq }: { until: number | null; seq: number }): void {
  const { controller, held } = flight
  const inDoubt = controller.doubtfulUntil !== null
  if (!inDoubt && (until === null || until <= seq)) return
  if (!inDoubt) tell(flight, 'grants-doubtful', { recorded: seq, until })
  change(held.controllers, controller, { doubtfulUntil: until })
  settleDoubt(flight, seq)
}

/**
 * What was missing is in. Only now the list goes, in a new version: a grant that had left the device's list comes back
 * with it, and without the `usedAt` that those events told it would open a second time.
 */
export function settleDoubt(flight: Flight, seq: number): void {
  const { controller, held, now, after } = flight
  if (controller.doubtfulUntil === null || seq < controller.doubtfulUntil) return
  const grantsMade = Math.max(controller.grantsMade + 1, now.getTime())
  change(held.controllers, controller, { doubtfulUntil: null, grantsMade })
  after.device({ grants: controller.id })
  tell(flight, 'grants-certain', { recorded: seq })
}

function tell({ controller, facts, now, after }: Flight, type: KnownFact, more: object): void {
  facts.push({ type, at: now, receivedAt: now, controllerId: controller.id, facts: more })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}
