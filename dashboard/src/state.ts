import type { LiveMessage, OrderView, WallController, WallDoor } from '../../schema/api/live.ts'

export type Link = 'connecting' | 'live' | 'stale'

export type Wall = {
  link: Link
  heardAt: string | null
  epoch: string | null
  n: number
  controllers: WallController[]
  doors: WallDoor[]
  orders: Record<string, OrderView>
  /** counts changes of each parcel, so that an open timeline knows to ask again */
  parcelTouches: Record<string, number>
  /** counts what was told of the alerts, so that their list is asked for again */
  attentionTouches: number
}

export const emptyWall: Wall = {
  link: 'connecting',
  heardAt: null,
  epoch: null,
  n: 0,
  controllers: [],
  doors: [],
  orders: {},
  parcelTouches: {},
  attentionTouches: 0,
}

export type WallAction =
  | { type: 'link'; link: Link }
  | { type: 'message'; message: LiveMessage }
  | { type: 'several'; actions: WallAction[] }

export function reduceWall(wall: Wall, action: WallAction): Wall {
  if (action.type === 'several') return action.actions.reduce(reduceWall, wall)
  if (action.type === 'link') return wall.link === action.link ? wall : { ...wall, link: action.link }
  const { message } = action
  const heard = { ...wall, link: 'live' as const }
  switch (message.type) {
    case 'snapshot': {
      const { epoch, n, at, controllers, doors } = message
      return { ...heard, epoch, n, heardAt: at, controllers, doors }
    }
    case 'resumed':
      return { ...heard, epoch: message.epoch, n: message.n }
    case 'beat':
      return { ...heard, heardAt: message.at }
    case 'change': {
      const { n, at, controllers = [], doors = [], orders = [], parcels = [] } = message
      const touched = parcels.map(({ id }): [string, number] => [id, (wall.parcelTouches[id] ?? 0) + 1])
      return {
        ...heard,
        n,
        heardAt: at,
        controllers: merge(wall.controllers, controllers),
        doors: merge(wall.doors, doors),
        orders: newest(
          wall.orders,
          orders.map(order => [order.id, order]),
        ),
        parcelTouches: newest(wall.parcelTouches, touched),
        attentionTouches: wall.attentionTouches + (message.attention ? 1 : 0),
      }
    }
    default:
      message satisfies never
      return wall
  }
}

const mostKept = 200

/** The changed ones last; a page that stays open for weeks keeps no more of them than somebody can be looking at. */
function newest<T>(kept: Record<string, T>, changed: [string, T][]): Record<string, T> {
  if (changed.length === 0) return kept
  const ids = new Set(changed.map(([id]) => id))
  const others = Object.entries(kept).filter(([id]) => !ids.has(id))
  return Object.fromEntries([...others, ...changed].slice(-mostKept))
}

function merge<T extends { id: string }>(rows: T[], changed: T[]): T[] {
  if (changed.length === 0) return rows
  const byId = new Map(changed.map(row => [row.id, row]))
  const known = new Set(rows.map(row => row.id))
  return [...rows.map(row => byId.get(row.id) ?? row), ...changed.filter(row => !known.has(row.id))]
}

/** What the wall shows first about a door: the thing a caretaker would act on. */
export type Look =
  | 'trouble'
  | 'contested'
  | 'open'
  | 'overdue'
  | 'waiting'
  | 'reserved'
  | 'unchecked'
  | 'free'
  | 'retired'
  | 'room'

export function lookOf(door: WallDoor): Look {
  if (door.offer === 'retired') return 'retired'
  if (door.state === 'jammed' || door.alarm) return 'trouble'
  if (door.offer === 'contested') return 'contested'
  if (door.state === 'open' || door.state === 'unlocked') return 'open'
  if (door.kind === 'room') return 'room'
  if (door.parcel?.state === 'expired') return 'overdue'
  if (door.offer === 'in-use') return 'waiting'
  if (door.offer === 'reserved') return 'reserved'
  return door.offer === 'unchecked' ? 'unchecked' : 'free'
}

/** Shapes beside colours, for those who cannot tell the colours apart. */
export const shapes: Record<Look, string> = {
  trouble: '✖',
  contested: '⚠',
  open: '◨',
  overdue: '◆',
  waiting: '■',
  reserved: '◧',
  unchecked: '?',
  free: '○',
  retired: '—',
  room: '⌂',
}
