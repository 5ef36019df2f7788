import type { SimController } from '../../firmware-sim/controller.ts'
import type { makeSite } from './api.ts'
import { eventually } from './eventually.ts'

export type Site = Awaited<ReturnType<typeof makeSite>>
export type WallItem = { id: string; door: number; state: string; offer: string; parcel: { id: string } | null }
/** What a person does at the box; `put` is for an open door. */
export type Hands = { put(door: number): void; take(door: number): void; shut(door: number): void }

export const handsOf = (sim: SimController): Hands => ({ put: sim.put, take: sim.take, shut: sim.shutDoor })
/** The door as the caretaker's wall has it. */
export async function doorOnWall(site: Site, controllerId: string, door: number): Promise<WallItem> {
  const { body } = await site.landlord('GET', `/api/doors?siteId=${site.siteId}`)
  const items = body.items as unknown as (WallItem & { controllerId: string })[]
  return items.find(each => each.controllerId === controllerId && each.door === door)!
}

export const doorIs = (site: Site, controllerId: string, door: number, state: string): Promise<WallItem> =>
  eventually(
    async () => {
      const item = await doorOnWall(site, controllerId, door)
      return item.state === state && item
    },
    { withinMs: 15_000 },
  )

export type Placed = { id: string; door: number; doorId: string; orderId: string }

/** A courier asks for a box, opens it by the order, puts something in (or not) and shuts it. */
export async function fillBox(
  site: Site,
  { controllerId, hands, empty = false }: { controllerId: string; hands: Hands; empty?: boolean },
): Promise<Placed> {
  const asked = await site.courier('POST', '/api/parcels', { controllerId, residentId: site.resident.id, size: 'S' })
  if (asked.status !== 201) throw new Error(`/api/parcels answered ${asked.status} ${JSON.stringify(asked.body)}`)
  const placing = asked.body as unknown as Placed
  await doorIs(site, controllerId, placing.door, 'open')
  if (!empty) hands.put(placing.door)
  hands.shut(placing.door)
  await doorIs(site, controllerId, placing.door, 'closed')
  return placing
}

/** The whole deposit: the parcel waits, and its code is known to the resident and to the device. */
export async function deposit(
  site: Site,
  about: { controllerId: string; hands: Hands },
): Promise<Placed & { code: string }> {
  const placing = await fillBox(site, about)
  const placed = await site.courier('POST', `/api/parcels/${placing.id}/placed`)
  if (placed.status !== 200) throw new Error(`placed answered ${placed.status} ${JSON.stringify(placed.body)}`)
  return { ...placing, code: await codeOf(site, placing.id) }
}

export async function codeOf(site: Site, parcelId: string): Promise<string> {
  const mine = await site.asResident('GET', '/api/me/parcels')
  const items = mine.body.items as unknown as { id: string; code: string }[]
  return items.find(each => each.id === parcelId)!.code.replaceAll(' ', '')
}

/** The device said that the newest list is in force. */
export async function listIsKnown(site: Site, controllerId: string): Promise<void> {
  await eventually(
    async () => {
      const { body } = await site.landlord('GET', `/api/controllers/${controllerId}`)
      const { made, known } = body.grantsVersion as unknown as { made: number; known: number }
      return made > 0 && made === known
    },
    { withinMs: 20_000 },
  )
}
