import { limits } from '../schema/wire/limits.ts'

/** How long to wait before the next attempt: anything up to 1 s at first, doubling to 120 s, so that a storm spreads out. */
export const reconnectWait = (attempts: number, random: number): number =>
  random * Math.min(limits.reconnectFirstMs * 2 ** Math.min(attempts, 20), limits.reconnectMaxMs)
