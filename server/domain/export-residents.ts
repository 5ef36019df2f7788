import type { AccountRole } from '../../schema/api/roles.ts'
import { type Context, write } from '../context.ts'
import { appendHistory } from '../store/history.ts'
import { addLooks } from '../store/name-looks.ts'
import { addressesOf, neighbours } from '../store/residents.ts'
import { csvOf } from './csv.ts'
import { addNote } from './note.ts'

type Asked = { siteId: string; actorId: string; role: AccountRole; reason: string }

/** Who asked for everybody's addresses, and why, stays in the history, and everybody is told of it. */
export async function askForResidents(ctx: Context, { siteId, actorId, role, reason }: Asked) {
  return write(ctx, async tx => {
    const now = ctx.now()
    const noteId = await addNote(tx, siteId, reason, now)
    const residentIds = (await neighbours(tx, siteId)).map(({ id }) => id)
    await addLooks(tx, { residentIds, how: 'export', actorId, role, at: now, noteId })
    await appendHistory(tx, siteId, [
      { type: 'residents-exported', at: now, receivedAt: now, actorId, facts: { noteId } },
    ])
    return { siteId }
  })
}

const headings = [
  ...['Appartement', 'Nom', 'Numéro de membre', 'Adresse e-mail', 'Téléphone', 'Langue', 'Prévenir par', 'Porte basse'],
]

/** A file that an import understands again: whoever is in it is there already. */
export async function residentsFile(ctx: Context, siteId: string): Promise<string> {
  const people = await addressesOf(ctx.sql, siteId)
  const rows = people.map(({ flat, name, memberNumber, email, phone, language, tellBy, needsLowDoor }) => [
    ...[flat, name, memberNumber, email ?? '', phone ?? '', language ?? ''],
    ...[tellBy.length === 0 ? 'aucun' : tellBy.map(way => wayWords[way]).join(' + '), needsLowDoor ? 'oui' : 'non'],
  ])
  return csvOf([headings, ...rows], ';')
}

const wayWords = { email: 'e-mail', sms: 'SMS', voice: 'appel' }
