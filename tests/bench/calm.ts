import { setTimeout as delay } from 'node:timers/promises'
import type { Figures } from './benchmark.ts'
import { watchOthers } from './machine.ts'

/** Part of all cores that others may use before we begin, and while we measure. */
const calm = { before: 0.05, during: 0.1 }
const lookMs = 300

export type Measured = { figures: Figures; others: number | null; disturbed: boolean }
export type Calm = (measure: () => Promise<Figures>) => Promise<Measured>

/**
 * Begins when nobody else works, and measures again when somebody did meanwhile, until waiting and repeating together
 * took `patienceMs`. What is thrown away is chosen by the others' load alone, never by what was measured.
 */
export function makeCalm(patienceMs: number, watch: typeof watchOthers = watchOthers): Calm {
  let leftMs = patienceMs

  async function wait(): Promise<void> {
    while (leftMs > 0) {
      const began = performance.now()
      const look = watch()
      await delay(Math.min(lookMs, leftMs))
      if ((look() ?? 0) <= calm.before) return
      leftMs -= performance.now() - began
    }
  }

  return async function measureCalm(measure) {
    for (;;) {
      await wait()
      const began = performance.now()
      const look = watch()
      const figures = await measure()
      const others = look()
      const disturbed = (others ?? 0) > calm.during
      if (!disturbed || leftMs <= 0) return { figures, others, disturbed }
      leftMs -= performance.now() - began
    }
  }
}
