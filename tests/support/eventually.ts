import { setTimeout as delay } from 'node:timers/promises'

/** Waits for a fact: calls `fact` until it neither throws nor answers false or undefined, and hands its answer on. */
export async function eventually<T>(
  fact: () => T | Promise<T>,
  { withinMs = 5_000, everyMs = 20 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | undefined>> {
  const deadline = Date.now() + withinMs
  let last: unknown = 'it never became true'
  for (;;) {
    try {
      const answer = await fact()
      if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`, { cause: last })
    await delay(everyMs)
  }
}
