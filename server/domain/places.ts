import type { DoorReport } from '../../schema/wire/status.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { doorsOf } from '../store/controllers.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import { type DoorRow, lockController, update } from '../store/rows.ts'
import { doorsDifferOf } from './door-difference.ts'

type Standing = {
  door: number
  kind: 'compartment' | 'room'
  column?: number | null | undefined
  row?: number | null | undefined
}

const placeOf = ({ column, row }: Standing): string | undefined =>
  column == null || row == null ? undefined : `${column}/${row}`

/**
 * A place is a column and a row, of compartments only, and no two stand at the same. `given` are those of the request,
 * `others` stand in the bank already. Refused: invalid (a room, half a place) and place-taken, with the member.
 */
export function mustStandApart(given: Standing[], others: Standing[] = []): void {
  const taken = new Map(others.map(each => [placeOf(each), each.door]))
  taken.delete(undefined)
  for (const [at, each] of given.entries()) {
    const { door, kind, column, row } = each
    if (column == null && row == null) continue
    if (kind !== 'compartment') throw new Refusal('invalid', { field: `doors.${at}.column` })
    const place = placeOf(each)
    if (place === undefined) throw new Refusal('invalid', { field: `doors.${at}.${column == null ? 'column' : 'row'}` })
    const first = taken.get(place)
    if (first !== undefined)
      throw new Refusal('place-taken', { field: `doors.${at}.row`, details: { column, row, doors: [first, door] } })
    taken.set(place, door)
  }
}

/** By the door's number; what is left out stays, null takes a place away. */
export type PlacedDoor = {
  door: number
  size?: 'S' | 'M' | 'L' | 'XL' | undefined
  height?: 'low' | 'normal' | 'high' | undefined
  column?: number | null | undefined
  row?: number | null | undefined
}
const members = ['size', 'height', 'column', 'row'] as const
type Input = { id: string; actorId: string; doors: PlacedDoor[] }

/**
 * Where the boxes of a bank stand and how large they are, as somebody sees who stands before it. All at once, so that two
 * can change places. Refused: retired, not-found (no such door), invalid (size of a room), and as mustStandApart says.
 */
export async function placeDoors(ctx: Context, { id, actorId, doors }: Input): Promise<{ id: string }> {
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, id)
    if (controller.retiredAt) throw new Refusal('retired')
    const before = new Map((await doorsOf(tx, id)).map(each => [each.door, each]))
    const wanted = doors.map((each, at) => changed(before, each, at))
    const named = new Map(wanted.map(each => [each.door, each]))
    if (named.size < wanted.length) throw new Refusal('invalid', { field: 'doors' })
    const others = [...before.values()].filter(each => !named.has(each.door))
    mustStandApart(wanted, others)
    const moved = wanted.filter(each => members.some(member => each[member] !== before.get(each.door)![member]))
    if (moved.length === 0) return { id }
    const now = ctx.now()
    const facts: Fact[] = []
    for (const { id: doorId, size, height, column, row } of moved) {
      const place = { size, height, column, row }
      await update(tx, 'doors', doorId, place)
      const about = { controllerId: id, doorId, actorId, facts: place }
      facts.push({ type: 'door-placed', at: now, receivedAt: now, ...about })
    }
    const said = controller.doorsSaid as DoorReport[] | null
    if (said) await update(tx, 'controllers', id, { doorsDiffer: doorsDifferOf([...others, ...wanted], said) })
    await appendHistory(tx, controller.siteId, facts)
    after.changes({ siteId: controller.siteId, doors: moved.map(each => each.id), controllers: [id] })
    return { id }
  })
}

function changed(before: Map<number, DoorRow>, { door, ...place }: PlacedDoor, at: number): DoorRow {
  const row = before.get(door)
  if (!row) throw new Refusal('not-found', { field: `doors.${at}.door` })
  if (row.kind === 'room' && place.size) throw new Refusal('invalid', { field: `doors.${at}.size` })
  const said = Object.entries(place).filter(([, value]) => value !== undefined)
  return { ...row, ...Object.fromEntries(said) }
}
