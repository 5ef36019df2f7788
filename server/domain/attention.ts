import type { Role } from '../../schema/api/shared.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { release, stillNeeds, type Thing, take } from '../store/attention.ts'
import { appendHistory } from '../store/history.ts'
import { releaseAlert, takeAlert } from './alerts.ts'
import { attentionFor } from './seen.ts'

type Hand = Thing & { actorId: string; role: Role }

/**
 * Somebody sees to it from now on, and the others see who. Of two at once the second is refused; who then says `over` has
 * it from the first. What a resident told keeps in its own row who sees to it.
 */
export async function takeAttention(ctx: Context, hand: Hand & { over?: boolean | undefined }): Promise<void> {
  const { siteId, kind, id, actorId, over = false } = hand
  const stillNeeded = (tx: Tx) => mustNeed(ctx, tx, hand)
  if (kind === 'told') return void (await takeAlert(ctx, { id, actorId, over, stillNeeded }))
  await write(ctx, async (tx, after) => {
    const needs = await stillNeeded(tx)
    const now = ctx.now()
    if (!(await take(tx, hand, { actorId, now, over }))) throw new Refusal('taken-already', { field: 'id' })
    await appendHistory(tx, siteId, [
      { type: 'attention-taken', at: now, receivedAt: now, ...needs, actorId, facts: { kind, subject: id } },
    ])
    after.changes({ siteId, attention: [`${kind}/${id}`] })
  })
}

/** Whoever saw to it does not any more, and it waits for somebody again. */
export async function releaseAttention(ctx: Context, hand: Hand): Promise<void> {
  const { siteId, kind, id, actorId } = hand
  const stillNeeded = (tx: Tx) => mustNeed(ctx, tx, hand)
  if (kind === 'told') return void (await releaseAlert(ctx, { id, actorId, stillNeeded }))
  await write(ctx, async (tx, after) => {
    const needs = await stillNeeded(tx)
    if (!(await release(tx, hand, actorId))) throw new Refusal('not-yours', { field: 'id' })
    const now = ctx.now()
    await appendHistory(tx, siteId, [
      { type: 'attention-released', at: now, receivedAt: now, ...needs, actorId, facts: { kind, subject: id } },
    ])
    after.changes({ siteId, attention: [`${kind}/${id}`] })
  })
}

/** Judged within the write: whoever asks again after a lost answer is told what they were told, also when it is over. */
async function mustNeed(ctx: Context, tx: Tx, hand: Hand) {
  const needs = await stillNeeds(tx, hand, { now: ctx.now(), seen: attentionFor(hand.role) })
  if (!needs) throw new Refusal('over-already', { field: 'id' })
  return needs
}
