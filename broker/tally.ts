import type { BrokerOptions } from './options.ts'

type Line = {
  level: 'info' | 'warn'
  about: { address: string; action: string } & Record<string, unknown>
  message: string
}
export type Tally = {
  /** a line of its own while the address has had few, after that only a number */
  say(line: Line): void
  /** only a number */
  count(address: string, action: string): void
  close(): void
}
type Outside = { log: BrokerOptions['log']; everyMs: number; linesEach: number; keep: number }

/** Whoever may try without end must not fill the disk: what is not shown one by one is summed up once per interval. */
export function makeTally({ log, everyMs, linesEach, keep }: Outside): Tally {
  let lines = new Map<string, number>()
  let unshown = new Map<string, Map<string, number>>()
  let timer: NodeJS.Timeout | undefined

  function sum(): void {
    clearTimeout(timer)
    timer = undefined
    lines = new Map()
    if (unshown.size === 0) return
    const total: Record<string, number> = {}
    const addresses = [...unshown].map(([address, actions]) => {
      for (const [action, times] of actions) total[action] = (total[action] ?? 0) + times
      return { address, times: [...actions.values()].reduce((sum, each) => sum + each, 0) }
    })
    addresses.sort((a, b) => b.times - a.times)
    const about = { total, seconds: everyMs / 1000, addresses: addresses.length, most: addresses.slice(0, 5) }
    log.warn(about, 'refused, not shown one by one')
    unshown = new Map()
  }

  const begin = () => {
    timer ??= setTimeout(sum, everyMs).unref()
  }

  /** one of too many addresses is counted among the others */
  const within = (map: Map<string, unknown>, address: string) =>
    map.has(address) || map.size < keep ? address : 'others'

  function count(given: string, action: string): void {
    begin()
    const address = within(unshown, given)
    const actions = unshown.get(address) ?? new Map<string, number>()
    unshown.set(address, actions)
    actions.set(action, (actions.get(action) ?? 0) + 1)
  }

  return {
    count,
    say({ level, about, message }) {
      begin()
      const address = within(lines, about.address)
      const shown = lines.get(address) ?? 0
      if (shown >= linesEach) return count(about.address, about.action)
      lines.set(address, shown + 1)
      log[level](about, message)
    },
    close: sum,
  }
}
