import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, write } from '../context.ts'
import { residentByMemberNumber } from '../store/accounts.ts'
import type { Channel } from '../store/notices.ts'
import { addSignIn, isOnItsWay, openSignIn, signInsAsked, takeSignIn } from '../store/sign-ins.ts'
import { newId } from './ids.ts'
import { tellSignInCode } from './notices.ts'
import { signInCode, signInLastsMs } from './sign-in-code.ts'

const hourMs = 3_600_000
const mostAnHour = 5
/** Asked again so soon the same way: the answer was lost, or the button pressed twice, and the code is on its way. */
const sameAskingMs = 30_000

/** Says nothing of whether there is such a member, an address, or were too many: who asks may be anybody. */
export async function askSignInCode(
  ctx: Context,
  { memberNumber, by }: { memberNumber: string; by: Channel },
): Promise<void> {
  const resident = await residentByMemberNumber(ctx.sql, memberNumber.trim())
  if (!resident) return
  await write(ctx, async tx => {
    const now = ctx.now()
    const { id: residentId } = resident
    if ((await signInsAsked(tx, residentId, new Date(now.getTime() - hourMs))) >= mostAnHour) return
    if (await isOnItsWay(tx, { residentId, by, since: new Date(now.getTime() - sameAskingMs) })) return
    const id = newId()
    if (await tellSignInCode(tx, ctx, { residentId, signInId: id, by }))
      await addSignIn(tx, { id, residentId, madeAt: now })
  })
}

/** Only the newest code opens, once, for ten minutes. */
export async function signInCodeFits(
  ctx: Context,
  resident: { id: string; siteId: string },
  given: string,
): Promise<boolean> {
  const now = ctx.now()
  const id = await openSignIn(ctx.sql, resident.id, new Date(now.getTime() - signInLastsMs))
  if (!id) return false
  const code = await signInCode(ctx, { id, siteId: resident.siteId })
  return isSame(code, given.replace(/\s/g, '')) && (await takeSignIn(ctx.sql, id, now))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
