import type { AccountRole } from '../../schema/api/roles.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { addAccount, setAccountSites } from '../store/accounts.ts'
import { newId } from './ids.ts'
import { hashSecret } from './secret-hash.ts'
import { normalEmail } from './sessions.ts'

export type NewAccount = {
  email: string
  name: string
  role: AccountRole
  password: string
  siteIds?: string[] | undefined
}

export async function createAccount(ctx: Context, input: NewAccount): Promise<{ id: string }> {
  const passwordHash = await hashSecret(input.password)
  const { name, role } = input
  return write(ctx, async tx => {
    const id = await addAccount(tx, {
      id: newId(),
      email: normalEmail(input.email),
      name,
      role,
      passwordHash,
      createdAt: ctx.now(),
    })
    if (!id) throw new Refusal('already-there', { field: 'email' })
    const siteIds = new Set(input.siteIds ?? [])
    // a landlord works at all of them
    if (role === 'landlord' && siteIds.size > 0) throw new Refusal('invalid', { field: 'siteIds' })
    if ((await setAccountSites(tx, id, [...siteIds])) !== siteIds.size)
      throw new Refusal('not-found', { field: 'siteIds' })
    return { id }
  })
}
