import type { Config, Grants } from '../../schema/wire/down.ts'
import { saveFlash } from './clock.ts'
import { record } from './journal.ts'
import type { DeviceState, Use } from './state.ts'
import { change, type Turn } from './turn.ts'

/** Takes one page; the list is in force all at once when the last missing page is there. */
export function hearGrants(turn: Turn, page: Grants) {
  const { flash, pages, setup } = turn.state
  if (page.version <= flash.grants.version || (pages && page.version < pages.version)) return
  const begun = pages?.version === page.version ? pages : { version: page.version, pages: page.pages, got: {} }
  if (begun.got[page.page] || page.page > begun.pages) return
  const got = { ...begun.got, [page.page]: page.grants }
  change(turn, { pages: { ...begun, got } })
  const held = Object.values(got).reduce((sum, each) => sum + each.length, 0)
  if (held > setup.listSize) return sayTooLarge(turn, page.version)
  if (Object.keys(got).length < begun.pages) return
  const list = Object.entries(got)
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([, grants]) => grants)
  const uses = keptUses(turn.state, new Set(list.map(each => each.grant)))
  change(turn, { pages: null, flash: { ...flash, grants: { version: page.version, list }, uses } })
  saveFlash(turn)
  record(turn, { type: 'grants-applied', version: page.version })
}

function sayTooLarge(turn: Turn, version: number) {
  if (turn.state.tooLarge === version) return
  change(turn, { tooLarge: version })
  record(turn, { type: 'list-too-large', version })
}

/** A use goes with its grant; one that the server may not have heard of yet stays, should the grant still come. */
function keptUses(state: DeviceState, listed: Set<string>): Record<string, Use> {
  const unheard = new Set(
    state.journal.held
      .filter(each => each.event.type === 'unlocked' && each.event.seq > state.journal.acked)
      .map(each => (each.event.cause as { grant: string }).grant),
  )
  return Object.fromEntries(
    Object.entries(state.flash.uses).filter(([grant]) => listed.has(grant) || unheard.has(grant)),
  )
}

export function hearConfig(turn: Turn, config: Config) {
  const { flash } = turn.state
  if (config.version <= flash.config.version) return
  change(turn, { flash: { ...flash, config } })
  saveFlash(turn)
  record(turn, { type: 'config-applied', version: config.version })
}
