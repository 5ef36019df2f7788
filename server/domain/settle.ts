import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { addSettlement, type Seen, suspectAt } from '../store/suspects.ts'
import { addNote } from './note.ts'

type Settled = { siteId: string; n: number; actorId: string; note: string } & Seen

/** Somebody looked into what does not add up. The row stays as it is; that and how it was settled is a row of its own. */
export async function settleSuspect(
  ctx: Context,
  { siteId, n, actorId, note, alsoOfParcels }: Settled,
): Promise<{ n: number }> {
  return write(ctx, async (tx, after) => {
    const suspect = await suspectAt(tx, siteId, n)
    if (!suspect || (suspect.parcelId && !alsoOfParcels)) throw new Refusal('not-found', { field: 'n' })
    const now = ctx.now()
    const noteId = await addNote(tx, siteId, note, now)
    if (!(await addSettlement(tx, { siteId, n, settledBy: actorId, settledAt: now, noteId })))
      throw new Refusal('settled-already', { field: 'n' })
    await appendHistory(tx, siteId, [
      { type: 'suspect-settled', at: now, receivedAt: now, ...suspect, actorId, facts: { settles: n, noteId } },
    ])
    const { controllerId, doorId } = suspect
    after.changes({
      siteId,
      ...(controllerId ? { controllers: [controllerId] } : {}),
      ...(doorId ? { doors: [doorId] } : {}),
    })
    return { n }
  })
}
