import { eventually } from '../support/eventually.ts'

export type Timeline = {
  /** does something and hands on what came of it */
  step<T>(title: string, act: () => Promise<T>): Promise<T>
  totalMs(): number
}

export class StepFailed extends Error {}

export function startTimeline(print: (line: string) => void): Timeline {
  const begun = performance.now()
  let count = 0
  return {
    async step(title, act) {
      count += 1
      const from = performance.now()
      const line = (mark: string) =>
        print(
          `${mark} ${String(count).padStart(2)}  ${title.padEnd(58)} ${(performance.now() - from).toFixed(0).padStart(6)} ms`,
        )
      try {
        const result = await act()
        line('✓')
        return result
      } catch (error) {
        line('✗')
        throw new StepFailed(`step ${count}, ${title}: ${reasonOf(error)}`, { cause: error })
      }
    },
    totalMs: () => performance.now() - begun,
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} (${reasonOf(error.cause)})`
}

/** A fact in the database or at the steel, looked for until it is there. */
export async function fact<T>(what: string, look: () => T | Promise<T>, withinMs = 10_000) {
  return eventually(look, { withinMs, everyMs: 15 }).catch(error => {
    throw new Error(`${what}: ${reasonOf(error)}`)
  })
}
