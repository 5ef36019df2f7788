import type { Placing, Recipient } from '../../../schema/api/courier.ts'

export type Size = 'S' | 'M' | 'L' | 'XL'
export type Whom = Pick<Recipient, 'residentId' | 'initials' | 'flat'>
export type Elsewhere = { controllerId: string; name: string; free: Partial<Record<Size, number>> }

/** Where the courier is. Kept in this tab, so that a reload in the middle of a deposit does not lose the open box. */
export type Step =
  | { at: 'bank' }
  | { at: 'recipient'; size: Size; whom?: Whom; tracking?: string }
  | { at: 'none-free'; size: Size; whom: Whom; tracking: string; free: Record<Size, number>; elsewhere: Elsewhere[] }
  | { at: 'box'; placing: Placing; whom: Whom; size: Size; tracking: string; beside: boolean }
  | { at: 'done'; receipt: string; whom: Whom; shelf?: string; contested?: boolean }
  | { at: 'take-back' }

const place = 'courier-step'

export const keepStep = (step: Step): void => sessionStorage.setItem(place, JSON.stringify(step))

export function keptStep(): Step {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? '') as Step
    return kept.at === 'box' ? kept : { at: 'bank' }
  } catch {
    return { at: 'bank' }
  }
}

export const sizes: Size[] = ['S', 'M', 'L', 'XL']
