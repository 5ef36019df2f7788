import { randomInt } from 'node:crypto'
import { type Context, write } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { appendHistory } from '../store/history.ts'
import { addResident, changeResidentRow, holdResident } from '../store/residents.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { type ContactInput, readContact } from './contacts.ts'
import { newId } from './ids.ts'
import { plainText } from './plain-text.ts'
import { hashSecret } from './secret-hash.ts'

export type NewResident = {
  siteId: string
  name: string
  flat: string
  pin?: string | undefined
  needsLowDoor?: boolean | undefined
} & ContactInput

export const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** The PIN is told once. */
export async function createResident(
  ctx: Context,
  input: NewResident,
): Promise<{ id: string; memberNumber: string; pin: string }> {
  const contact = readContact(input)
  const pin = input.pin ?? digits(6)
  const pinHash = await hashSecret(pin)
  const { siteId, needsLowDoor = false } = input
  const [name, flat] = [tidy(input.name), tidy(input.flat)]
  return write(ctx, async tx => {
    for (;;) {
      const id = newId()
      const memberNumber = digits(8)
      const resident = { id, siteId, name, flat, memberNumber, pinHash, needsLowDoor, ...contact, createdAt: ctx.now() }
      if (await addResident(tx, resident)) return { id, memberNumber, pin }
    }
  })
}

type Change = {
  id: string
  actorId: string
  name: string
  flat: string
  needsLowDoor: boolean
} & ContactInput

/** All of it anew. The chain says what changed, not to what: names, flats and addresses stand in their row only. */
export async function changeResident(ctx: Context, input: Change): Promise<{ id: string }> {
  const contact = readContact(input)
  const { id, actorId, needsLowDoor } = input
  const now = { name: tidy(input.name), flat: tidy(input.flat), needsLowDoor, ...contact }
  return write(ctx, async tx => {
    const was = await mustLiveHere(tx, id)
    const changed = (Object.keys(now) as (keyof typeof now)[]).filter(
      each => JSON.stringify(was[each]) !== JSON.stringify(now[each]),
    )
    await changeResidentRow(tx, id, { ...now, needsLowDoor: needsLowDoor ? 1 : 0 })
    const at = ctx.now()
    const facts = { residentId: id, changed }
    await appendHistory(tx, was.siteId, [{ type: 'resident-changed', at, receivedAt: at, actorId, facts }])
    return { id }
  })
}

type NewPin = { id: string; actorId: string; pin?: string | undefined }

/** In place of one that was forgotten, or the first; it is told once. Whoever is signed in with the old one is not any more. */
export async function newPin(ctx: Context, { id, actorId, pin = digits(6) }: NewPin) {
  const pinHash = await hashSecret(pin)
  return write(ctx, async tx => {
    const { siteId } = await mustLiveHere(tx, id)
    const { memberNumber } = await changeResidentRow(tx, id, { pinHash })
    await endSessionsOf(tx, id)
    const at = ctx.now()
    await appendHistory(tx, siteId, [{ type: 'pin-made', at, receivedAt: at, actorId, facts: { residentId: id } }])
    return { id, memberNumber, pin }
  })
}

/** Their row is this transaction's. */
export async function mustLiveHere(tx: Tx, id: string) {
  const resident = await holdResident(tx, id)
  if (!resident) throw new Refusal('not-found', { field: 'id' })
  if (resident.movedOutAt) throw new Refusal('moved-out')
  return resident
}

/** One line, no spaces around or twice. */
export const tidy = (text: string): string => plainText(text).normalize('NFC').replace(/\s+/g, ' ').trim()
