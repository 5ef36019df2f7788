import { Refusal } from '../refusal.ts'

const windowMs = 3_600_000
/**
 * How many residents a session, and all sessions of its carrier together, are shown in an hour beyond what their parcels
 * explain. The carrier's bound is there because whoever signs in again has a fresh session.
 */
const most = { session: 25, carrier: 75 }
/** what one look-up shows at most, and so what each parcel that was brought explains */
const perParcel = 5

type Look = { sessionId: string; carrierId: string; residentIds: string[]; parcels: number; now: Date }

/**
 * Keeps couriers from reading off the building by letters: `seen-enough`, with the time from which there is room again, for
 * what would be too many. Whoever was shown before costs nothing. Each server counts what it showed itself, for an hour.
 */
export function makeSeenNeighbours() {
  const shown = new Map<string, Map<string, number>>()
  return ({ sessionId, carrierId, residentIds, parcels, now }: Look): void => {
    forget(shown, now.getTime() - windowMs)
    const bounds: [name: string, bound: number][] = [
      [`session ${sessionId}`, most.session + perParcel * parcels],
      [`carrier ${carrierId}`, most.carrier + perParcel * parcels],
    ]
    for (const [name, bound] of bounds) {
      const before = shown.get(name) ?? new Map<string, number>()
      const size = new Set([...before.keys(), ...residentIds]).size
      if (size === before.size || size <= bound) continue
      const leaves = [...before.values()][size - bound - 1]!
      throw new Refusal('seen-enough', { details: { until: new Date(leaves + windowMs).toISOString() } })
    }
    for (const [name] of bounds) {
      const all = shown.get(name) ?? new Map<string, number>()
      for (const id of residentIds) if (!all.has(id)) all.set(id, now.getTime())
      shown.set(name, all)
    }
  }
}

function forget(shown: Map<string, Map<string, number>>, before: number): void {
  for (const [name, all] of shown) {
    for (const [id, at] of all) if (at <= before) all.delete(id)
    if (all.size === 0) shown.delete(name)
  }
}
