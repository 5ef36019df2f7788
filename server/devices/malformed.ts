import { newId } from '../domain/ids.ts'
import { change } from '../store/held.ts'
import type { Flight, Read } from './flight.ts'

/** Counted and shown with its first KiB; of a code only the count, never the bytes. */
export function malformed(
  { held, controller, now, facts, after }: Flight,
  { kind, payload }: Read,
  problem: string,
): void {
  change(held.controllers, controller, { malformed: controller.malformed + 1 })
  const about = { at: now, receivedAt: now, controllerId: controller.id }
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  if (kind === 'code') return void facts.push({ type: 'malformed', ...about, facts: { kind, noteId: null } })
  // PostgreSQL's text cannot hold NUL
  const text = payload.subarray(0, 1024).toString('utf8').replaceAll('\0', '\uFFFD')
  const noteId = newId()
  held.notes.push({ id: noteId, siteId: controller.siteId, text, createdAt: now })
  facts.push({ type: 'malformed', ...about, facts: { kind, noteId, problem } })
}
