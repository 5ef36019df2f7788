import type { UpMessage } from '../../schema/wire/codec.ts'
import { checkOf, totpStep } from '../../schema/wire/codes.ts'
import type { KeypadReport } from '../../schema/wire/status.ts'
import type { Context, OrderToSend } from '../context.ts'
import { codeKeyOf } from '../domain/controllers.ts'
import { totpOf } from '../domain/grants.ts'
import type { Tx } from '../postgres/connect.ts'
import { wrappedCodeKeys } from '../store/controllers.ts'
import type { Held } from '../store/held.ts'
import type { ControllerRow } from '../store/rows.ts'
import { type Candidate, lookUpTyped, ordersToSend, type Typed as Row } from '../store/typed.ts'
import type { Read } from './flight.ts'

/** A grant that the code really means; of a rotating code with the step that it burns. */
export type Meant = Candidate & { step?: number }
/** `asked` or `refused`: the same ask again, delivered twice; neither a second try nor a second answer. */
export type Typed = { asked: OrderToSend | undefined; refused: boolean; locked: boolean; meant: Meant[] }

type CodeKey = { wrapped: Buffer; key: string }
export type Code = { message: Read; controllerId: string; code: UpMessage<'code'>; check: string; wrapped: Buffer }
export type CodeKeys = { codesIn(messages: Read[]): Promise<Code[]>; forget(controllerId: string): void }

export const keypadSubject = (controllerId: string, keypad: number): string => `keypad:${controllerId}:${keypad}`

/** The checks of what was typed. Keys are kept from flight to flight: whether one still holds shows with the row. */
export function makeCodeKeys(ctx: Context): CodeKeys {
  const keys = new Map<string, CodeKey>()
  async function learn(ids: string[]): Promise<void> {
    for (const row of await wrappedCodeKeys(ctx.sql, ids))
      keys.set(row.id, { wrapped: row.codeKeyWrapped, key: await codeKeyOf(ctx, row) })
  }
  return {
    forget: id => void keys.delete(id),
    async codesIn(messages) {
      const asking = messages.filter(each => each.kind === 'code' && each.decoded.ok)
      const unknown = asking.map(each => each.controllerId).filter(id => !keys.has(id))
      if (unknown.length > 0) await learn(unknown)
      return asking.flatMap(message => {
        const code = (message.decoded as { value: UpMessage<'code'> }).value
        const said = code.code ?? code.badge
        const known = keys.get(message.controllerId)
        if (said === undefined || !known) return []
        const { controllerId } = message
        return [{ message, controllerId, code, check: checkOf(known.key, said), wrapped: known.wrapped }]
      })
    },
  }
}

const subjectOf = ({ controllerId, code }: Code) => keypadSubject(controllerId, code.keypad)

type HeldTyped = { rows: Row[]; orders: OrderToSend[] }

/** What the typed codes of a flight could mean: at most one of each controller. */
export async function holdTyped(tx: Tx, codes: Code[], now: Date): Promise<HeldTyped> {
  if (codes.length === 0) return { rows: [], orders: [] }
  const asks = codes.map(each => {
    const { boot, ask } = each.code
    return { controllerId: each.controllerId, boot, ask, check: each.check, subject: subjectOf(each) }
  })
  const rows = await lookUpTyped(tx, asks, now)
  const asked = rows.flatMap(each => each.askedOrderId ?? [])
  return { rows, orders: asked.length > 0 ? await ordersToSend(tx, asked) : [] }
}

type Holding = { codes: Code[]; held: Held; keys: CodeKeys; typed: HeldTyped; now: Date }

/** Without those of a controller whose key changed: its old connection is closed, nobody waits for the answer. */
export async function typedOf(ctx: Context, { codes, held, keys, typed, now }: Holding): Promise<Map<Read, Typed>> {
  const found = new Map<Read, Typed>()
  for (const { message, controllerId, code, wrapped } of codes) {
    const controller = held.controllers.byKey.get(controllerId)
    const rows = typed.rows.filter(each => each.controllerId === controllerId)
    if (!controller?.codeKeyWrapped.equals(wrapped)) keys.forget(controllerId)
    else
      found.set(message, {
        asked: typed.orders.find(({ id }) => id === rows[0]?.askedOrderId),
        refused: rows.some(each => each.refused),
        locked: rows.some(each => each.locked),
        meant: await meantBy(
          ctx,
          { controller, code, now },
          rows.flatMap(each => each.grant ?? []),
        ),
      })
  }
  return found
}

type Asked = { controller: ControllerRow; code: UpMessage<'code'>; now: Date }

async function meantBy(ctx: Context, { controller, code, now }: Asked, grants: Candidate[]): Promise<Meant[]> {
  const pads = (controller.keypads ?? []) as KeypadReport[]
  const served = pads.find(each => each.keypad === code.keypad)?.doors
  const meant: Meant[] = []
  for (const grant of grants) {
    if (served && !served.includes(grant.door)) continue
    if (grant.means === (code.code === undefined ? 'badge' : 'code')) meant.push(grant)
    if (grant.means !== 'totp' || code.code === undefined) continue
    const totp = await totpOf(ctx, grant)
    // a burnt step is meant too: it is refused as used, and is no wrong try
    const step = totp ? totpStep(totp, code.code, now.getTime()) : null
    if (step !== null) meant.push({ ...grant, step })
  }
  return meant
}
