import type { Online } from '../../schema/wire/status.ts'
import { pairKey } from '../store/held.ts'
import type { Flight } from './flight.ts'

/**
 * What does not add up when a controller comes with another boot or journal than before: a memory that went back, an
 * identity used twice, a journal whose end never came. Answers whether its journal is one that nobody has heard of.
 */
export function doubts(flight: Flight, status: Online): { freshJournal: boolean } {
  const { controller, held } = flight
  const { boot, journal } = controller
  if (boot === null || journal === null) return { freshJournal: false }
  if (boot === status.boot && journal === status.journal) return { freshJournal: false }
  const recorded = (name: string) => held.journals.byKey.get(pairKey(controller.id, name))?.seq
  const seq = recorded(status.journal)
  if (boot !== status.boot) {
    // Boots are new each time, so one that was told of before runs beside the present one, or was put back.
    if (held.bootsHeard.has(pairKey(controller.id, status.boot))) sayTwice(flight, status)
    else if (seq !== undefined && status.last < seq)
      say(flight, 'journal-behind', { boot: status.boot, journal: status.journal, last: status.last, recorded: seq })
  }
  if (seq === undefined) loseTail(flight, recorded(journal) ?? 0)
  return { freshJournal: seq === undefined }
}

const twiceAgainMs = 3600_000

/** Two that push each other off the broker do so every second: it is said once an hour. */
function sayTwice(flight: Flight, { boot, journal }: Online): void {
  const { controller, held, now } = flight
  const said = held.saidTwice.get(controller.id)
  if (said && now.getTime() - said.getTime() < twiceAgainMs) return
  held.saidTwice.set(controller.id, now)
  say(flight, 'identity-twice', { boot, journal, other: controller.boot })
}

function say(
  { controller, facts, now, after }: Flight,
  type: 'journal-behind' | 'identity-twice',
  about: object,
): void {
  const when = { at: now, receivedAt: now, controllerId: controller.id }
  facts.push({ type, ...when, facts: about, suspect: type })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}

/** Its last status told of events of the old journal that never came: with that journal gone, so are they. */
function loseTail({ controller, facts, now }: Flight, seq: number): void {
  if (controller.last <= seq) return
  const about = { at: now, receivedAt: now, controllerId: controller.id, journal: controller.journal, live: false }
  facts.push({ type: 'loss', ...about, facts: { from: seq + 1, to: controller.last }, suspect: 'events-lost' })
}
