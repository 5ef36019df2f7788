import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Ability, isAllowed } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'

export const RoleContext = createContext<Role | undefined>(undefined)

/** What this person may not do is not offered; the server refuses it anyhow. */
export function useMay(): (ability: Ability) => boolean {
  const role = useContext(RoleContext)
  return ability => role !== undefined && isAllowed(role, ability)
}
