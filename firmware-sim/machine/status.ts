import { limits } from '../../schema/wire/limits.ts'
import type { DoorReport, KeypadReport } from '../../schema/wire/status.ts'
import { upTopic } from '../../schema/wire/topics.ts'
import { firstHeld } from './journal.ts'
import type { Setup } from './state.ts'
import { type Turn, timeOf, upOf } from './turn.ts'

type Page = { doors: DoorReport[]; keypads: KeypadReport[] }

/** The status as one message, or as several when doors and keypads do not fit into one packet. */
export function statusPages(turn: Turn, withDoors: boolean): Record<string, unknown>[] {
  const { setup, uplink, boot, journal, clock, flash } = turn.state
  const base = {
    state: 'online',
    link: uplink.link,
    boot,
    up: upOf(turn),
    journal: journal.name,
    first: firstHeld(turn),
    last: journal.last,
    firmware: setup.firmware,
    protocol: 1,
    time: timeOf(turn),
    clock: clock.kind,
    grants: flash.grants.version,
    config: flash.config.version,
  }
  if (!withDoors) return [base]
  const room = limits.packetBytes - upTopic(setup.id, 'status').length - JSON.stringify(base).length - 100
  const pages = splitDoors(setup, room)
  if (pages.length === 1) return [{ ...base, ...pages[0] }]
  return pages.map((page, index) => ({ ...base, ...page, doorsPage: index + 1, doorsPages: pages.length }))
}

const doorsPerEntry = 200

function splitDoors(setup: Setup, room: number): Page[] {
  const pages: Page[] = [{ doors: [], keypads: [] }]
  let left = room
  const pageFor = (entry: unknown): Page => {
    const bytes = JSON.stringify(entry).length + 1
    if (bytes > left && left < room) {
      pages.push({ doors: [], keypads: [] })
      left = room
    }
    left -= bytes
    return pages[pages.length - 1]!
  }
  for (const { springs: _, column: __, row: ___, ...door } of setup.doors) pageFor(door).doors.push(door)
  for (const { keypad, doors } of setup.keypads) {
    // entries of one keypad are joined by who reads them, so its doors may go over several pages
    for (let at = 0; at < doors.length || at === 0; at += doorsPerEntry) {
      const entry = { keypad, doors: doors.slice(at, at + doorsPerEntry) }
      pageFor(entry).keypads.push(entry)
    }
  }
  return pages
}
