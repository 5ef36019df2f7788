import type { KnownFact } from '../../schema/api/fact-types.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { dropNotice, type NoticeRow, reviveNotice } from '../store/notices.ts'
import { addNote } from './note.ts'

type Dead = { id: string; actorId: string }

/** A dead one begins anew, with all its tries; its key stays, so that a provider that had it takes it once. */
export async function retryNotice(ctx: Context, { id, actorId }: Dead): Promise<{ id: string; state: 'waiting' }> {
  return write(ctx, async (tx, after) => {
    const notice = await reviveNotice(tx, id, ctx.now())
    after.changes(await recorded(ctx, tx, notice, { type: 'notice-retried', actorId }))
    return { id, state: 'waiting' }
  })
}

/** The resident was told in another way, or need not be any more; which one stands in the note. */
export async function settleNotice(
  ctx: Context,
  { id, actorId, note }: Dead & { note: string },
): Promise<{ id: string; state: 'dropped' }> {
  return write(ctx, async (tx, after) => {
    const notice = await dropNotice(tx, id)
    after.changes(await recorded(ctx, tx, notice, { type: 'notice-settled', actorId, note }))
    return { id, state: 'dropped' }
  })
}

type Done = { type: KnownFact; actorId: string; note?: string }

async function recorded(ctx: Context, tx: Tx, notice: NoticeRow | undefined, { type, actorId, note }: Done) {
  if (!notice) throw new Refusal('not-dead', { field: 'id' })
  const { id: noticeId, siteId, parcelId, kind, channel } = notice
  const now = ctx.now()
  const facts = { noticeId, kind, channel, ...(note ? { noteId: await addNote(tx, siteId, note, now) } : {}) }
  await appendHistory(tx, siteId, [{ type, at: now, receivedAt: now, parcelId, actorId, facts }])
  return { siteId, attention: [`notice-dead/${noticeId}`] }
}
