import { type FactKind, factKinds } from '../../../schema/api/fact-types.ts'
import { actorKinds } from '../../../schema/api/history.ts'
import { dayAfter, startOfDay } from '../times.ts'

/** As it stands in the address, so that what was found can be found again. */
export const filterNames = ['q', 'what', 'bank', 'door', 'who', 'from', 'until', 'suspect', 'parcel'] as const
export type Filter = Partial<Record<(typeof filterNames)[number], string>>

export function filterIn(search: string): Filter {
  const given = new URLSearchParams(search)
  return Object.fromEntries(filterNames.flatMap(name => (given.get(name) ? [[name, given.get(name)]] : [])))
}

export const addressOf = (filter: Filter): string => {
  const said = new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString()
  return said === '' ? location.pathname : `${location.pathname}?${said}`
}

const isKind = (word: string): word is FactKind => word in factKinds
const isActorKind = (word: string) => actorKinds.some(kind => kind === word)

/** The question to the server; days are those of the site. */
export function questionOf(filter: Filter, site: { id: string; timeZone: string }): URLSearchParams {
  const { q, what, bank, door, who, from, until, suspect, parcel } = filter
  const asked: Record<string, string | undefined> = {
    ...{ siteId: site.id, q: q?.trim() || undefined, doorId: door, parcelId: parcel },
    // a door says which bank
    controllerId: door ? undefined : bank,
    ...(what && (isKind(what) ? { kind: what } : { type: what })),
    ...(who && (isActorKind(who) ? { by: who } : { actorId: who })),
    from: from && startOfDay(site.timeZone, from),
    until: until && startOfDay(site.timeZone, dayAfter(until, 1)),
    suspect: suspect && 'true',
  }
  return new URLSearchParams(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])))
}
