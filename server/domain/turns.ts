export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Works of one name are done one after the other, in the order they came; other names do not wait for them. */
export function makeTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work)
    const over = mine.catch(() => {})
    last.set(name, over)
    try {
      return await mine
    } finally {
      if (last.get(name) === over) last.delete(name)
    }
  }
}
