import type { AlertKind } from '../../schema/api/alerts.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import {
  type AlertRow,
  addAlert,
  changeAlert,
  entriesAbout,
  hasLaterParcel,
  lockAlert,
  openAlert,
} from '../store/alerts.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { isBeingUsed } from '../store/parcels.ts'
import type { ParcelRow } from '../store/rows.ts'
import { applyOutcome, holdParcel } from './hold-parcel.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { parcelStep } from './parcel-rules.ts'

const evidenceMs = 15 * 60_000
/** A parcel that was put into a box: before that, and once the carrier has it back, there is nothing to say about it. */
const inABox: ParcelRow['state'][] = ['waiting', 'expired', 'collected', 'contested']

export type NewAlert = {
  parcelId: string
  kind: AlertKind
  says?: string | undefined
  /** null: whoever had the code, at the bank */
  actorId: string | null
}

/**
 * "Not my parcel": contested, and its box is not offered until somebody looked. "Damaged" and "the door did not open" move
 * nothing. The alert keeps what the bank had told by then, as numbers in the history. Said again within the time of that, and
 * without another word, it is the same alert.
 */
export async function makeAlert(ctx: Context, input: NewAlert): Promise<{ id: string; parcelState: string }> {
  return write(ctx, async (tx, after) => {
    const held = await holdParcel(tx, input.parcelId)
    const { parcel, door, controller } = held
    if (!inABox.includes(parcel.state)) throw new Refusal('not-in-a-box')
    const now = ctx.now()
    const since = new Date(now.getTime() - evidenceMs)
    const { siteId } = parcel
    const { kind, actorId: madeBy } = input
    const isAsSaid = !input.says && (kind !== 'not-mine' || parcel.state === 'contested')
    const before = isAsSaid ? await openAlert(tx, { parcelId: parcel.id, kind, since }) : undefined
    if (before) return { id: before, parcelState: parcel.state }
    const id = newId()
    const about = { siteId, controllerId: controller.id, doorId: door.id, since }
    const entries = await entriesAbout(tx, about)
    const told = {
      online: controller.online,
      lastSeenAt: controller.lastHeardAt?.getTime() ?? null,
      doorState: door.state,
    }
    const noteId = input.says ? await addNote(tx, siteId, input.says, now) : null
    const facts = { ...told, entries }
    await addAlert(tx, { id, siteId, parcelId: parcel.id, kind, facts, noteId, madeBy, madeAt: now })
    const made: Fact = {
      ...{ type: 'alert-made', at: now, receivedAt: now, parcelId: parcel.id, doorId: door.id, actorId: madeBy },
      facts: { alertId: id, kind, noteId, ...told },
    }
    let parcelState = parcel.state
    const changes: Fact[] = []
    if (kind === 'not-mine') {
      // nor while a courier is at the box with another: it is looked into when they have gone
      const last = !(await hasLaterParcel(tx, parcel)) && !(await isBeingUsed(tx, door.id))
      const outcome = parcelStep(parcel, door, { type: 'not-mine', last }, now)
      changes.push(...(await applyOutcome(ctx, tx, after, held, outcome)))
      parcelState = outcome.parcel.state ?? parcel.state
    }
    await appendHistory(tx, siteId, [made, ...changes])
    after.changes({ siteId, doors: [door.id], parcels: [parcel.id], attention: [`told/${id}`] })
    return { id, parcelState }
  })
}

type ByHand = { id: string; actorId: string }
/** `stillNeeded`: refuses what is over, or not theirs to see */
type Taking = ByHand & { stillNeeded?: (tx: Tx) => Promise<unknown> }
type AlertNow = { id: string; state: AlertRow['state'] }

/** A caretaker looks after it from now on, and the others see who; `over`: also when somebody else did. */
export const takeAlert = (ctx: Context, { over = false, ...hand }: Taking & { over?: boolean }): Promise<AlertNow> =>
  move(ctx, hand, async (_tx, alert) => {
    if (alert.state === 'taken' && !over) throw new Refusal('taken-already')
    return { state: 'taken', takenBy: hand.actorId, takenAt: ctx.now() }
  })

/** Whoever took it looks after it no longer. */
export const releaseAlert = (ctx: Context, hand: Taking): Promise<AlertNow> =>
  move(ctx, hand, async (_tx, alert) => {
    if (alert.takenBy !== hand.actorId) throw new Refusal('not-yours')
    return { state: 'open', takenBy: null, takenAt: null }
  })

/** What was found and done stands in the note. Anybody at the site may, also when somebody else had taken it. */
export const settleAlert = (ctx: Context, { id, actorId, note }: ByHand & { note: string }): Promise<AlertNow> =>
  move(ctx, { id, actorId }, async (tx, alert) => {
    const settleNoteId = await addNote(tx, alert.siteId, note, ctx.now())
    return { state: 'settled', settledBy: actorId, settledAt: ctx.now(), settleNoteId }
  })

type Move = (tx: Tx, alert: AlertRow) => Promise<Partial<AlertRow> & Pick<AlertRow, 'state'>>

const factOf = { open: 'alert-released', taken: 'alert-taken', settled: 'alert-settled' } as const

async function move(ctx: Context, { id, actorId, stillNeeded }: Taking, work: Move): Promise<AlertNow> {
  return write(ctx, async (tx, after) => {
    await stillNeeded?.(tx)
    const alert = await lockAlert(tx, id)
    if (!alert) throw new Refusal('not-found', { field: 'id' })
    if (alert.state === 'settled') throw new Refusal('settled-already')
    const patch = await work(tx, alert)
    await changeAlert(tx, id, patch)
    const now = ctx.now()
    const { siteId, parcelId } = alert
    const facts = { alertId: id, noteId: patch.settleNoteId ?? null }
    await appendHistory(tx, siteId, [{ type: factOf[patch.state], at: now, receivedAt: now, parcelId, actorId, facts }])
    after.changes({ siteId, parcels: [parcelId], attention: [`told/${id}`] })
    return { id, state: patch.state }
  })
}
