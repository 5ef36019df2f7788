import type { Role } from './shared.ts'

const caretakers = ['landlord', 'caretaker'] as const
const helpers = [...caretakers, 'volunteer'] as const
const staff = [...helpers, 'technician'] as const

/**
 * Who may do what, at the sites of their account; a landlord at all. Every route names one of these, and a screen offers
 * what its person may do by the same table.
 */
export const may = {
  /** sites and accounts */
  govern: ['landlord'],
  /** a site's rules, its rooms and their hours, its carriers */
  settings: caretakers,
  /** residents by name, what they were told */
  people: caretakers,
  /** corrections, codes read out, grants, bookings for others, boxes out of service, doors held open or shut, audits, history */
  decide: caretakers,
  /** enrol and retire controllers, their credentials, what of theirs does not add up */
  devices: [...caretakers, 'technician'],
  /** the wall, without names; a technician's also without parcels */
  watch: staff,
  /** open a door, with a reason */
  open: staff,
  /** find a parcel, hand over, collect for somebody, look into a box, see to alerts; a name for a reason */
  help: helpers,
  /** put in, take back, put on the shelf */
  deposit: [...helpers, 'courier'],
  /** more time for a parcel, or something is wrong with it: said by its resident or for them */
  speak: [...helpers, 'resident'],
  seeParcel: [...helpers, 'courier', 'resident'],
  seeOrder: [...staff, 'courier'],
  /** how a resident is told */
  contact: [...caretakers, 'resident'],
  /** one's own parcels, bookings, needs */
  own: ['resident'],
  /** one's own password, second factor and sessions */
  account: staff,
  signedIn: [...staff, 'courier', 'resident'],
} as const satisfies Record<string, readonly Role[]>

export type Ability = keyof typeof may

export const isAllowed = (role: Role, ability: Ability): boolean => (may[ability] as readonly Role[]).includes(role)

/** Roles of accounts: those who work here, with an e-mail and a password. */
export const accountRoles = staff
export type AccountRole = (typeof accountRoles)[number]
