import type { Placing, Recipient } from '../../../schema/api/courier.ts'

export type Size = 'S' | 'M' | 'L' | 'XL'
export type Whom = Pick<Recipient, 'residentId' | 'initials' | 'flat'>
export type Elsewhere = { controllerId: string; name: string; free: Partial<Record<Size, number>> }

/** What there is instead of the box that was wanted. */
export type Left = { free: Record<Size, number>; elsewhere: Elsewhere[] }

/** Where the courier is. Kept in this tab, so that a reload in the middle of a deposit does not lose the open box. */
export type Step =
  | { at: 'bank' }
  /** `away`: the bank cannot open anything, so it goes to the shelf */
  | { at: 'recipient'; size: Size; whom?: Whom; tracking?: string; away?: boolean }
  | { at: 'none-free'; size: Size; whom: Whom; tracking: string; away?: boolean; left: Left }
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

export const noneLeft: Left['free'] = { S: 0, M: 0, L: 0, XL: 0 }
export const sizes: Size[] = ['S', 'M', 'L', 'XL']
