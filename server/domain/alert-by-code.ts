import { createHash } from 'node:crypto'
import type { AlertKind } from '../../schema/api/alerts.ts'
import { checkOf } from '../../schema/wire/codes.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { parcelOfCode } from '../store/alerts.ts'
import { bankById } from '../store/boxes.ts'
import { countTry, forgetTries, lockedUntil, takeBackTry } from '../store/sessions.ts'
import { makeAlert } from './alerts.ts'
import { codeKeyOf } from './controllers.ts'
import { makeTurns } from './turns.ts'

/** `from` is the caller's address */
export type SaidAtBank = { controllerId: string; code: string; kind: AlertKind; from: string }
export type HeardAtBank = { door: number; parcelState: string }

/**
 * Tries on one bank's page from all addresses together. At most 20 in 15 minutes while somebody keeps trying: of a bank with
 * 30 live codes of 8 digits that is 0.06 % a day, as at its keypad. Apart from the keypad's count: nobody locks that from afar.
 */
const mostEverywhere = 20

/** Said by who has a pickup code, without a sign-in. Nothing opens by it, and nobody's name or flat is told. */
export function makeAlertByCode(ctx: Context) {
  // a try counts until it proves right, so right ones at the same moment would lock each other
  const inTurn = makeTurns()
  return async ({ controllerId, code, kind, from }: SaidAtBank): Promise<HeardAtBank> => {
    const bank = await bankById(ctx.sql, controllerId)
    if (!bank) throw new Refusal('not-found', { field: 'id' })
    const everywhere = subjectOf([controllerId])
    const here = subjectOf([controllerId, from])
    const parcel = await inTurn(everywhere, async () => {
      await count(ctx, here)
      await count(ctx, everywhere, mostEverywhere)
      const check = checkOf(await codeKeyOf(ctx, bank), code)
      const found = await parcelOfCode(ctx.sql, controllerId, check)
      if (!found) throw new Refusal('code-unknown', { field: 'code' })
      await forgetTries(ctx.sql, here)
      await takeBackTry(ctx.sql, everywhere)
      return found
    })
    const { parcelState } = await makeAlert(ctx, { parcelId: parcel.id, kind, actorId: null })
    return { door: parcel.door, parcelState }
  }
}

const subjectOf = (parts: string[]): string =>
  `alert:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`

async function count(ctx: Context, subject: string, most?: number): Promise<void> {
  if (await countTry(ctx.sql, subject, ctx.now(), most)) return
  throw new Refusal('locked', { details: { until: (await lockedUntil(ctx.sql, subject))?.toISOString() } })
}
