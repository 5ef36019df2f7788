import type { Online } from '../../schema/wire/status.ts'
import type { Flight } from './inbox.ts'

const twiceAgainMs = 3600_000

/**
 * What does not add up when a controller comes with another boot or journal than before: a memory that went back, an
 * identity used twice, a journal whose end never came. Answers whether its journal is one that nobody has heard of.
 */
export async function doubts(flight: Flight, status: Online): Promise<{ freshJournal: boolean }> {
  const { controller, tx } = flight
  const { boot, journal } = controller
  if (boot === null || journal === null) return { freshJournal: false }
  if (boot === status.boot && journal === status.journal) return { freshJournal: false }
  const rows = await tx<{ journal: string; seq: number }[]>`
    select journal, seq from journals
    where controller_id = ${controller.id} and journal in (${journal}, ${status.journal})`
  const recorded = (name: string) => rows.find(each => each.journal === name)?.seq
  const seq = recorded(status.journal)
  if (boot !== status.boot) {
    const back = await heardOfBoot(flight, status.boot)
    if (back) await sayTwice(flight, status)
    else if (seq !== undefined && status.last < seq)
      say(flight, 'journal-behind', { boot: status.boot, journal: status.journal, last: status.last, recorded: seq })
  }
  if (seq === undefined) loseTail(flight, recorded(journal) ?? 0)
  return { freshJournal: seq === undefined }
}

/** Boots are new each time, so one that was told of before runs beside the present one, or was put back. */
async function heardOfBoot({ tx, controller }: Flight, boot: string): Promise<boolean> {
  const rows = await tx`
    select 1 from history where controller_id = ${controller.id} and journal is null
      and type in ('controller-online', 'journal-behind') and facts ->> 'boot' = ${boot} limit 1`
  return rows.length > 0
}

/** Two that push each other off the broker do so every second: it is said once an hour. */
async function sayTwice(flight: Flight, { boot, journal }: Online): Promise<void> {
  const { tx, controller, facts, now } = flight
  const since = new Date(now.getTime() - twiceAgainMs)
  const said = await tx`
    select 1 from history where controller_id = ${controller.id} and journal is null
      and type = 'identity-twice' and received_at > ${since} limit 1`
  const saidNow = facts.some(each => each.type === 'identity-twice' && each.controllerId === controller.id)
  if (said.length === 0 && !saidNow) say(flight, 'identity-twice', { boot, journal, other: controller.boot })
}

const why = {
  'journal-behind': 'it knows less of its journal than is recorded: its memory was put back, or copied',
  'identity-twice': 'a boot heard before is back: two devices with one identity, or its memory was put back',
}

function say({ controller, facts, now, after }: Flight, type: keyof typeof why, about: object): void {
  const when = { at: now, receivedAt: now, controllerId: controller.id }
  facts.push({ type, ...when, facts: about, suspect: why[type] })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
}

/** Its last status told of events of the old journal that never came: with that journal gone, so are they. */
function loseTail({ controller, facts, now }: Flight, seq: number): void {
  if (controller.last <= seq) return
  const about = { at: now, receivedAt: now, controllerId: controller.id, journal: controller.journal, live: false }
  facts.push({ type: 'loss', ...about, facts: { from: seq + 1, to: controller.last }, suspect: 'events lost' })
}
