import type { NameLook } from '../../schema/api/name-looks.ts'
import type { AccountRole } from '../../schema/api/roles.ts'
import { type Context, write } from '../context.ts'
import { appendHistory } from '../store/history.ts'
import { addLooks } from '../store/name-looks.ts'

/** Whoever looks at the same again within the hour is at the same piece of work. */
const sameWorkMs = 3600_000

type Seen = { siteId: string; how: NameLook; actorId: string; role: AccountRole; residentIds: string[] }

/**
 * Names that were shown without a reason asked for: each resident is told of it, and the site's history keeps who looked.
 * Done before the names are answered, also to a GET: a safe method may keep a record of itself (RFC 9110 9.2.1).
 */
export async function rememberLook(ctx: Context, { siteId, ...look }: Seen): Promise<void> {
  const { how, actorId, residentIds } = look
  if (residentIds.length === 0) return
  await write(ctx, async tx => {
    const at = ctx.now()
    const seen = await addLooks(tx, { ...look, at, since: new Date(at.getTime() - sameWorkMs) })
    if (seen.length === 0) return
    const whom = residentIds.length === 1 ? { residentId: residentIds[0] } : { people: seen.length }
    await appendHistory(tx, siteId, [{ type: 'names-seen', at, receivedAt: at, actorId, facts: { how, ...whom } }])
  })
}
