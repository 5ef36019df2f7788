import type { OrderView, WallController, WallDoor } from './wall.ts'

// Types only: the dashboard takes this file's values and needs no shapes at run time.
export type { OrderView, WallController, WallDoor }

export type ParcelChange = {
  id: string
  state: string
  doorId: string | null
  carrierId: string | null
  residentId: string
}

/** What a watcher of a site receives. `n` counts up by one within an `epoch`; another epoch is another server start. */
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
  /** kind/id: the list of what needs somebody says what became of it */
  attention?: string[]
}

/** After a resume that worked: the changes missed follow. */
export type Resumed = { type: 'resumed'; epoch: string; n: number }
/** So that a watcher of a quiet site knows the link is alive. */
export type Beat = { type: 'beat'; n: number; at: string }
export type LiveMessage = Snapshot | Change | Resumed | Beat

export const liveBeatMs = 5_000
/** WebSocket close codes of our own. */
export const closeCodes = { signedOut: 4001, tooSlow: 4008, going: 1001 } as const
