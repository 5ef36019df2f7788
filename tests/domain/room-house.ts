import type { Context } from '../../server/context.ts'
import type { NewDoor } from '../../server/domain/controllers.ts'
import { createResident } from '../../server/domain/residents.ts'
import { makeRoom, type NewRoom } from '../../server/domain/rooms.ts'
import { type House, openHouse } from './house.ts'

export const hourMs = 3600_000
export const minuteMs = 60_000
export const at = (text: string) => new Date(text)
export const span = (from: string, until: string) => ({ from: at(from), until: at(until) })

const door = (number: number): NewDoor => ({ door: number, kind: 'room', doorSensor: true, occupancySensor: false })
/** Always open, so that a test speaks only of what it is about. */
export const always = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '00:00', until: '00:00' }))

export type RoomHouse = House & {
  neighbourId: string
  actorId: string
  /** the same clock for everything from now on */
  setNow(text: string): void
  /** the number of a room's door */
  doorOf(roomId: string): Promise<number>
  room(more?: Partial<NewRoom>): Promise<string>
  /** which of these grants are in the list that the device was told last */
  listed(...grants: string[]): string[]
}

/** A site whose one controller has twenty room doors, one for each room made here; the house's resident, and a neighbour. */
export async function openRoomHouse(now: string): Promise<RoomHouse> {
  const house = await openHouse(Array.from({ length: 20 }, (_, at) => door(at + 1)))
  const actorId = '00000000-0000-7000-8000-000000000001'
  const setNow = (text: string) => {
    house.ctx.now = () => at(text)
  }
  setNow(now)
  await house.online()
  const { id: neighbourId } = await createResident(house.ctx, { siteId: house.siteId, name: 'Bo', flat: 'A2' })
  let doors = 0
  return {
    ...house,
    ...{ neighbourId, actorId, setNow },
    async doorOf(roomId) {
      const [row] = await house.ctx
        .sql`select d.door from rooms r join doors d on d.id = r.door_id where r.id = ${roomId}`
      return row!.door
    },
    async room(more = {}) {
      const doorId = await house.doorId(++doors)
      const usual = { name: 'Atelier', capacity: 12, hours: always, holidays: 'none', actorId } as const
      return (await makeRoom(house.ctx, { doorId, ...usual, ...more })).id
    },
    listed(...grants) {
      const list = house.said.findLast(each => each.kind === 'grants')!.message.grants as { grant: string }[]
      return grants.filter(id => list.some(each => each.grant === id))
    },
  }
}

export const rowOf = async (ctx: Context, id: string) => (await ctx.sql`select * from bookings where id = ${id}`)[0]!
export const grantOf = async (ctx: Context, id: string) =>
  (await ctx.sql`select g.* from grants g join bookings b on b.grant_id = g.id where b.id = ${id}`)[0]!
