import type { Context } from '../context.ts'
import { neighbours } from '../store/residents.ts'

export type Recipient = { residentId: string; initials: string; flat: string }
type Neighbour = { id: string; name: string; flat: string }

const mostShown = 5
const leastLetters = 2

/**
 * Whom a label means, by flat number or by the first letters of a name. A courier is shown initials and flats only, and of
 * too many nobody: there is no list of residents to read off.
 */
export async function findRecipients(ctx: Context, siteId: string, q: string): Promise<Recipient[]> {
  return recipientsLike(await neighbours(ctx.sql, siteId), q)
}

export function recipientsLike(all: Neighbour[], q: string): Recipient[] {
  const wanted = plainText(q)
  if (wanted === '') return []
  const ofFlat = all.filter(each => plainText(each.flat) === wanted)
  const ofName = wanted.length < leastLetters ? [] : all.filter(each => beginsWith(each.name, wanted))
  const found = ofFlat.length > 0 ? ofFlat : ofName
  if (found.length > mostShown) return []
  return found.map(({ id, name, flat }) => ({ residentId: id, initials: initialsOf(name), flat }))
}

/** Each word of a name, so that "Mme Lefèvre", "LEFEVRE Anne" and "lef" all find her. */
const beginsWith = (name: string, wanted: string): boolean => {
  const words = plainText(name).split(' ')
  return wanted.split(' ').every(part => words.some(word => word.startsWith(part)))
}

export const initialsOf = (name: string): string =>
  name
    .split(/[\s'’-]+/)
    .filter(Boolean)
    .map(word => `${[...word][0]!.toLocaleUpperCase('fr')}.`)
    .join(' ')

const titles = /^(m|mr|mme|mlle|monsieur|madame|dr) /
/** Without accents, marks and a title, as a label may be written. */
const plainText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(titles, '')
