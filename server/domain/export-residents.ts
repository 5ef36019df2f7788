import { type Context, write } from '../context.ts'
import { appendHistory } from '../store/history.ts'
import { addressesOf } from '../store/residents.ts'
import { csvOf } from './csv.ts'
import { addNote } from './note.ts'

/** Who asked for everybody's addresses, and why, stays in the history. */
export async function askForResidents(ctx: Context, input: { siteId: string; actorId: string; reason: string }) {
  const { siteId, actorId, reason } = input
  return write(ctx, async tx => {
    const now = ctx.now()
    const noteId = await addNote(tx, siteId, reason, now)
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
