import type { Fact } from '../store/history.ts'
import type { Flight } from './inbox.ts'

/** What an opening ends with, and the boot that leaves it without an end: one bolt moves at a time. */
const decisive = ['accepted', 'unlocked', 'jammed', 'started']

/**
 * After a boot: was an opening accepted of which nobody can say whether the bolt moved? The grant counts as unused and may
 * be tried again, so the doubt stands in the history as suspect for the caretaker.
 */
export async function doubtAtBoot(flight: Flight, started: Fact): Promise<void> {
  const { controller, facts, after } = flight
  const last = (await lastDecisive(flight, started)) ?? started
  if (last.type !== 'accepted') return
  const { at, doorId = null, grantId = null, orderId = null, parcelId = null } = last
  const { receivedAt, live = true } = started
  const about = { controllerId: controller.id, doorId, grantId, orderId, parcelId }
  const suspect = 'accepted, but whether the bolt moved is not known'
  facts.push({ type: 'opening-doubted', at, receivedAt, live, ...about, suspect })
  const touched = { doors: doorId ? [doorId] : [], parcels: parcelId ? [parcelId] : [] }
  after.changes({ siteId: controller.siteId, controllers: [controller.id], ...touched })
}

async function lastDecisive({ tx, controller, facts }: Flight, started: Fact): Promise<Fact | undefined> {
  const journal = started.journal ?? null
  const before = facts.filter(
    fact =>
      fact.controllerId === controller.id &&
      fact.journal === journal &&
      decisive.includes(fact.type) &&
      fact.seq! < started.seq!,
  )
  if (before.length > 0) return before.sort((a, b) => b.seq! - a.seq!)[0]
  const [stored] = await tx<Fact[]>`
    select * from history where controller_id = ${controller.id} and journal = ${journal} and type = any(${decisive})
    order by seq desc limit 1`
  return stored
}
