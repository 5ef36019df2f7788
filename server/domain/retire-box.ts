import type { KnownFact } from '../../schema/api/fact-types.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { isBeingUsed, parcelsInside } from '../store/parcels.ts'
import { doorById, lockController, type ParcelRow, update } from '../store/rows.ts'
import { foundGone, sensorSince } from './looked.ts'
import { addNote } from './note.ts'

type Box = { doorId: string; actorId: string; reason: string }

/** Out of service: not offered, whatever it is told, until somebody returns it. Never while something should lie in it. */
export async function retireBox(ctx: Context, input: Box): Promise<{ id: string; offer: 'retired' }> {
  return changeBox(ctx, input, 'door-retired', async ({ offer, isUsed, inside }) => {
    if (offer === 'retired') throw new Refusal('retired-already')
    if (isUsed) throw new Refusal('being-used')
    if (offer === 'in-use' || inside.length > 0) throw new Refusal('parcel-inside')
    return { offer: 'retired' }
  })
}

export type Returned = Box & { found: 'empty' | 'something-else' }

/** Back in service, after a look: who returns it says what is in it. */
export async function returnBox(ctx: Context, input: Returned): Promise<{ id: string; offer: 'free' | 'contested' }> {
  const { found } = input
  return changeBox(ctx, input, 'door-returned', async ({ offer }) => {
    if (offer !== 'retired') throw new Refusal('not-retired')
    return { offer: found === 'empty' ? 'free' : 'contested', found }
  })
}

type Now = { offer: string; isUsed: boolean; inside: ParcelRow[] }
type Decide<Offer> = (now: Now) => Promise<{ offer: Offer; found?: Returned['found'] }>

async function changeBox<Offer extends string>(ctx: Context, input: Box, type: KnownFact, decide: Decide<Offer>) {
  const { controllerId } = await doorById(ctx.sql, input.doorId)
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const door = await doorById(tx, input.doorId)
    if (door.kind !== 'compartment') throw new Refusal('not-a-box')
    const inside = await parcelsInside(tx, door.id)
    const isUsed = await isBeingUsed(tx, door.id)
    const { offer, found } = await decide({ offer: door.offer, isUsed, inside })
    const now = ctx.now()
    const { actorId } = input
    const noteId = await addNote(tx, door.siteId, input.reason, now)
    await update(tx, 'doors', door.id, { offer, since: now, ...(found && sensorSince(door, found)) })
    const about = { controllerId, doorId: door.id, actorId, facts: { ...(found && { found }), noteId } }
    const facts: Fact[] = [{ type, at: now, receivedAt: now, ...about }]
    // contested while the box was out of service
    const gone = found === 'empty' ? inside : []
    for (const parcel of gone)
      facts.push(...(await foundGone(ctx, tx, after, { controller, parcel, actorId, at: now })))
    await appendHistory(tx, door.siteId, facts)
    after.changes({ siteId: door.siteId, doors: [door.id], parcels: gone.map(each => each.id) })
    return { id: door.id, offer }
  })
}
