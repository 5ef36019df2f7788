import type { Flash, Held, Journal, Stored } from './machine/state.ts'

/** Where journal and flash are kept. Each call returns when what it wrote would survive a power cut. */
export type Store = {
  load(): Stored
  append(held: Held): void
  acked(seq: number): void
  rewrite(journal: Journal): void
  saveFlash(flash: Flash): void
  /** holds this and nothing else, as if it had never held anything before */
  replace(stored: Stored): void
  close(): void
}

/** Keeps everything for as long as the process lives: a power cut of the simulated device does not touch it. */
export function memoryStore(): Store {
  let journal: Journal | null = null
  let flash: Flash | null = null
  return {
    load: () => ({ journal: journal && { ...journal, held: [...journal.held] }, flash }),
    append(held) {
      if (!journal) throw new Error('no journal to append to')
      journal.held.push(held)
      journal.last = held.event.seq
    },
    acked(seq) {
      if (journal) journal.acked = seq
    },
    rewrite(next) {
      journal = { ...next, held: [...next.held] }
    },
    saveFlash(next) {
      flash = next
    },
    replace(stored) {
      journal = stored.journal && { ...stored.journal, held: [...stored.journal.held] }
      flash = stored.flash
    },
    close() {},
  }
}
