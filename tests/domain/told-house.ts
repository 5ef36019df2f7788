import type { Delivered, Message } from '../../server/delivery/message.ts'
import { startDelivery } from '../../server/delivery/start.ts'
import { parcelPlaced, placeParcel } from '../../server/domain/parcels.ts'
import { createResident } from '../../server/domain/residents.ts'
import { type Jobs, startJobs } from '../../server/jobs.ts'
import type { NoticeRow } from '../../server/store/notices.ts'
import { compartments, openHouse } from './house.ts'

/** 11:00 in Amiens, a Monday */
export const monday = Date.parse('2026-11-23T10:00:00Z')
export const hour = 3600_000

/** A house whose time stands still until it is set, and where somebody can be told; only the provider is not real. */
export async function openToldHouse({
  answer,
}: {
  answer?: (message: Message) => Delivered | Promise<Delivered>
} = {}) {
  const house = await openHouse(compartments(4))
  let now = monday
  const { ctx } = house
  ctx.now = () => new Date(now)
  const sent: Message[] = []
  const deliver = async (message: Message): Promise<Delivered> => {
    sent.push(message)
    return (await answer?.(message)) ?? { ok: true }
  }
  const never = 3_600_000
  const delivery = startDelivery(ctx, { deliver, publicUrl: 'https://colis.example', everyMs: never })
  const jobs: Jobs = startJobs(ctx, house.outbox, never)
  const contact = { email: 'ada@example.org', phone: '06 12 34 56 78' }
  const resident = async (more: object = {}) =>
    (await createResident(ctx, { siteId: house.siteId, name: 'Ada', flat: 'A9', ...contact, ...more })).id
  await house.online()
  return {
    ...{ house, ctx, sent, deliver, delivery, jobs, resident, siteId: house.siteId },
    at: (moment: number | string) => {
      now = typeof moment === 'string' ? Date.parse(moment) : moment
    },
    later: (ms: number) => {
      now += ms
    },
    async place(residentId: string): Promise<{ id: string; door: number; doorId: string }> {
      return placeParcel(ctx, { controllerId: 'bank-1', residentId, size: 'M', carrier: 'Poste' })
    },
    async filled(residentId: string) {
      const placing = await this.place(residentId)
      await house.outbox.idle()
      const { grant, order } = house.said.findLast(each => each.kind === 'order')!.message
      const { door } = placing
      const [at, cause] = [now, { grant, order }]
      await house.events({ at, type: 'unlocked', door, cause }, { at, type: 'opened', door })
      await house.events({ at, type: 'closed', door }, { at, type: 'occupied', door })
      return placing
    },
    async deposit(residentId: string) {
      const placing = await this.filled(residentId)
      await parcelPlaced(ctx, placing.id)
      return placing
    },
    notices: () => ctx.sql<NoticeRow[]>`select * from notices order by made_at, id`,
    async parcel(id: string) {
      const [row] = await ctx.sql<{ state: string; deadlineAt: Date; remindAt: Date | null; pickupGrantId: string }[]>`
        select state, deadline_at, remind_at, pickup_grant_id from parcels where id = ${id}`
      return row!
    },
    async close() {
      await delivery.close()
      await jobs.close()
      await house.close()
    },
  }
}
export type ToldHouse = Awaited<ReturnType<typeof openToldHouse>>
