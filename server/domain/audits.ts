import type { AuditView } from '../../schema/api/audits.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { type AuditRow, addAudit, auditById, auditDoors, endedAudit, runningAudit } from '../store/audits.ts'
import { appendHistory } from '../store/history.ts'
import { lockController } from '../store/rows.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'

type NewAudit = { controllerId: string; actorId: string; reason: string }

/** A walk along a bank. Its looks are the ordinary ones, so it is never in the way and can be left at any time. */
export async function startAudit(ctx: Context, { controllerId, actorId, reason }: NewAudit): Promise<{ id: string }> {
  return write(ctx, async tx => {
    const { siteId } = await lockController(tx, controllerId)
    const running = await runningAudit(tx, controllerId)
    if (running) throw new Refusal('audit-running', { details: { id: running.id } })
    const now = ctx.now()
    const id = newId()
    const noteId = await addNote(tx, siteId, reason, now)
    await addAudit(tx, { id, siteId, controllerId, madeBy: actorId, madeAt: now })
    const about = { at: now, receivedAt: now, controllerId, actorId, facts: { audit: id, noteId } }
    await appendHistory(tx, siteId, [{ type: 'audit-started', ...about }])
    return { id }
  })
}

/** `left`: the numbers of the boxes that nobody looked into. */
export async function endAudit(
  ctx: Context,
  input: { id: string; actorId: string },
): Promise<{ id: string; left: number[] }> {
  const { controllerId } = await mustBe(auditById(ctx.sql, input.id))
  return write(ctx, async tx => {
    const { siteId } = await lockController(tx, controllerId)
    const audit = await mustBe(auditById(tx, input.id))
    const doors = await auditDoors(tx, audit)
    const left = doors.filter(each => each.found === null).map(each => each.door)
    const now = ctx.now()
    if (!(await endedAudit(tx, audit.id, now))) throw new Refusal('audit-ended')
    const facts = { audit: audit.id, looked: doors.length - left.length, left }
    const about = { at: now, receivedAt: now, controllerId, actorId: input.actorId, facts }
    await appendHistory(tx, siteId, [{ type: 'audit-ended', ...about }])
    return { id: audit.id, left }
  })
}

export async function tellAudit(ctx: Context, id: string): Promise<AuditView> {
  const audit = await mustBe(auditById(ctx.sql, id))
  const { controllerId, madeAt, endedAt } = audit
  const times = { madeAt: madeAt.toISOString(), endedAt: endedAt?.toISOString() ?? null }
  return { id, controllerId, ...times, doors: await auditDoors(ctx.sql, audit) }
}

async function mustBe(found: Promise<AuditRow | undefined>): Promise<AuditRow> {
  const audit = await found
  if (!audit) throw new Refusal('not-found', { field: 'id' })
  return audit
}
