import { write } from '../../server/context.ts'
import { appendHistory, type Fact } from '../../server/store/history.ts'
import type { Server, Site } from '../http/server-for-tests.ts'

export type Story = { parcelId: string; receipt: string }
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A parcel brought, fetched two days later while the bank was away, and its state put right at the counter. */
export async function tellStory(server: Server, site: Site): Promise<Story> {
  const { siteId, controllerId } = site
  const deposit = { controllerId, flat: '12', size: 'S' }
  const made = await site.courier.ask<{ id: string; receipt: string; doorId: string }>('POST', '/api/parcels', deposit)
  const { id: parcelId, receipt, doorId } = made.body
  let seq = 0
  const told = (type: Fact['type'], at: number, live = true): Fact => {
    const when = { at: new Date(at), receivedAt: live ? new Date(at) : new Date(), live }
    return { type, ...when, controllerId, journal: 'j1', seq: ++seq, doorId, parcelId, facts: { door: 1 } }
  }
  const tell = (facts: Fact[]) => write(server.ctx, tx => appendHistory(tx, siteId, facts))
  const now = Date.now()
  const soon = ['accepted', 'unlocked', 'opened', 'closed', 'occupied'] as const
  await tell(soon.map((type, step) => told(type, now + step * 1_000)))
  await server.sql`update parcels set step = 'closed' where id = ${parcelId}`
  await site.courier.ask('POST', `/api/parcels/${parcelId}/placed`, {})
  const later = now + 2 * dayMs
  await tell(
    (['unlocked', 'opened', 'closed', 'vacant'] as const).map((type, step) => told(type, later + step * 4_000, false)),
  )
  await tell([{ type: 'parcel-collected', at: new Date(later), receivedAt: new Date(), parcelId, doorId }])
  await server.sql`update parcels set state = 'collected', ended_at = now() where id = ${parcelId}`
  await server.sql`update doors set offer = 'unchecked' where id = ${doorId}`
  const corrected = { state: 'returned', reason: 'vu au comptoir' }
  const answer = await site.caretaker.ask('POST', `/api/parcels/${parcelId}/correct`, corrected)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return { parcelId, receipt }
}
