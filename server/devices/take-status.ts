import { decodeUp } from '../../schema/wire/codec.ts'
import { limits } from '../../schema/wire/limits.ts'
import type { DoorReport, KeypadReport, Offline, Online } from '../../schema/wire/status.ts'
import type { ControllerRow, DoorRow } from '../store/rows.ts'
import { update } from '../store/rows.ts'
import { doubtfulUntil, judgeDoubt } from './after-restore.ts'
import { doubts } from './identity.ts'
import type { Flight } from './inbox.ts'
import { malformed } from './malformed.ts'

export async function takeStatus(flight: Flight, payload: Buffer): Promise<void> {
  const decoded = decodeUp('status', payload)
  if (!decoded.ok) return malformed(flight, 'status', payload, decoded.problem)
  return decoded.value.state === 'online' ? online(flight, decoded.value) : offline(flight, decoded.value)
}

async function offline(flight: Flight, status: Offline): Promise<void> {
  const { controller, tx } = flight
  if (status.link !== controller.link || !controller.online) return
  await update(tx, 'controllers', controller.id, { online: false })
  controller.online = false
  tell(flight, 'controller-offline', {})
}

/** Lower than something heard before: it was under way for long, or comes from a flash rolled back. */
export const isOld = (
  heard: { journal: string | null; last: number; boot: string | null; up: number },
  status: Pick<Online, 'journal' | 'last' | 'boot' | 'up'>,
): boolean =>
  (status.journal === heard.journal && status.last < heard.last) || (status.boot === heard.boot && status.up < heard.up)

async function online(flight: Flight, status: Online): Promise<void> {
  const { controller, tx } = flight
  const { freshJournal } = await doubts(flight, status)
  if (isOld(controller, status)) {
    if (status.boot !== controller.boot) return welcome(flight, status)
    return
  }
  const wasOnline = controller.online && controller.boot === status.boot
  const [clock] = await tx<{ now: Date }[]>`select clock_timestamp() as now`
  const { boot, up, journal, first, last, firmware, link } = status
  const until = doubtfulUntil(flight, status)
  const made = versions(flight, status, freshJournal)
  const heard = {
    ...{ online: true, lastHeardAt: flight.now, link, boot, up, upAt: clock!.now, journal, first, last, firmware },
    ...{ clock: status.clock, grantsKnown: status.grants, configKnown: status.config, ...made },
  }
  const later = (status.doorsPage ?? 1) > 1
  const isLast = (status.doorsPage ?? 1) >= (status.doorsPages ?? 1)
  const seen = status.doors || later ? await doorsSeen(flight, { said: status.doors ?? [], later, isLast }) : {}
  // pages of one status tell one set of keypads; the first begins anew
  const pads = joined(later ? ((controller.keypads ?? []) as KeypadReport[]) : [], status.keypads ?? [])
  const keypads = status.keypads || status.doorsPage ? { keypads: pads } : {}
  const row = {
    ...heard,
    ...seen,
    ...(seen.doorsSaid ? { doorsSaid: tx.json(seen.doorsSaid as never) } : {}),
    ...(keypads.keypads ? { keypads: tx.json(pads as never) } : {}),
  }
  await update(tx, 'controllers', controller.id, row)
  Object.assign(controller, heard, seen, keypads)
  if (!wasOnline) tell(flight, 'controller-online', { boot, firmware, clock: status.clock })
  flight.after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  await judgeDoubt(flight, { until, seq: await lostEvents(flight, status) })
  if (!isLast) return
  await welcome(flight, status)
  if (status.grants !== -1 && status.grants < controller.grantsMade) flight.after.device({ grants: controller.id })
  if (status.config < controller.configMade) flight.after.device({ config: controller.id })
}

/**
 * A device that knows of a higher version than ours heard it before a restore: ours goes on from there. One with a new
 * journal may have forgotten what it used, and only a new version tells the uses since the last.
 */
function versions({ controller, now }: Flight, status: Online, freshJournal: boolean) {
  const forgot = freshJournal && controller.grantsMade > 0
  return {
    ...(forgot ? { grantsMade: Math.max(controller.grantsMade + 1, now.getTime()) } : {}),
    ...(status.grants > controller.grantsMade ? { grantsMade: Math.max(status.grants + 1, now.getTime()) } : {}),
    ...(status.config > controller.configMade ? { configMade: status.config + 1 } : {}),
  }
}

/** The last number recorded of the journal, after what `first` says is gone for good. */
async function lostEvents({ tx, controller, facts, now }: Flight, { journal, first }: Online): Promise<number> {
  await tx`
    insert into journals (controller_id, journal, seq, created_at)
    values (${controller.id}, ${journal}, ${Math.max(0, first - 1)}, ${now}) on conflict do nothing`
  const [row] = await tx<{ seq: number }[]>`
    select seq from journals where controller_id = ${controller.id} and journal = ${journal}`
  if (first <= row!.seq + 1) return row!.seq
  const about = { at: now, receivedAt: now, controllerId: controller.id, journal, live: false }
  facts.push({ type: 'loss', ...about, facts: { from: row!.seq + 1, to: first - 1 }, suspect: 'events lost' })
  await tx`update journals set seq = ${first - 1} where controller_id = ${controller.id} and journal = ${journal}`
  return first - 1
}

async function welcome({ tx, controller, answer, now }: Flight, { journal, up, first }: Online): Promise<void> {
  const [row] = await tx<{ seq: number | null }[]>`
    select
      (select seq from journals where controller_id = ${controller.id} and journal = ${journal}) as seq`
  const seq = row!.seq ?? Math.max(0, first - 1)
  answer('welcome', { journal, seq, time: now.getTime(), up, beatMs: limits.beatMs })
}

/** Entries with the same number are parts of one keypad. */
function joined(...lists: KeypadReport[][]): KeypadReport[] {
  const doors = new Map<number, Set<number>>()
  for (const each of lists.flat()) doors.set(each.keypad, new Set([...(doors.get(each.keypad) ?? []), ...each.doors]))
  return [...doors].map(([keypad, served]) => ({ keypad, doors: [...served] }))
}

type Said = { said: DoorReport[]; later: boolean; isLast: boolean }

/** Doors that are not as the site expects them are shown, never silently taken over; judged when all pages are here. */
async function doorsSeen({ tx, controller }: Flight, { said, later, isLast }: Said): Promise<Partial<ControllerRow>> {
  const doorsSaid = [...(later ? ((controller.doorsSaid ?? []) as DoorReport[]) : []), ...said]
  if (!isLast) return { doorsSaid }
  const expected = await tx<DoorRow[]>`select * from doors where controller_id = ${controller.id} order by door`
  return { doorsSaid, doorsDiffer: difference(expected, doorsSaid).join('; ') || null }
}

function difference(expected: DoorRow[], said: DoorReport[]): string[] {
  const found: string[] = []
  for (const report of said) {
    const door = expected.find(each => each.door === report.door)
    if (!door) found.push(`${report.door}: not expected`)
    else
      for (const member of ['kind', 'size', 'height', 'doorSensor', 'occupancySensor'] as const)
        if (report[member] !== undefined && report[member] !== door[member])
          found.push(`${report.door}: ${member} is ${report[member]}, expected ${door[member]}`)
  }
  for (const { door } of expected) if (!said.some(each => each.door === door)) found.push(`${door}: missing`)
  return found
}

function tell({ controller, facts, now, after }: Flight, type: string, more: object): void {
  facts.push({ type, at: now, receivedAt: now, controllerId: controller.id, facts: more })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}
