import { randomInt } from 'node:crypto'
import { type Context, write } from '../context.ts'
import { newId } from './ids.ts'
import { hashSecret } from './secret-hash.ts'

export type NewResident = {
  siteId: string
  name: string
  flat: string
  pin?: string | undefined
  needsLowDoor?: boolean | undefined
}
export type FoundResident = { id: string; siteId: string; name: string; flat: string; memberNumber: string }

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** The PIN is told once. */
export async function createResident(
  ctx: Context,
  input: NewResident,
): Promise<{ id: string; memberNumber: string; pin: string }> {
  const pin = input.pin ?? digits(6)
  const pinHash = await hashSecret(pin)
  const { siteId, name, flat, needsLowDoor = false } = input
  return write(ctx, async tx => {
    for (;;) {
      const id = newId()
      const memberNumber = digits(8)
      const made = await tx`
        insert into residents (id, site_id, name, flat, member_number, pin_hash, needs_low_door, created_at)
        values (${id}, ${siteId}, ${name}, ${flat}, ${memberNumber}, ${pinHash}, ${needsLowDoor ? 1 : 0}, ${ctx.now()})
        on conflict (member_number) do nothing returning 1`
      if (made.length > 0) return { id, memberNumber, pin }
    }
  })
}

export async function findResidents(
  ctx: Context,
  { siteId, q = '' }: { siteId: string; q?: string | undefined },
): Promise<FoundResident[]> {
  const like = `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
  return ctx.sql<FoundResident[]>`
    select id, site_id, name, flat, member_number from residents
    where site_id = ${siteId} and (name ilike ${like} or flat ilike ${like} or member_number like ${like})
    order by name, id limit 50`
}
