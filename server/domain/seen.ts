import { type AttentionKind, attentionKinds, attentionNeeds } from '../../schema/api/attention.ts'
import { isAllowed } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import type { WallDoor } from '../../schema/api/wall.ts'

/** A door as who looks after the devices sees it: whether its box is in use, and nothing of what lies in it. */
export const doorOnly = (door: WallDoor): WallDoor => ({ ...door, parcel: null })

export const doorFor = (role: Role, door: WallDoor): WallDoor => (isAllowed(role, 'seeParcel') ? door : doorOnly(door))

export type SeenAttention = { kinds: AttentionKind[]; parcels: boolean }

/** Of what needs somebody: what this role could do something about. `parcels`: also what is about one. */
export const attentionFor = (role: Role): SeenAttention => ({
  kinds: attentionKinds.filter(kind => isAllowed(role, attentionNeeds[kind])),
  parcels: isAllowed(role, 'seeParcel'),
})
