/** As it stands in the address, so that others see the same; no days: the last four weeks, whatever day it is. */
export type Chosen = { from?: string; until?: string; all: boolean }

const isDay = (text: string | null): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '')

export function chosenIn(search: string): Chosen {
  const given = new URLSearchParams(search)
  const [from, until] = [given.get('from'), given.get('until')]
  return { ...(isDay(from) && isDay(until) ? { from, until } : {}), all: given.has('all') }
}

/** With the site: who is given the address may have looked at another one last. */
export function addressOf({ from, until, all }: Chosen, siteId: string): string {
  const days = from && until ? { from, until } : {}
  return `${location.pathname}?${new URLSearchParams({ site: siteId, ...days, ...(all ? { all: '1' } : {}) })}`
}
