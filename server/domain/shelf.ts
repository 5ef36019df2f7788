import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { lockParcel } from '../store/parcels.ts'
import { insert, update } from '../store/rows.ts'
import { siteRules } from '../store/sites.ts'
import type { Size } from './allocation.ts'
import { calendarOf, deadlineAfter, nextReminder } from './deadlines.ts'
import { stateFact } from './hold-parcel.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { notify } from './notices.ts'
import { newReceipt, residentFor } from './parcels.ts'

export type OnShelf = {
  siteId: string
  residentId?: string | undefined
  flat?: string | undefined
  size: Size
  /** where it lies, in words: "A3" */
  shelf: string
  carrierId?: string | undefined
  carrier?: string | undefined
  tracking?: string | undefined
  actorId: string
}
export type Shelved = { id: string; receipt: string; state: 'waiting'; shelf: string }

/** No box fits: the parcel lies on the conciergerie's shelf and is handed over at the counter. No door, so no grant. */
export async function putOnShelf(ctx: Context, input: OnShelf): Promise<Shelved> {
  const { siteId, size, shelf, actorId, carrierId = null, carrier = null, tracking = null } = input
  return write(ctx, async (tx, after) => {
    const resident = await residentFor(tx, siteId, input)
    const now = ctx.now()
    const id = newId()
    const receipt = newReceipt()
    const rules = await siteRules(tx, siteId)
    const deadlineAt = deadlineAfter(now, rules.deadlineDays, calendarOf(rules))
    const remindAt = nextReminder(deadlineAt, rules.timeZone, now)?.at ?? null
    await insert(tx, 'parcels', {
      ...{ id, siteId, doorId: null, shelf, residentId: resident.id, carrierId, carrier, tracking, receipt, size },
      // it was in no box, so there is nothing that one goes back to
      ...{
        state: 'waiting',
        offerBefore: 'free',
        placingGrantId: null,
        madeAt: now,
        placedAt: now,
        deadlineAt,
        remindAt,
      },
    })
    await notify(tx, ctx, { kind: 'arrived', residentId: resident.id, parcelId: id, number: now.getTime() })
    const fact = stateFact({ id, doorId: null, state: 'waiting' }, now, actorId)
    await appendHistory(tx, siteId, [{ ...fact, facts: { receipt, size, shelf } }])
    after.changes({ siteId, parcels: [id] })
    return { id, receipt, state: 'waiting', shelf }
  })
}

type HandOver = { id: string; to: 'resident' | 'carrier'; actorId: string; reason?: string | undefined }

/** At the counter: to whom it is for, or back to the carrier. */
export async function handOver(ctx: Context, { id, to, actorId, reason }: HandOver) {
  return write(ctx, async (tx, after) => {
    const parcel = await lockParcel(tx, id)
    if (parcel?.shelf == null) throw new Refusal('not-on-shelf')
    if (parcel.state !== 'waiting' && parcel.state !== 'expired') throw new Refusal('parcel-ended')
    const now = ctx.now()
    const state = to === 'resident' ? ('collected' as const) : ('returned' as const)
    const noteId = reason ? await addNote(tx, parcel.siteId, reason, now) : null
    await update(tx, 'parcels', id, { state, endedAt: now })
    const fact = stateFact({ ...parcel, state }, now, actorId)
    await appendHistory(tx, parcel.siteId, [{ ...fact, facts: { at: 'counter', noteId } }])
    after.changes({ siteId: parcel.siteId, parcels: [id] })
    return { id, receipt: parcel.receipt, state, shelf: parcel.shelf }
  })
}

/** Its deadline has passed. */
export async function shelfOverdue(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx, after) => {
    const parcel = await lockParcel(tx, id)
    if (parcel?.state !== 'waiting') return
    await update(tx, 'parcels', id, { state: 'expired' })
    const now = ctx.now()
    await notify(tx, ctx, { kind: 'overdue', residentId: parcel.residentId, parcelId: id, number: now.getTime() })
    await appendHistory(tx, parcel.siteId, [stateFact({ ...parcel, state: 'expired' }, now, null)])
    after.changes({ siteId: parcel.siteId, parcels: [id] })
  })
}
