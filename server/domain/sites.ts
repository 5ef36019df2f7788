import { type Context, write } from '../context.ts'
import { newId } from './ids.ts'

export type NewSite = { name: string; language?: string | undefined; timeZone?: string | undefined }

export async function createSite(ctx: Context, input: NewSite): Promise<{ id: string }> {
  const id = newId()
  await ctx.keys.siteCodeKey(id)
  const { name, language = 'fr', timeZone = 'Europe/Paris' } = input
  return write(ctx, async tx => {
    await tx`
      insert into sites (id, name, language, time_zone, history_hash, created_at)
      values (${id}, ${name}, ${language}, ${timeZone}, ${Buffer.alloc(32)}, ${ctx.now()})`
    return { id }
  })
}
