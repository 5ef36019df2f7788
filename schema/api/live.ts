/** What a watcher of a site receives. `n` counts up by one within an `epoch`; another epoch is another server start. */
export type WallDoor = {
  id: string
  controllerId: string
  door: number
  kind: 'compartment' | 'room'
  size: string | null
  height: string
  name: string | null
  offer: string
  state: string
  occupied: boolean | null
  mode: string
  since: string
  parcel: {
    id: string
    state: string
    receipt: string
    placedAt: string | null
    deadlineAt: string | null
    notSeen: boolean
    unconfirmed: boolean
  } | null
}

export type WallController = {
  id: string
  siteId: string
  name: string
  online: boolean
  lastSeenAt: string | null
  firmware: string | null
  clock: string | null
  acked: { journal: string; seq: number } | null
  grantsVersion: { made: number; known: number }
  configVersion: { made: number; known: number }
  suspect: number
  retiredAt: string | null
}

export type OrderView = {
  id: string
  controllerId: string
  doorId: string
  type: string
  state: string
  reason: string | null
  madeBy: string | null
  madeAt: string
  deadlineAt: string
  acceptedAt: string | null
  unlockedAt: string | null
  openedAt: string | null
  late: boolean
}

export type ParcelChange = {
  id: string
  state: string
  doorId: string
  carrierId: string | null
  residentId: string
}

export type Snapshot = {
  type: 'snapshot'
  epoch: string
  n: number
  at: string
  controllers: WallController[]
  doors: WallDoor[]
}

export type Change = {
  type: 'change'
  n: number
  at: string
  controllers?: WallController[]
  doors?: WallDoor[]
  orders?: OrderView[]
  parcels?: { id: string; state: string; doorId: string }[]
}

/** After a resume that worked: the changes missed follow. */
export type Resumed = { type: 'resumed'; epoch: string; n: number }
/** So that a watcher of a quiet site knows the link is alive. */
export type Beat = { type: 'beat'; n: number; at: string }
export type LiveMessage = Snapshot | Change | Resumed | Beat

export const liveBeatMs = 5_000
/** WebSocket close codes of our own. */
export const closeCodes = { signedOut: 4001, tooSlow: 4008, going: 1001 } as const
