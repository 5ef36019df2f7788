import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { heldPlaces } from '../store/bookings.ts'
import { type RoomRead, roomById } from '../store/rooms.ts'
import type { ControllerRow } from '../store/rows.ts'
import { bookingProblem, freePlace, nextFree, searchedUntil } from './booking-rules.ts'
import type { Span } from './room-hours.ts'
import { bookable } from './rooms.ts'

export const heldUntil = ({ bufferMs }: RoomRead, until: Date): Date => new Date(until.getTime() + bufferMs)

export function mustBeInUse(room: RoomRead, controller: ControllerRow): void {
  if (room.retiredAt) throw new Refusal('room-retired', { field: 'roomId' })
  if (controller.retiredAt) throw new Refusal('retired', { field: 'roomId' })
}

type Wanted = Span & { but?: string; begun?: boolean }

/** The place for it; refuses as the rules do, and when none is free. `begun`: it runs already and keeps its start. */
export async function findPlace(
  ctx: Context,
  tx: Tx,
  room: RoomRead,
  { from, until, but, begun }: Wanted,
): Promise<number> {
  const rules = bookable(room)
  const now = ctx.now()
  // one that has begun is not made in the past by its end being moved
  const problem = bookingProblem({ from, until }, rules, begun && from < now ? from : now)
  if (problem) throw problem
  const held = await heldPlaces(tx, room.id, { from, until: heldUntil(room, until), but: but ?? null })
  const place = freePlace({ from, until }, rules, held)
  if (place === undefined) throw new Refusal('taken', { field: 'from' })
  return place
}

type Asked = Span & { roomId: string; but?: string; whole?: boolean }

/** Who comes second hears what is free next; also when only the database saw that the two overlap. */
export async function orTaken<T>(ctx: Context, wanted: Asked, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const overlaps = (error as { code?: string }).code === '23P01'
    if (!overlaps && !(error instanceof Refusal && error.reason === 'taken')) throw error
    throw new Refusal('taken', { field: 'from', details: { next: await freeNext(ctx, wanted) } })
  }
}

/** `whole`: every place of the room at once. */
async function freeNext(ctx: Context, { roomId, from, until, but, whole = false }: Asked): Promise<Span[]> {
  const room = await roomById(ctx.sql, roomId)
  const searched = heldUntil(room, searchedUntil({ from, until }))
  const held = await heldPlaces(ctx.sql, roomId, { from, until: searched, but: but ?? null })
  const rules = bookable(room)
  return whole
    ? nextFree(
        { from, until },
        { ...rules, places: 1 },
        { held: held.map(each => ({ ...each, place: 1 })), now: ctx.now() },
      )
    : nextFree({ from, until }, rules, { held, now: ctx.now() })
}
