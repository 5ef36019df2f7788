import type { KnownFact } from '../../schema/api/fact-types.ts'
import type { AccountRole } from '../../schema/api/roles.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import {
  addAccount,
  closeAccountRow,
  lockAccount,
  lockFirstLandlord,
  openLandlords,
  setAccount,
  setAccountSites,
  setPassword,
  siteIdsOf,
} from '../store/accounts.ts'
import { appendAtSites } from '../store/history.ts'
import { dropSecondFactor } from '../store/second-factors.ts'
import { endOtherSessions } from '../store/sessions.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { hashSecret } from './secret-hash.ts'
import { forgetAccountTries, normalEmail } from './sessions.ts'

type Given = { name: string; role: AccountRole; siteIds?: string[] | undefined }
export type NewAccount = Given & { email: string; password: string; actorId?: string | undefined }

export async function createAccount(ctx: Context, input: NewAccount): Promise<{ id: string }> {
  const passwordHash = await hashSecret(input.password)
  const { name, role, actorId = null } = input
  return write(ctx, async tx => {
    const id = newId()
    const email = normalEmail(input.email)
    if (!(await addAccount(tx, { id, email, name, role, passwordHash, createdAt: ctx.now() })))
      throw new Refusal('already-there', { field: 'email' })
    await forgetAccountTries(tx, email)
    await putSites(tx, id, input)
    await tell(ctx, tx, { type: 'account-made', accountId: id, actorId, at: await siteIdsOf(tx, id), facts: { role } })
    return { id }
  })
}

/** Another role ends its sessions; other sites count at once. The last landlord stays one. */
export async function changeAccount(
  ctx: Context,
  { id, actorId, ...given }: Given & { id: string; actorId: string },
): Promise<{ id: string }> {
  return write(ctx, async tx => {
    const { role: before } = await theOpenOne(tx, id)
    if (before === 'landlord' && given.role !== 'landlord') await mustNotBeLast(tx)
    const earlier = await siteIdsOf(tx, id)
    await setAccount(tx, { id, name: given.name, role: given.role })
    await putSites(tx, id, given)
    if (before !== given.role) await endOtherSessions(tx, id, null)
    const later = await siteIdsOf(tx, id)
    const at = earlier && later && [...new Set([...earlier, ...later])]
    const facts = { role: given.role, siteIds: later }
    await tell(ctx, tx, { type: 'account-changed', accountId: id, actorId, at, facts })
    return { id }
  })
}

type About = { id: string; actorId: string; reason: string }

/** Nobody signs in with it again, and who is in by it is out. Its address may be used for a new one. */
export async function closeAccount(ctx: Context, { id, actorId, reason }: About): Promise<{ id: string }> {
  return write(ctx, async tx => {
    const { role } = await theOpenOne(tx, id)
    if (role === 'landlord') await mustNotBeLast(tx)
    const at = await siteIdsOf(tx, id)
    await endOtherSessions(tx, id, null)
    await dropSecondFactor(tx, id)
    await closeAccountRow(tx, id, ctx.now())
    await tell(ctx, tx, { type: 'account-closed', accountId: id, actorId, at, reason })
    return { id }
  })
}

/** For somebody who lost both telephone and recovery codes. */
export async function resetSecondFactor(ctx: Context, { id, actorId, reason }: About): Promise<{ id: string }> {
  if (id === actorId) throw new Refusal('own-account')
  return write(ctx, async tx => {
    await theOpenOne(tx, id)
    if (!(await dropSecondFactor(tx, id))) throw new Refusal('no-second-factor')
    await tell(ctx, tx, { type: 'second-factor-reset', accountId: id, actorId, at: await siteIdsOf(tx, id), reason })
    return { id }
  })
}

/** For somebody who forgot theirs; who is in by it is out. The second factor stays. */
export async function givePassword(
  ctx: Context,
  { id, actorId, reason, password }: About & { password: string },
): Promise<{ id: string }> {
  if (id === actorId) throw new Refusal('own-account')
  const passwordHash = await hashSecret(password)
  return write(ctx, async tx => {
    const { email } = await theOpenOne(tx, id)
    await setPassword(tx, id, passwordHash)
    await forgetAccountTries(tx, email)
    await endOtherSessions(tx, id, null)
    await tell(ctx, tx, { type: 'password-given', accountId: id, actorId, at: await siteIdsOf(tx, id), reason })
    return { id }
  })
}

async function theOpenOne(tx: Tx, id: string): Promise<{ role: AccountRole; email: string }> {
  const account = await lockAccount(tx, id)
  if (!account) throw new Refusal('not-found', { field: 'id' })
  return account
}

/** Two landlords who do this to each other wait here. */
async function mustNotBeLast(tx: Tx): Promise<void> {
  await lockFirstLandlord(tx)
  if ((await openLandlords(tx)) < 2) throw new Refusal('last-landlord')
}

async function putSites(tx: Tx, id: string, { role, siteIds = [] }: Given): Promise<void> {
  const wanted = new Set(siteIds)
  // a landlord works at all of them
  if (role === 'landlord' && wanted.size > 0) throw new Refusal('invalid', { field: 'siteIds' })
  if ((await setAccountSites(tx, id, [...wanted])) !== wanted.size) throw new Refusal('not-found', { field: 'siteIds' })
}

type Told = {
  type: KnownFact
  accountId: string
  actorId: string | null
  /** the sites whose history tells it; null: every site, of a landlord */
  at: string[] | null
  facts?: object
  reason?: string
}

/** Last in its write: the rows of the sites are held until the commit. */
async function tell(ctx: Context, tx: Tx, { type, accountId, actorId, at, facts = {}, reason }: Told): Promise<void> {
  const now = ctx.now()
  await appendAtSites(tx, at, async siteId => {
    const why = reason === undefined ? {} : { noteId: await addNote(tx, siteId, reason, now) }
    return { type, at: now, receivedAt: now, actorId, facts: { accountId, ...facts, ...why } }
  })
}
