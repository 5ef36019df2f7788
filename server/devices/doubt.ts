import { pairKey } from '../store/held.ts'
import type { Fact } from '../store/history.ts'
import { decisive } from '../store/hold.ts'
import type { Flight } from './flight.ts'

/**
 * After a boot: was an opening accepted of which nobody can say whether the bolt moved? The grant counts as unused and may
 * be tried again, so the doubt stands in the history as suspect for the caretaker.
 */
export function doubtAtBoot(flight: Flight, started: Fact): void {
  const { controller, facts, after } = flight
  const last = lastDecisive(flight, started)
  if (last?.type !== 'accepted') return
  const { at, doorId = null, grantId = null, orderId = null, parcelId = null } = last
  const { receivedAt, live = true } = started
  const about = { controllerId: controller.id, doorId, grantId, orderId, parcelId }
  facts.push({ type: 'opening-doubted', at, receivedAt, live, ...about, suspect: 'bolt-in-doubt' })
  const touched = { doors: doorId ? [doorId] : [], parcels: parcelId ? [parcelId] : [] }
  after.changes({ siteId: controller.siteId, controllers: [controller.id], ...touched })
}

function lastDecisive({ held, controller, facts }: Flight, started: Fact): Fact | undefined {
  const journal = started.journal ?? null
  const before = facts.filter(
    fact =>
      fact.controllerId === controller.id &&
      fact.journal === journal &&
      decisive.includes(fact.type) &&
      fact.seq! < started.seq!,
  )
  if (before.length > 0) return before.sort((a, b) => b.seq! - a.seq!)[0]
  return held.lastDecisive.get(pairKey(controller.id, journal ?? ''))
}
