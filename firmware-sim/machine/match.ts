import { checkOf, totpStep } from '../../schema/wire/codes.ts'
import type { ListedGrant } from '../../schema/wire/down.ts'
import type { DeviceState, Refusal } from './state.ts'

export type Match = { grant: ListedGrant; step?: number }
export type Verdict =
  | { ok: true; match: Match }
  | { ok: false; match: Match; reason: NotNow; from?: number; until?: number; usedAt?: number }
/** why a grant that fits the code does not open now */
type NotNow = Extract<Refusal, 'early' | 'expired' | 'used' | 'no-clock' | 'door-out-of-service'>
type Moment = { up: number; time: number }

const servedBy = (state: DeviceState, keypad: number): ListedGrant[] => {
  const doors = new Set(state.setup.keypads.find(each => each.keypad === keypad)?.doors)
  return state.flash.grants.list.filter(each => doors.has(each.door) && state.doors[each.door])
}

export function grantsOfBadge(state: DeviceState, keypad: number, badge: string): Match[] {
  const check = checkOf(state.setup.codeKey, badge)
  return servedBy(state, keypad)
    .filter(grant => grant.badge === check)
    .map(grant => ({ grant }))
}

export function grantsOfCode(state: DeviceState, keypad: number, code: string, time: number): Match[] {
  const check = checkOf(state.setup.codeKey, code)
  return servedBy(state, keypad).flatMap((grant): Match[] => {
    if (grant.check === check) return [{ grant }]
    if (!grant.totp || state.clock.kind === 'none') return []
    const step = totpStep(grant.totp, code, time)
    return step === null ? [] : [{ grant, step }]
  })
}

/** Whether a code that fits nothing could be a rotating one that cannot be checked without a clock. */
export const mayBeRotating = (state: DeviceState, keypad: number, code: string): boolean =>
  state.clock.kind === 'none' && servedBy(state, keypad).some(each => each.totp?.digits === code.length)

/** Whether this grant may open its door now; if not, why, in the person's terms. */
export function mayOpen(state: DeviceState, match: Match, { up, time }: Moment): Verdict {
  const { grant, step } = match
  const door = state.doors[grant.door]!
  const no = (reason: NotNow, why: { from?: number; until?: number; usedAt?: number } = {}): Verdict => ({
    ok: false,
    match,
    reason,
    ...why,
  })
  if (door.mode.mode === 'locked') return no('door-out-of-service')
  const use = state.flash.uses[grant.grant]
  if (step !== undefined && use?.steps?.includes(step)) return no('used', { usedAt: use.at })
  if (step === undefined && door.reopen?.grant === grant.grant && up <= door.reopen.until) return { ok: true, match }
  const usedAt = use?.at ?? grant.usedAt
  if (grant.uses === 1 && usedAt !== undefined) return no('used', { usedAt })
  if (time > grant.until) return no('expired', { until: grant.until })
  if (time < grant.from) return no('early', { from: grant.from })
  // without a clock the uptime may run ahead of the truth, so only what the last known time proves counts
  if (state.clock.kind === 'none' && grant.from > state.flash.lastTime) return no('no-clock', { from: grant.from })
  return { ok: true, match }
}
