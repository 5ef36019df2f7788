import type { Tx } from '../postgres/connect.ts'
import { insert } from '../store/rows.ts'
import { newId } from './ids.ts'

/** Free text lies beside the chain, so that it can be erased. */
export async function addNote(tx: Tx, siteId: string, text: string, now: Date): Promise<string> {
  const id = newId()
  await insert(tx, 'notes', { id, siteId, text, createdAt: now })
  return id
}
