import { type TotpGrant, totpStep } from '../../schema/wire/codes.ts'
import type { Context } from '../context.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { burnStep, secondFactorOf, takeRecoveryCode } from '../store/second-factors.ts'
import { base32Of } from './totp.ts'

const secretName = (accountId: string) => `second-factor:${accountId}`

export const wrapSecret = (ctx: Context, accountId: string, secret: Buffer): Promise<Buffer> =>
  ctx.keys.wrap(secretName(accountId), secret)

/** Of an account, with what every authenticator takes without being asked: 6 digits, half a minute. */
export async function accountTotp(ctx: Context, accountId: string, secretWrapped: Buffer): Promise<TotpGrant> {
  return { secret: base32Of(await ctx.keys.unwrap(secretName(accountId), secretWrapped)), digits: 6, period: 30 }
}

/** Is a second factor asked of this account at sign-in? */
export async function isOtpAsked(sql: Sql | Tx, accountId: string): Promise<boolean> {
  return (await secondFactorOf(sql, accountId))?.confirmedAt != null
}

/** A code of the authenticator, of this half minute or one either side, or a recovery code: each serves once. */
export async function otpFits(
  ctx: Context,
  sql: Sql | Tx,
  about: { accountId: string; otp: string },
): Promise<boolean> {
  const { accountId } = about
  const factor = await secondFactorOf(sql, accountId)
  if (!factor?.confirmedAt) return false
  const otp = normalOtp(about.otp)
  const now = ctx.now()
  if (!/^\d{6}$/.test(otp))
    return takeRecoveryCode(sql, { accountId, hash: await recoveryHash(ctx, accountId, otp), at: now })
  const totp = await accountTotp(ctx, accountId, factor.secretWrapped)
  const step = totpStep(totp, otp, now.getTime(), factor.lastStep ?? undefined)
  return step !== null && burnStep(sql, accountId, step)
}

const normalOtp = (otp: string) => otp.replace(/[\s-]/g, '').toLowerCase()

/** Random enough to need no slow hash; keyed, as the passwords of controllers are. */
export const recoveryHash = (ctx: Context, accountId: string, code: string): Promise<Buffer> =>
  ctx.keys.passwordMac(Buffer.from(`recovery:${accountId}:${normalOtp(code)}`))
