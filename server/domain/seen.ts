import { isAllowed } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import type { WallDoor } from '../../schema/api/wall.ts'

/** A door as who looks after the devices sees it: whether its box is in use, and nothing of what lies in it. */
export const doorOnly = (door: WallDoor): WallDoor => ({ ...door, parcel: null })

export const doorFor = (role: Role, door: WallDoor): WallDoor => (isAllowed(role, 'seeParcel') ? door : doorOnly(door))
