import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { parcelInside } from '../store/parcels.ts'
import { doorById, lockController, update } from '../store/rows.ts'
import { addNote } from './note.ts'

type Box = { doorId: string; actorId: string; reason: string }

/** Out of service: not offered, whatever it is told, until somebody returns it. Never while something should lie in it. */
export async function retireBox(ctx: Context, input: Box): Promise<{ id: string; offer: 'retired' }> {
  return changeBox(ctx, input, 'door-retired', async (offer, mayHoldParcel) => {
    if (offer === 'retired') throw new Refusal('retired-already')
    if (offer === 'reserved') throw new Refusal('being-used')
    if (mayHoldParcel) throw new Refusal('parcel-inside')
    return { offer: 'retired' }
  })
}

export type Returned = Box & { found: 'empty' | 'something-else' }

/** Back in service, after a look: who returns it says what is in it. */
export async function returnBox(ctx: Context, input: Returned): Promise<{ id: string; offer: 'free' | 'contested' }> {
  const { found } = input
  return changeBox(ctx, input, 'door-returned', async offer => {
    if (offer !== 'retired') throw new Refusal('not-retired')
    return { offer: found === 'empty' ? 'free' : 'contested', facts: { found } }
  })
}

type Decide<Offer> = (offer: string, mayHoldParcel: boolean) => Promise<{ offer: Offer; facts?: object }>

async function changeBox<Offer extends string>(ctx: Context, input: Box, type: string, decide: Decide<Offer>) {
  const { controllerId } = await doorById(ctx.sql, input.doorId)
  return write(ctx, async (tx, after) => {
    await lockController(tx, controllerId)
    const door = await doorById(tx, input.doorId)
    if (door.kind !== 'compartment') throw new Refusal('not-a-box')
    const inside = door.offer === 'in-use' || (await parcelInside(tx, door.id)) !== undefined
    const { offer, facts } = await decide(door.offer, inside)
    const now = ctx.now()
    const noteId = await addNote(tx, door.siteId, input.reason, now)
    await update(tx, 'doors', door.id, { offer, since: now })
    const about = { controllerId, doorId: door.id, actorId: input.actorId, facts: { ...facts, noteId } }
    const fact: Fact = { type, at: now, receivedAt: now, ...about }
    await appendHistory(tx, door.siteId, [fact])
    after.changes({ siteId: door.siteId, doors: [door.id] })
    return { id: door.id, offer }
  })
}
