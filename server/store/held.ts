import type { journals } from '../../schema/tables/index.ts'
import type { Tx } from '../postgres/connect.ts'
import { inserting, type Statement, updating } from './bulk.ts'
import type { Fact, Head } from './history.ts'
import type { ControllerRow, DoorRow, GrantRow, OrderRow, ParcelRow } from './rows.ts'

export type JournalRow = typeof journals.$inferSelect
type NoteRow = { id: string; siteId: string; text: string; createdAt: Date }

/** Rows of one table that a transaction works on: read once, changed here, written once. */
export type Rows<T> = { byKey: Map<string, T>; changed: Map<T, Set<keyof T>>; added: T[] }

/** The rows of one flight. The controllers' locks keep everybody else from writing about them. */
export type Held = {
  /** the database's clock, after the messages were received */
  clock: Date
  /** heads of the sites' chains */
  heads: Head[]
  controllers: Rows<ControllerRow>
  journals: Rows<JournalRow>
  doors: Rows<DoorRow>
  grants: Rows<GrantRow>
  orders: Rows<OrderRow>
  parcels: Rows<ParcelRow>
  notes: NoteRow[]
  /** every door of a controller that listed its own, in the order of their numbers */
  banks: Map<string, DoorRow[]>
  /** by a door's id: what should lie there, or else was put there last; and the order that unlocked it last */
  parcelAt: Map<string, ParcelRow>
  /** by a door's id: the parcel beside which a courier is laying another one */
  firstAt: Map<string, ParcelRow>
  /** by the first parcel's id: what was laid beside it */
  joined: Map<string, ParcelRow[]>
  lastUnlock: Map<string, OrderRow>
  /** by journal: the last event about a bolt, or the last boot */
  lastDecisive: Map<string, Fact>
  /** controller and boot, of the boots asked about that were heard before */
  bootsHeard: Set<string>
  /** by controller: when it was last said that its identity is used twice */
  saidTwice: Map<string, Date>
  /** contents recorded under the numbers that were sent again */
  recorded: Map<string, object[]>
  /** statements of their own, run when the rows are written */
  also: ((tx: Tx) => Promise<unknown>)[]
}

/** What the messages of a flight speak of. */
export type Needs = {
  journals: [controllerId: string, journal: string][]
  doors: [controllerId: string, door: number][]
  opened: [controllerId: string, door: number][]
  /** controllers of which every door is needed */
  banks: string[]
  /** journals that tell of a boot */
  started: [controllerId: string, journal: string][]
  /** what statuses tell of themselves */
  boots: [controllerId: string, boot: string][]
  grants: string[]
  orders: string[]
}

export function change<T extends object>(rows: Rows<T>, row: NoInfer<T>, patch: NoInfer<Partial<T>>): void {
  Object.assign(row, patch)
  if (rows.added.includes(row)) return
  const members = rows.changed.get(row) ?? new Set()
  for (const member of Object.keys(patch) as (keyof T)[]) members.add(member)
  if (members.size > 0) rows.changed.set(row, members)
}

export function add<T extends object>(rows: Rows<T>, key: string, row: T): void {
  rows.byKey.set(key, row)
  rows.added.push(row)
}

export const pairKey = (controllerId: string, member: string | number): string => `${controllerId} ${member}`

/** What changed; `held.also` is for the caller to run. */
export function heldStatements(held: Held): Statement[] {
  return [
    ...updating('controllers', held.controllers.changed, ['id']),
    ...updating('journals', held.journals.changed, ['controllerId', 'journal']),
    ...inserting('journals', held.journals.added),
    ...updating('doors', held.doors.changed, ['id']),
    ...updating('grants', held.grants.changed, ['id']),
    ...updating('orders', held.orders.changed, ['id']),
    ...inserting('orders', held.orders.added),
    ...updating('parcels', held.parcels.changed, ['id']),
    ...inserting('notes', held.notes),
  ]
}
