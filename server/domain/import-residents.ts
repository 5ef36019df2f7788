import type { FileRow, ResidentsImported, ResidentsPreview } from '../../schema/api/residents.ts'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { addResidents, lockResidentsOf, type NewResident, neighbours } from '../store/residents.ts'
import { newId } from './ids.ts'
import { type ReadRow, readResidentFile } from './resident-file.ts'
import { folded } from './resident-words.ts'
import { digits } from './residents.ts'

type File = { siteId: string; text: string }
type Judged = ReadRow & Pick<FileRow, 'is' | 'sameAs'>

/** Shown of a file; its counts are of all of it. */
const most = { wrong: 500, others: 20 }

/** What an import of this file would do now; nothing is written. */
export async function previewResidents(ctx: Context, { siteId, text }: File): Promise<ResidentsPreview> {
  const { separator, columns, rows: read } = readResidentFile(text)
  const rows = judge(read, await neighbours(ctx.sql, siteId))
  const wrong = rows.filter(each => each.is === 'wrong').slice(0, most.wrong)
  const others = rows.filter(each => each.is !== 'wrong').slice(0, most.others)
  const shown = [...wrong, ...others].sort((a, b) => a.row - b.row)
  return { separator, columns, counts: { rows: rows.length, ...countsOf(rows) }, rows: shown }
}

type Import = File & { actorId: string; skipWrong?: boolean | undefined }

/**
 * All of it or nothing; the same file again adds nobody. Without PINs: to hash 5,000 of them would take a quarter of an
 * hour (180 ms each), so each is made when its slip is printed.
 */
export async function importResidents(ctx: Context, input: Import): Promise<ResidentsImported> {
  const { siteId, actorId, skipWrong = false } = input
  const { rows: read } = readResidentFile(input.text)
  return write(ctx, async tx => {
    // two imports at once would both find nobody there
    await lockResidentsOf(tx, siteId)
    const rows = judge(read, await neighbours(tx, siteId))
    const counts = countsOf(rows)
    if (counts.wrong > 0 && !skipWrong)
      throw new Refusal('rows-wrong', { field: 'text', details: { wrong: counts.wrong } })
    const now = ctx.now()
    await addAll(
      tx,
      rows.filter(each => each.is === 'new').map(each => ({ ...personOf(each), siteId, createdAt: now })),
    )
    const { new: added, ...others } = counts
    const facts = { added, ...others }
    await appendHistory(tx, siteId, [{ type: 'residents-imported', at: now, receivedAt: now, actorId, facts }])
    return facts
  })
}

const personOf = ({ name, flat, email, phone, language, tellBy, needsLowDoor }: ReadRow) => ({
  ...{ id: newId(), name, flat, email, phone, language, tellBy, needsLowDoor, pinHash: null },
})

/** Member numbers are drawn until none is somebody else's. */
async function addAll(tx: Tx, people: Omit<NewResident, 'memberNumber'>[]): Promise<void> {
  for (let left = people; left.length > 0; ) {
    const added = new Set(
      await addResidents(
        tx,
        left.map(each => ({ ...each, memberNumber: digits(8) })),
      ),
    )
    left = left.filter(each => !added.has(each.id))
  }
}

const keyOf = ({ flat, name }: { flat: string; name: string }) => `${folded(flat)}\n${folded(name)}`

/** Somebody is who has the same name at the same flat, however it is written. */
function judge(rows: ReadRow[], here: { flat: string; name: string }[]): Judged[] {
  const living = new Set(here.map(keyOf))
  const before = new Map<string, number>()
  return rows.map(row => {
    const key = keyOf(row)
    const sameAs = before.get(key) ?? null
    if (row.problems.length > 0) return { ...row, is: 'wrong', sameAs: null }
    if (living.has(key)) return { ...row, is: 'there', sameAs: null }
    if (sameAs !== null) return { ...row, is: 'twice', sameAs }
    before.set(key, row.row)
    return { ...row, is: 'new', sameAs: null }
  })
}

function countsOf(rows: Judged[]) {
  const counts = { new: 0, there: 0, twice: 0, wrong: 0 }
  for (const { is } of rows) counts[is] += 1
  return counts
}
