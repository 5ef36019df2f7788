import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { type DoorRow, doorById, lockController, update } from '../store/rows.ts'
import { addNote } from './note.ts'

type Alarm = Pick<DoorRow, 'alarm' | 'alarmAt'>

/**
 * What an event of a door makes of its alarm. What is told later than 60 s rings no more: it is history. A forced door
 * rings until somebody looked, one held open until it is shut.
 */
export function alarmAfter({ alarm }: Alarm, type: string, { at, live }: { at: Date; live: boolean }): Partial<Alarm> {
  if (type === 'forced' && live) return { alarm: 'forced', alarmAt: at }
  if (type === 'held-open' && live && alarm === null) return { alarm: 'held-open', alarmAt: at }
  if (type === 'closed' && alarm === 'held-open') return { alarm: null, alarmAt: null }
  return {}
}

/** Somebody looked at the door; what they found stands in the note. */
export async function endAlarm(
  ctx: Context,
  { doorId, actorId, reason }: { doorId: string; actorId: string; reason: string },
): Promise<{ id: string }> {
  const { controllerId } = await doorById(ctx.sql, doorId)
  return write(ctx, async (tx, after) => {
    await lockController(tx, controllerId)
    const { alarm, siteId } = await doorById(tx, doorId)
    if (alarm === null) throw new Refusal('no-alarm')
    const now = ctx.now()
    const noteId = await addNote(tx, siteId, reason, now)
    await update(tx, 'doors', doorId, { alarm: null, alarmAt: null })
    const about = { controllerId, doorId, actorId, facts: { alarm, noteId } }
    await appendHistory(tx, siteId, [{ type: 'alarm-ended', at: now, receivedAt: now, ...about }])
    after.changes({ siteId, doors: [doorId] })
    return { id: doorId }
  })
}
