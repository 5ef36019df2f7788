import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { accountById } from '../store/accounts.ts'
import { countTry, forgetTries, lockedUntil, takeBackTry } from '../store/sessions.ts'
import { isOtpAsked, otpFits } from './otp.ts'
import { secretMatches } from './secret-hash.ts'

/** What the person of an account shows again before something that a stolen session must not do. */
export type Proof = { password: string; otp?: string | undefined }

/**
 * Undefined when it holds. Wrong ones are counted and lock as at sign-in, so the refusal is given back, to be returned by the
 * write and committed with the count.
 */
export async function proofProblem(
  ctx: Context,
  tx: Tx,
  { accountId, password, otp }: { accountId: string } & Proof,
): Promise<Refusal | undefined> {
  const subject = `proof:${accountId}`
  if (!(await countTry(tx, subject, ctx.now())))
    return new Refusal('locked', { details: { until: (await lockedUntil(tx, subject))?.toISOString() } })
  const account = await accountById(tx, accountId)
  if (!account || !(await secretMatches(password, account.passwordHash)))
    return new Refusal('wrong-password', { field: 'password' })
  if (otp !== undefined && !(await otpFits(ctx, tx, { accountId, otp })))
    return new Refusal('otp-wrong', { field: 'otp' })
  // the password alone shows nobody's telephone: it must not wipe out the wrong codes before it
  if (otp === undefined && (await isOtpAsked(tx, accountId))) await takeBackTry(tx, subject)
  else await forgetTries(tx, subject)
  return undefined
}
