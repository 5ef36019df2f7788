import { type After, type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { lastsUntil } from '../store/grants.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { hiddenParcels, lockParcel, setDeadlineBeside } from '../store/parcels.ts'
import { bumpGrants, type ControllerRow, lockController, type ParcelRow, parcelById, update } from '../store/rows.ts'
import { type SiteRules, siteRules } from '../store/sites.ts'
import { addDays, type Day, dayOf, isDay } from './days.ts'
import {
  calendarOf,
  deadlineAfter,
  deadlineAfterHold,
  deadlineAfterOutage,
  nextReminder,
  opensAfterMs,
  outageMs,
  reminderNow,
} from './deadlines.ts'
import { applyOutcome, holdParcel, stateFact } from './hold-parcel.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { parcelStep } from './parcel-rules.ts'

export type NewDeadline = { id: string; state: ParcelRow['state']; deadlineAt: string; extensions: number }
type By = { id: string; actorId: string }

/** Free, as often as the site allows; a caretaker says why instead, and is not counted. */
export async function extendParcel(ctx: Context, input: By & { reason?: string | undefined }): Promise<NewDeadline> {
  return moveByHand(ctx, input, async (tx, parcel, rules) => {
    const now = ctx.now()
    const ofOwn = input.reason === undefined
    if (ofOwn && parcel.extensions >= rules.extensions)
      throw new Refusal('extended-already', { details: { extensions: rules.extensions } })
    const noteId = input.reason === undefined ? null : await addNote(tx, parcel.siteId, input.reason, now)
    const from = new Date(Math.max(now.getTime(), parcel.deadlineAt!.getTime()))
    const deadlineAt = deadlineAfter(from, rules.extensionDays, calendarOf(rules))
    const extensions = parcel.extensions + (ofOwn ? 1 : 0)
    return { deadlineAt, why: 'extended', patch: { extensions }, facts: { noteId } }
  })
}

/** Somebody is away until the end of that day: it waits until the first open day after it. */
export async function holdParcelFor(ctx: Context, input: By & { until: Day }): Promise<NewDeadline> {
  return moveByHand(ctx, input, async (_tx, _parcel, rules) => {
    const { until } = input
    const today = dayOf(ctx.now(), rules.timeZone)
    const latest = addDays(today, rules.holdDays)
    if (!isDay(until) || until < today) throw new Refusal('invalid', { field: 'until' })
    if (until > latest) throw new Refusal('held-too-long', { field: 'until', details: { latest } })
    const deadlineAt = deadlineAfterHold(until, calendarOf(rules))
    return { deadlineAt, why: 'held', patch: { heldUntil: until }, facts: { until } }
  })
}

type Moved = { deadlineAt: Date; why: 'extended' | 'held' | 'outage'; patch?: object; facts?: object }
type Reckon = (tx: Tx, parcel: ParcelRow, rules: SiteRules) => Promise<Moved>

async function moveByHand(ctx: Context, { id, actorId }: By, reckon: Reckon): Promise<NewDeadline> {
  return write(ctx, async (tx, after) => {
    const { doorId, joinedTo } = await parcelById(tx, id)
    // what lies beside another shares that one's deadline
    const held = doorId === null ? null : await holdParcel(tx, joinedTo ?? id)
    const parcel = held?.parcel ?? (await lockParcel(tx, id))!
    if ((parcel.state !== 'waiting' && parcel.state !== 'expired') || !parcel.deadlineAt)
      throw new Refusal('not-waiting')
    const rules = await siteRules(tx, parcel.siteId)
    const moved = await reckon(tx, parcel, rules)
    const facts = await moveDeadline(ctx, tx, { parcel, rules, actorId }, moved)
    if (held) {
      const outcome = parcelStep(parcel, held.door, { type: 'deadline-moved' }, ctx.now())
      facts.push(...(await applyOutcome(ctx, tx, after, held, outcome)))
      if (parcel.pickupGrantId) await newList(ctx, tx, after, held.controller)
    } else if (parcel.state === 'expired') {
      await update(tx, 'parcels', parcel.id, { state: 'waiting' })
      facts.push(stateFact({ ...parcel, state: 'waiting' }, ctx.now(), actorId))
    }
    after.changes({ siteId: parcel.siteId, parcels: [parcel.id] })
    await appendHistory(tx, parcel.siteId, facts)
    const deadlineAt = later(parcel.deadlineAt, moved.deadlineAt).toISOString()
    const { extensions = parcel.extensions } = (moved.patch ?? {}) as { extensions?: number }
    return { id, state: 'waiting', deadlineAt, extensions }
  })
}

const later = (a: Date, b: Date) => (a > b ? a : b)

/** Never earlier than it was. The pickup's grant goes along; its list is the caller's. */
async function moveDeadline(
  ctx: Context,
  tx: Tx,
  { parcel, rules, actorId }: { parcel: ParcelRow; rules: SiteRules; actorId: string | null },
  { deadlineAt: wanted, why, patch, facts }: Moved,
): Promise<Fact[]> {
  const now = ctx.now()
  const deadlineAt = later(parcel.deadlineAt!, wanted)
  // who asked for more time knows of it; after an outage they hear at once of what is left
  const atOnce = why === 'outage' && reminderNow(deadlineAt, rules.timeZone, now) !== null
  const remindAt = atOnce ? now : (nextReminder(deadlineAt, rules.timeZone, now)?.at ?? null)
  await update(tx, 'parcels', parcel.id, { deadlineAt, remindAt, ...patch })
  await setDeadlineBeside(tx, parcel, deadlineAt)
  const until = new Date(deadlineAt.getTime() + opensAfterMs)
  for (const grantId of [parcel.pickupGrantId, parcel.delegateGrantId, parcel.badgeGrantId])
    if (grantId) await lastsUntil(tx, grantId, until)
  const about = { parcelId: parcel.id, doorId: parcel.doorId, grantId: parcel.pickupGrantId, actorId }
  const told = { why, from: parcel.deadlineAt!.getTime(), to: deadlineAt.getTime(), ...facts }
  return [{ type: 'deadline-moved', at: now, receivedAt: now, ...about, facts: told }]
}

async function newList(ctx: Context, tx: Tx, after: After, controller: ControllerRow): Promise<void> {
  await bumpGrants(tx, controller.id, ctx.now())
  after.device({ grants: controller.id })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}

/** A bank that is back after more than an hour: every deadline it hid is later by as long. */
export async function afterOutage(ctx: Context, controllerId: string): Promise<void> {
  await write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const { awaySince, siteId } = controller
    if (!controller.online || awaySince === null) return
    await update(tx, 'controllers', controllerId, { awaySince: null })
    const awayMs = ctx.now().getTime() - awaySince.getTime()
    if (awayMs <= outageMs) return
    const parcels = await hiddenParcels(tx, controllerId, awaySince)
    if (parcels.length === 0) return
    const rules = await siteRules(tx, siteId)
    const facts: Fact[] = []
    for (const parcel of parcels) {
      const deadlineAt = deadlineAfterOutage(parcel.deadlineAt!, awayMs, calendarOf(rules))
      const moved = { deadlineAt, why: 'outage', facts: { awayMs } } as const
      facts.push(...(await moveDeadline(ctx, tx, { parcel, rules, actorId: null }, moved)))
    }
    await newList(ctx, tx, after, controller)
    after.changes({ siteId, parcels: parcels.map(each => each.id) })
    await appendHistory(tx, siteId, facts)
  })
}

export async function remindResident(ctx: Context, id: string): Promise<void> {
  await write(ctx, async tx => {
    const parcel = await lockParcel(tx, id)
    if (!parcel) return
    const now = ctx.now()
    const { deadlineAt, remindAt, residentId } = parcel
    if (parcel.state !== 'waiting' || !deadlineAt || !remindAt || remindAt > now) return
    const { timeZone } = await siteRules(tx, parcel.siteId)
    const kind = reminderNow(deadlineAt, timeZone, now)
    // the number is the day of the deadline: a deadline that moved is reminded of anew
    if (kind) await notify(tx, ctx, { kind, residentId, parcelId: id, number: dayOf(deadlineAt, timeZone) })
    await update(tx, 'parcels', id, { remindAt: nextReminder(deadlineAt, timeZone, now)?.at ?? null })
  })
}
