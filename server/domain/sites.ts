import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { addSite } from '../store/sites.ts'
import { newId } from './ids.ts'

export type NewSite = { name: string; language?: string | undefined; timeZone?: string | undefined }

/** A place of the IANA list, or UTC: engines also take `EST`, newer ones `+01:00`, and neither knows a summer. */
const isTimeZone = (name: string): boolean => {
  if (name !== 'UTC' && !name.includes('/')) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

export async function createSite(ctx: Context, input: NewSite): Promise<{ id: string }> {
  const { name, language = 'fr', timeZone = 'Europe/Paris' } = input
  if (!isTimeZone(timeZone)) throw new Refusal('invalid', { field: 'timeZone' })
  const id = newId()
  const made = await write(ctx, async tx => {
    await addSite(tx, { id, name, language, timeZone, createdAt: ctx.now() })
    return { id }
  })
  // before the first code asks for it in a transaction; afterwards, or each repeat of this would leave one for nobody
  await ctx.keys.siteCodeKey(id)
  return made
}
