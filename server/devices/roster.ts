import { setTimeout as delay } from 'node:timers/promises'

export type Roster = { has(id: string): Promise<boolean>; forget(id: string): void }

/**
 * Which controllers are enrolled, without a look into the database for every message of a stranger: the whole list is
 * read again when an unknown id speaks, at most once in `everyMs`. Whoever asks meanwhile waits for that answer, so
 * that a controller's first status right after its enrolment is not lost.
 */
export function makeRoster(load: () => Promise<string[]>, everyMs = 1_000): Roster {
  let known = new Set<string>()
  let startedAt = Number.NEGATIVE_INFINITY
  let last: Promise<void> = Promise.resolve()
  let coming: Promise<void> | null = null

  async function read(): Promise<void> {
    known = new Set(await load())
  }

  function next(): Promise<void> {
    const wait = Math.max(0, startedAt + everyMs - performance.now())
    coming ??= Promise.all([last.catch(() => {}), delay(wait, undefined, { ref: false })]).then(() => {
      // who asks from here on may have been enrolled after this reading began
      coming = null
      startedAt = performance.now()
      last = read()
      return last
    })
    return coming
  }

  return {
    /** Rejects when the list cannot be read. */
    async has(id) {
      if (known.has(id)) return true
      await next()
      return known.has(id)
    },
    forget: id => void known.delete(id),
  }
}
