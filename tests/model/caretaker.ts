import { collectFor } from '../../server/domain/collect-for.ts'
import { correctParcel } from '../../server/domain/correct.ts'
import { extendParcel } from '../../server/domain/parcel-deadlines.ts'
import { reissueCode } from '../../server/domain/pickup-code.ts'
import { reassignParcel } from '../../server/domain/reassign.ts'
import { retireBox, returnBox } from '../../server/domain/retire-box.ts'
import { learnCode, parcelsIn, person, pull, shut, take } from './people.ts'
import type { World } from './world.ts'

const by = { actorId: person, reason: 'model' }

export type AtCounter =
  | { does: 'retires'; door: number }
  | { does: 'returns'; door: number }
  | { does: 'gives a new code' | 'gives more time'; which: number }
  | { does: 'reassigns'; which: number; who: number }
  | { does: 'opens for them'; which: number; takes: boolean; shuts: boolean }
  | { does: 'corrects'; which: number; state: 'waiting' | 'collected' | 'cancelled' | 'returned' }

/** What is done at the counter; a caretaker may be wrong about a parcel, never about a box just looked into. */
export async function atCounter(world: World, step: AtCounter): Promise<void> {
  const { ctx } = world
  if ('door' in step) {
    const doorId = world.doorIds.get(step.door)!
    const found = world.inside.get(step.door)!.size === 0 ? ('empty' as const) : ('something-else' as const)
    if (step.does === 'retires') await world.tries(retireBox(ctx, { doorId, ...by }))
    else await world.tries(returnBox(ctx, { doorId, found, ...by }))
    return
  }
  const id = world.parcels[step.which % world.parcels.length]
  if (!id) return
  if (step.does === 'gives a new code') await world.tries(reissueCode(ctx, { id, ...by }))
  if (step.does === 'gives more time') await world.tries(extendParcel(ctx, { id, ...by }))
  if (step.does === 'reassigns') {
    const residentId = world.residents[step.who % world.residents.length]!
    await world.tries(reassignParcel(ctx, { id, residentId, ...by }))
  }
  if (step.does === 'corrects') await world.tries(correctParcel(ctx, { id, state: step.state, ...by }))
  if (step.does === 'opens for them') await openForThem(world, id, step)
  await learnCode(world, id)
}

async function openForThem(world: World, id: string, { takes, shuts }: { takes: boolean; shuts: boolean }) {
  if (!(await world.tries(collectFor(world.ctx, { id, ...by })))) return
  await learnCode(world, id)
  const [{ door } = { door: 0 }] = await world.sql<{ door: number }[]>`
    select d.door from parcels p join doors d on d.id = p.door_id where p.id = ${id}`
  await world.pass(300)
  if (!pull(world, door)) return
  if (takes) take(world, door, parcelsIn(world, door))
  if (shuts) shut(world, door)
  await world.pass(300)
}
