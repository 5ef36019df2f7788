import type { AccountRole } from '../../schema/api/roles.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { accountById, setPassword } from '../store/accounts.ts'
import { recoveryCodesLeft, secondFactorOf } from '../store/second-factors.ts'
import { endOtherSessions, endSessionOf } from '../store/sessions.ts'
import { isOtpAsked } from './otp.ts'
import { type Proof, proofProblem } from './proof.ts'
import { hashSecret } from './secret-hash.ts'
import { forgetAccountTries, type Session } from './sessions.ts'

/** What the person of an account may know of it; `since` null: the second factor is off. */
export type OwnAccount = {
  id: string
  email: string
  name: string
  role: AccountRole
  secondFactor: { since: string | null; recoveryCodesLeft: number }
}

export async function ownAccount(ctx: Context, accountId: string): Promise<OwnAccount> {
  const [account, factor, left] = await Promise.all([
    accountById(ctx.sql, accountId),
    secondFactorOf(ctx.sql, accountId),
    recoveryCodesLeft(ctx.sql, accountId),
  ])
  if (!account) throw new Refusal('not-signed-in')
  const { id, email, name, role } = account
  const since = factor?.confirmedAt?.toISOString() ?? null
  return { id, email, name, role, secondFactor: { since, recoveryCodesLeft: left } }
}

type Mine = { session: Session }

/** Every other session of the account ends. */
export async function changePassword(
  ctx: Context,
  { session, newPassword, ...proof }: Mine & Proof & { newPassword: string },
): Promise<{ ended: number }> {
  const { id: keep, actorId: accountId } = session
  return write(ctx, async tx => {
    const problem = await proofProblem(ctx, tx, { accountId, ...proof })
    if (problem) return problem
    await setPassword(tx, accountId, await hashSecret(newPassword))
    // where a code is asked for as well, its wrong ones are in the same count: who has the password must not empty it
    const account = await accountById(tx, accountId)
    if (account && !(await isOtpAsked(tx, accountId))) await forgetAccountTries(tx, account.email)
    return { ended: await endOtherSessions(tx, accountId, keep) }
  })
}

export async function endOneSession(ctx: Context, { session, id }: Mine & { id: string }): Promise<void> {
  if (!(await endSessionOf(ctx.sql, session.actorId, id))) throw new Refusal('not-found', { field: 'id' })
}

export async function endOthers(ctx: Context, { session }: Mine): Promise<{ ended: number }> {
  return write(ctx, async tx => ({ ended: await endOtherSessions(tx, session.actorId, session.id) }))
}
