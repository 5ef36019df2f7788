import { makeCode } from '../../schema/wire/codes.ts'
import type { Context } from '../context.ts'

export const signInLastsMs = 10 * 60_000

/** 8 digits, derived when it is sent and when it is compared; `id` is the UUIDv7 of the sign-in it was asked for. */
export async function signInCode(
  ctx: Pick<Context, 'keys'>,
  { id, siteId }: { id: string; siteId: string },
): Promise<string> {
  // 62 of the last 64 bits are random (RFC 9562 5.7)
  const counter = BigInt(`0x${id.replaceAll('-', '').slice(-16)}`)
  return makeCode(await ctx.keys.siteCodeKey(siteId), counter)
}
