import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { reviveNotice } from '../store/notices.ts'

/** A dead one begins anew, with all its tries; its key stays, so that a provider that had it takes it once. */
export async function retryNotice(
  ctx: Context,
  { id, actorId }: { id: string; actorId: string },
): Promise<{ id: string; state: 'waiting' }> {
  return write(ctx, async tx => {
    const now = ctx.now()
    const notice = await reviveNotice(tx, id, now)
    if (!notice) throw new Refusal('not-dead', { field: 'id' })
    const { siteId, parcelId, kind, channel } = notice
    const facts = { noticeId: id, kind, channel }
    await appendHistory(tx, siteId, [{ type: 'notice-retried', at: now, receivedAt: now, parcelId, actorId, facts }])
    return { id, state: 'waiting' }
  })
}
