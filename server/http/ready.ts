import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from '../postgres/connect.ts'

const withinMs = 2_000

/** Does the database answer? Who asks meanwhile shares the question, so that a database that hangs gathers no queue. */
export function databaseProbe(sql: Sql): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined
  return async () => {
    asking ??= sql`select 1`
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined
      })
    const timer = new AbortController()
    const late = delay(withinMs, false, { signal: timer.signal }).catch(() => false)
    return Promise.race([asking, late]).finally(() => timer.abort())
  }
}
