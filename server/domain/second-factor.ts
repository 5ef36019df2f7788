import { randomBytes, randomInt } from 'node:crypto'
import { totpStep } from '../../schema/wire/codes.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { accountById } from '../store/accounts.ts'
import {
  dropSecondFactor,
  putSecondFactor,
  replaceRecoveryCodes,
  secondFactorOf,
  setConfirmed,
} from '../store/second-factors.ts'
import { accountTotp, isOtpAsked, recoveryHash, wrapSecret } from './otp.ts'
import { type Proof, proofProblem } from './proof.ts'
import { otpauth } from './totp.ts'

type Proven = { accountId: string } & Proof

/** A secret that is asked for at sign-in only once it is confirmed by a code; begun again, the one before is void. */
export async function startSecondFactor(ctx: Context, proven: Proven): Promise<{ accountId: string }> {
  const { accountId } = proven
  const secretWrapped = await wrapSecret(ctx, accountId, randomBytes(20))
  return write(ctx, async tx => {
    const problem = await proofProblem(ctx, tx, proven)
    if (problem) return problem
    if (!(await putSecondFactor(tx, { accountId, secretWrapped, madeAt: ctx.now() })))
      throw new Refusal('second-factor-on')
    return { accountId }
  })
}

/** For the authenticator: to be typed, or as the address in a QR code. Never told again once it is confirmed. */
export async function tellSecret(ctx: Context, accountId: string): Promise<{ secret: string; uri: string }> {
  const [factor, account] = await Promise.all([secondFactorOf(ctx.sql, accountId), accountById(ctx.sql, accountId)])
  if (!factor || !account || factor.confirmedAt) throw new Refusal('already-shown')
  const totp = await accountTotp(ctx, accountId, factor.secretWrapped)
  return { secret: totp.secret, uri: otpauth({ issuer: 'Conciergerie', account: account.email }, totp) }
}

/** From now on it is asked for. The ten recovery codes are told once. */
export async function confirmSecondFactor(
  ctx: Context,
  { accountId, code }: { accountId: string; code: string },
): Promise<{ recoveryCodes: string[] }> {
  return write(ctx, async tx => {
    const factor = await secondFactorOf(tx, accountId)
    if (!factor) throw new Refusal('no-second-factor')
    const now = ctx.now()
    const totp = await accountTotp(ctx, accountId, factor.secretWrapped)
    const step = totpStep(totp, code, now.getTime())
    if (step === null) throw new Refusal('otp-wrong', { field: 'code' })
    const { secretWrapped } = factor
    if (!(await setConfirmed(tx, { accountId, secretWrapped, at: now, step }))) throw new Refusal('second-factor-on')
    return { recoveryCodes: await newRecoveryCodes(ctx, tx, accountId) }
  })
}

/** Those before are void; told once. */
export async function renewRecoveryCodes(ctx: Context, proven: Proven): Promise<{ recoveryCodes: string[] }> {
  return write(ctx, async tx => {
    if (!(await isOtpAsked(tx, proven.accountId))) throw new Refusal('no-second-factor')
    const problem = await proofProblem(ctx, tx, proven)
    return problem ?? { recoveryCodes: await newRecoveryCodes(ctx, tx, proven.accountId) }
  })
}

export async function endSecondFactor(ctx: Context, proven: Proven): Promise<{ id: string }> {
  const { accountId } = proven
  return write(ctx, async tx => {
    if (!(await isOtpAsked(tx, accountId))) throw new Refusal('no-second-factor')
    const problem = await proofProblem(ctx, tx, proven)
    if (problem) return problem
    await dropSecondFactor(tx, accountId)
    return { id: accountId }
  })
}

/** Without i, l, o, 0, 1, which paper makes alike: 49 bits. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')

async function newRecoveryCodes(ctx: Context, tx: Tx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: 10 }, () => `${group()}-${group()}`)
  const hashes = codes.map(code => recoveryHash(ctx, accountId, code))
  await replaceRecoveryCodes(tx, accountId, await Promise.all(hashes))
  return codes
}
