import { expect } from 'vitest'
import { type ControllerOptions, type SimController, startController } from '../../firmware-sim/controller.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { eventually } from '../support/eventually.ts'
import type { Site } from './site.ts'

export const minute = 60_000
export const hour = 3600_000

type Fact = {
  type: string
  at: Date
  receivedAt: Date
  live: boolean
  journal: string | null
  seq: number | null
  facts: Record<string, unknown>
  suspect: string | null
}
type BoxPart = { size?: 'S' | 'M' | 'L' | 'XL'; height?: 'low' | 'normal' | 'high' }

type More = Omit<Partial<ControllerOptions>, 'doors'> & {
  /** how many of size S, or one by one */
  doors?: number | BoxPart[]
  doorSensor?: boolean
  occupancySensor?: boolean
  /** whether a door opens by itself when its bolt moves */
  springs?: boolean
}
let banks = 0

export async function openHouse(site: Site, more: More = {}) {
  const { sql, siteId } = site
  const id = `bank-${++banks}`
  const { doors: wanted = 4, doorSensor = true, occupancySensor = true, springs = true, ...options } = more
  const parts: BoxPart[] = typeof wanted === 'number' ? Array.from({ length: wanted }, () => ({})) : wanted
  const doors = parts.map((part, at) => {
    const box = { door: at + 1, kind: 'compartment' as const, doorSensor, occupancySensor }
    return { ...box, size: 'S' as const, height: 'normal' as const, ...part }
  })
  const enrolled = await site.landlord('POST', '/api/controllers', { id, siteId, name: 'Banc', doors })
  const { password, codeKey } = enrolled.body as unknown as Record<string, string>
  const [since] = await sql<{ n: number }[]>`select history_n as n from sites where id = ${siteId}`
  const sim = await startController({
    ...{ id, password: password!, codeKey: codeKey!, mqttUrl: site.mqttUrl, random: () => 0.05 },
    doors: doors.map(door => ({ ...door, springs })),
    ...{ now: () => performance.timeOrigin + performance.now() + site.shift(), ...options },
  })

  const house = {
    ...{ id, sim },
    facts: (type?: string) =>
      sql<Fact[]>`
        select type, at, received_at, live, journal, seq, facts, suspect from history
        where n > ${since!.n} and coalesce(controller_id, ${id}) = ${id} ${type ? sql`and type = ${type}` : sql``}
        order by n`,
    suspects: async (type?: string) => (await house.facts(type)).filter(each => each.suspect !== null),
    events: async (type?: string) => (await house.facts(type)).filter(each => each.seq !== null),
    parcel: async (parcelId: string) => (await sql`select * from parcels where id = ${parcelId}`)[0]!,
    row: async () => (await sql`select * from controllers where id = ${id}`)[0]!,
    /** as the caretaker sees them */
    async wall(door: number) {
      const { body } = await site.landlord('GET', `/api/doors?siteId=${siteId}`)
      const items = body.items as unknown as Record<string, unknown>[]
      return items.find(each => each.controllerId === id && each.door === door)!
    },
    controller: async () => (await site.landlord('GET', `/api/controllers/${id}`)).body as Record<string, unknown>,
    /** welcomed, every event acked, the newest list in force */
    settled: (device: SimController = sim) =>
      eventually(
        async () => {
          const state = device.state()
          if (!state.connected || state.journal.unacked > 0) return false
          const row = await house.row()
          return row.online && row.boot === state.boot && state.versions.grants === row.grantsMade
        },
        { withinMs: 20_000 },
      ),
    /** the time goes on, and a bank that is connected has told its uptime since */
    async pass(ms: number) {
      await site.forward(ms)
      if (sim.state().connected) await eventually(async () => (await house.row()).up >= sim.state().up - minute)
    },
    offer: async (door: number) => (await house.wall(door)).offer,
    state: async (parcelId: string) => (await house.parcel(parcelId)).state,
    isOpen: (door: number) => eventually(() => sim.state().doors[door - 1]!.leaf === 'open'),
    async place(more: object = {}) {
      const asked = { controllerId: id, residentId: site.residentId, size: 'S', ...more }
      const answer = await site.courier('POST', '/api/parcels', asked)
      expect(answer.status, JSON.stringify(answer.body)).toBe(201)
      return answer.body as unknown as { id: string; receipt: string; door: number; doorId: string; orderId: string }
    },
    placed: (parcelId: string) => site.courier('POST', `/api/parcels/${parcelId}/placed`),
    /** the courier's part: the box opened, filled and shut, told by the bank */
    async fill(more: object = {}) {
      const placing = await house.place(more)
      await house.isOpen(placing.door)
      sim.put(placing.door)
      sim.shutDoor(placing.door)
      await house.settled()
      return placing
    },
    codeOf: async (parcelId: string) =>
      String((await site.landlord('POST', `/api/parcels/${parcelId}/code`, { reason: 'test' })).body.code),
    /** a parcel lies in its box, and the bank knows its code */
    async deposit(more: object = {}) {
      const placing = await house.fill(more)
      expect((await house.placed(placing.id)).body.state).toBe('waiting')
      await house.settled()
      return { ...placing, code: await house.codeOf(placing.id) }
    },
    /** the resident opens, takes and shuts */
    async collect({ door, code }: { door: number; code: string }) {
      expect(await sim.typeCode(1, code)).toEqual({ result: 'open', door })
      sim.take(door)
      sim.shutDoor(door)
    },
    /** every event of the bank recorded once and in order, or told as lost, and the chain unbroken */
    async whole() {
      const rows = await house.events()
      const lost = await house.facts('loss')
      for (const journal of new Set(rows.map(each => each.journal))) {
        const events = rows.filter(each => each.journal === journal && each.suspect !== 'number-used-twice')
        const gone = lost.filter(each => each.journal === journal)
        const seqs = events.map(each => each.seq!)
        const told = gone.flatMap(({ facts: { from, to } }) => range(Number(from), Number(to)))
        expect([...seqs, ...told], `journal ${journal}`).toEqual(range(1, seqs.length + told.length))
      }
      expect(await brokenAt(sql, siteId)).toBeNull()
    },
    close: () => sim.stop(),
  }
  await house.settled()
  return house
}
export type House = Awaited<ReturnType<typeof openHouse>>

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
