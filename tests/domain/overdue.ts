import { type Placing, parcelTaken } from '../../server/domain/parcels.ts'
import { openToTakeBack } from '../../server/domain/take-back.ts'
import { startJobs } from '../../server/jobs.ts'
import type { House } from './house.ts'

/** Deadlines pass, and the job has run. */
export async function overdueNow(house: House): Promise<void> {
  await house.ctx.sql`update parcels set deadline_at = now() - interval '1 minute' where state = 'waiting'`
  await runJobs(house)
}

export async function runJobs(house: House): Promise<void> {
  const jobs = startJobs(house.ctx, house.outbox, 3600_000)
  await jobs.runOnce()
  await jobs.close()
}

/** The carrier opens the box, takes what lies there and shuts it. */
export async function openAndShut(
  house: House,
  { id, door }: Pick<Placing, 'id' | 'door'>,
  left: 'vacant' | 'occupied',
) {
  await openToTakeBack(house.ctx, { id, actorId: house.residentId })
  await house.outbox.idle()
  const { order, grant } = house.said.findLast(each => each.kind === 'order')!.message
  await house.events({ type: 'unlocked', door, cause: { order, grant } }, { type: 'opened', door })
  await house.events({ type: 'closed', door }, { type: left, door })
}

export async function takeBack(house: House, placing: Pick<Placing, 'id' | 'door'>): Promise<void> {
  await openAndShut(house, placing, 'vacant')
  await parcelTaken(house.ctx, placing.id)
}
