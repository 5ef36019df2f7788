import { randomInt } from 'node:crypto'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { addCarrier, changeCarrier, holdCarrier } from '../store/accounts.ts'
import { appendHistory } from '../store/history.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { hashCarrierCode, typedCarrierCode } from './secret-hash.ts'

const leastLetters = 6

/** 31⁸ of them, without letters that look like others: "K7PM-3XQW". */
function drawCode(): string {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
  const drawn = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
  return `${drawn.slice(0, 4)}-${drawn.slice(4)}`
}

type NewCarrier = { siteId: string; name: string; code?: string | undefined }

/** `code` of the answer: a drawn one, told once. */
export async function createCarrier(ctx: Context, input: NewCarrier): Promise<{ id: string; code?: string }> {
  const { siteId, name } = input
  const code = input.code ?? drawCode()
  if (typedCarrierCode(code).length < leastLetters) throw new Refusal('invalid', { field: 'code' })
  const codeHash = await hashCarrierCode(siteId, code)
  return write(ctx, async tx => {
    const id = await addCarrier(tx, { id: newId(), siteId, name: name.trim(), codeHash, createdAt: ctx.now() })
    if (!id) throw new Refusal('already-there', { field: 'code' })
    return input.code === undefined ? { id, code } : { id }
  })
}

type Change = { id: string; siteId: string; actorId: string; reason: string }

/** Whoever knows the old code, or is signed in by it, is out; the new one is told once. */
export async function newCarrierCode(ctx: Context, input: Change): Promise<{ id: string; code: string }> {
  const { id, siteId, actorId, reason } = input
  const code = drawCode()
  const codeHash = await hashCarrierCode(siteId, code)
  return write(ctx, async tx => {
    if (!(await holdCarrier(tx, id))) throw new Refusal('carrier-ended')
    const now = ctx.now()
    await changeCarrier(tx, id, { codeHash, codeMadeAt: now })
    await endSessionsOf(tx, id)
    const facts = { carrierId: id, noteId: await addNote(tx, siteId, reason, now) }
    await appendHistory(tx, siteId, [{ type: 'carrier-code-made', at: now, receivedAt: now, actorId, facts }])
    return { id, code }
  })
}

/** They come no more: their code opens nothing. What they brought stays theirs. */
export async function endCarrier(ctx: Context, input: Change): Promise<{ id: string }> {
  const { id, siteId, actorId, reason } = input
  return write(ctx, async tx => {
    if (!(await holdCarrier(tx, id))) throw new Refusal('carrier-ended')
    const now = ctx.now()
    await changeCarrier(tx, id, { endedAt: now })
    await endSessionsOf(tx, id)
    const facts = { carrierId: id, noteId: await addNote(tx, siteId, reason, now) }
    await appendHistory(tx, siteId, [{ type: 'carrier-ended', at: now, receivedAt: now, actorId, facts }])
    return { id }
  })
}
