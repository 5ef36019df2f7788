import { type Context, write } from '../context.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { changeSiteRules, type SiteRules, siteRules } from '../store/sites.ts'
import { isDay } from './days.ts'

/** `holidays` none instead of nothing, so that it can be chosen. */
export type Rules = Omit<SiteRules, 'timeZone' | 'holidays'> & { holidays: 'none' | 'FR' }
type Given = { [name in keyof Rules]?: Rules[name] | undefined }

export async function siteRulesNow(sql: Sql | Tx, id: string): Promise<Rules & { timeZone: string }> {
  const { holidays, ...rules } = await siteRules(sql, id)
  return { ...rules, holidays: holidays ?? 'none' }
}

/** For parcels from now on; deadlines that were promised stay. */
export async function changeRules(
  ctx: Context,
  { id, actorId, rules }: { id: string; actorId: string; rules: Given },
): Promise<Rules & { timeZone: string }> {
  const wrong = rules.closedDays?.findIndex(day => !isDay(day)) ?? -1
  if (wrong >= 0) throw new Refusal('invalid', { field: `closedDays.${wrong}` })
  const { holidays, ...same } = rules
  const given = Object.entries(same).filter(([, value]) => value !== undefined)
  const changed = {
    ...(Object.fromEntries(given) as Partial<SiteRules>),
    ...(holidays ? { holidays: holidays === 'none' ? null : holidays } : {}),
  }
  return write(ctx, async (tx, after) => {
    for (const controller of await changeSiteRules(tx, id, changed)) after.device({ config: controller })
    const now = ctx.now()
    await appendHistory(tx, id, [{ type: 'rules-changed', at: now, receivedAt: now, actorId, facts: changed }])
    return siteRulesNow(tx, id)
  })
}
