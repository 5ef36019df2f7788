import { timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { enrolledMacs } from '../store/controllers.ts'
import { together } from '../together.ts'

/** unavailable: the database is down, the controller tries again later. */
export type SignIn = 'ok' | 'refused' | 'unavailable'

/** `certificate`: the broker has seen one in this controller's name, signed by the operator's authority. */
export type ControllerSignIn = (id: string, proof: Buffer | 'certificate') => Promise<SignIn>

/** After a cut of the network a whole city comes back at once: their passwords are looked up together. */
export function makeControllerSignIn(ctx: Context): ControllerSignIn {
  const macOf = together(async ids => new Map((await enrolledMacs(ctx.sql, ids)).map(row => [row.id, row.passwordMac])))
  return async (id, proof) => {
    try {
      const mac = await macOf(id)
      if (!mac) return 'refused'
      if (proof === 'certificate') return 'ok'
      return timingSafeEqual(mac, await ctx.keys.passwordMac(proof)) ? 'ok' : 'refused'
    } catch (error) {
      ctx.log.error({ controllerId: id, problem: (error as Error).message }, 'controller sign-in: database trouble')
      return 'unavailable'
    }
  }
}
