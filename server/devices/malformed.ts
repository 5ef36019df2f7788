import { addNote } from '../domain/note.ts'
import { update } from '../store/rows.ts'
import type { Flight } from './inbox.ts'

/** Counted and shown with its first KiB; of a code only the count, never the bytes. */
export async function malformed(flight: Flight, kind: string, payload: Buffer, problem: string): Promise<void> {
  const { tx, controller, now, facts, after } = flight
  controller.malformed += 1
  await update(tx, 'controllers', controller.id, { malformed: controller.malformed })
  // PostgreSQL's text cannot hold NUL
  const text = payload.subarray(0, 1024).toString('utf8').replaceAll('\0', '\uFFFD')
  const noteId = kind === 'code' ? null : await addNote(tx, controller.siteId, text, now)
  const about = { at: now, receivedAt: now, controllerId: controller.id }
  facts.push({ type: 'malformed', ...about, facts: { kind, noteId, ...(kind === 'code' ? {} : { problem }) } })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}
