import type { Role } from '../../schema/api/shared.ts'
import { type Context, write } from '../context.ts'
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
  const needs = await mustNeed(ctx, hand)
  if (kind === 'told') return void (await takeAlert(ctx, { id, actorId, over }))
  await write(ctx, async (tx, after) => {
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
  const needs = await mustNeed(ctx, hand)
  if (kind === 'told') return void (await releaseAlert(ctx, { id, actorId }))
  await write(ctx, async (tx, after) => {
    if (!(await release(tx, hand, actorId))) throw new Refusal('not-yours', { field: 'id' })
    const now = ctx.now()
    await appendHistory(tx, siteId, [
      { type: 'attention-released', at: now, receivedAt: now, ...needs, actorId, facts: { kind, subject: id } },
    ])
    after.changes({ siteId, attention: [`${kind}/${id}`] })
  })
}

async function mustNeed(ctx: Context, hand: Hand) {
  const needs = await stillNeeds(ctx.sql, hand, { now: ctx.now(), seen: attentionFor(hand.role) })
  if (!needs) throw new Refusal('over-already', { field: 'id' })
  return needs
}
