import { randomInt } from 'node:crypto'
import { type Context, write } from '../context.ts'
import { addResident, type FoundResident, residentsLike } from '../store/residents.ts'
import { type ContactInput, readContact } from './contacts.ts'
import { newId } from './ids.ts'
import { hashSecret } from './secret-hash.ts'

export type NewResident = {
  siteId: string
  name: string
  flat: string
  pin?: string | undefined
  needsLowDoor?: boolean | undefined
} & ContactInput

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** The PIN is told once. */
export async function createResident(
  ctx: Context,
  input: NewResident,
): Promise<{ id: string; memberNumber: string; pin: string }> {
  const contact = readContact(input)
  const pin = input.pin ?? digits(6)
  const pinHash = await hashSecret(pin)
  const { siteId, name, flat, needsLowDoor = false } = input
  return write(ctx, async tx => {
    for (;;) {
      const id = newId()
      const memberNumber = digits(8)
      const resident = { id, siteId, name, flat, memberNumber, pinHash, needsLowDoor, ...contact, createdAt: ctx.now() }
      if (await addResident(tx, resident)) return { id, memberNumber, pin }
    }
  })
}

export const findResidents = (
  ctx: Context,
  { siteId, q = '' }: { siteId: string; q?: string | undefined },
): Promise<FoundResident[]> => residentsLike(ctx.sql, siteId, q)
