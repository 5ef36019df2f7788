import type { UpMessage } from '../../schema/wire/codec.ts'
import { checkOf, totpStep } from '../../schema/wire/codes.ts'
import type { KeypadReport } from '../../schema/wire/status.ts'
import type { Context, OrderToSend } from '../context.ts'
import { codeKeyOf } from '../domain/controllers.ts'
import { totpOf } from '../domain/grants.ts'
import type { Tx } from '../postgres/connect.ts'
import type { ControllerRow } from '../store/rows.ts'
import { lockedSubjects } from '../store/sessions.ts'
import { askedBefore, type Candidate, candidates, refusedBefore } from '../store/typed.ts'
import type { Read } from './flight.ts'

/** A grant that the code really means; of a rotating code with the step that it burns. */
export type Meant = Candidate & { step?: number }
/** `asked` or `refused`: the same ask again, delivered twice; neither a second try nor a second answer. */
export type Typed = { asked: OrderToSend | undefined; refused: boolean; locked: boolean; meant: Meant[] }

type Code = { message: Read; controller: ControllerRow; code: UpMessage<'code'>; subject: string; check: string }

export const keypadSubject = (controllerId: string, keypad: number): string => `keypad:${controllerId}:${keypad}`

/** What the typed codes of a flight could mean: at most one of each controller. */
export async function holdTyped(
  ctx: Context,
  tx: Tx,
  { controllers, messages }: { controllers: ControllerRow[]; messages: Read[] },
): Promise<Map<Read, Typed>> {
  const codes = await codesOf(ctx, controllers, messages)
  if (codes.length === 0) return new Map()
  const asks = codes.map(({ controller, code: { boot, ask } }) => ({ controllerId: controller.id, boot, ask }))
  const checks = codes.map(({ controller, check }) => ({ controllerId: controller.id, check }))
  const now = ctx.now()
  const [orders, refused, locked, grants] = await Promise.all([
    askedBefore(tx, asks),
    refusedBefore(tx, asks),
    lockedSubjects(
      tx,
      codes.map(each => each.subject),
      now,
    ),
    candidates(tx, checks, now),
  ])
  const typed = new Map<Read, Typed>()
  for (const { message, controller, code, subject } of codes)
    typed.set(message, {
      asked: orders.find(each => each.controllerId === controller.id && each.ask === code.ask),
      refused: refused.some(each => each.controllerId === controller.id && each.ask === code.ask),
      locked: locked.includes(subject),
      meant: await meantBy(
        ctx,
        { controller, code, now },
        grants.filter(each => each.controllerId === controller.id),
      ),
    })
  return typed
}

async function codesOf(ctx: Context, controllers: ControllerRow[], messages: Read[]): Promise<Code[]> {
  const codes: Code[] = []
  for (const message of messages) {
    const controller = controllers.find(each => each.id === message.controllerId)
    if (message.kind !== 'code' || !message.decoded.ok || !controller) continue
    const code = message.decoded.value as UpMessage<'code'>
    const said = code.code ?? code.badge
    if (said === undefined) continue
    const check = checkOf(await codeKeyOf(ctx, controller), said)
    codes.push({ message, controller, code, subject: keypadSubject(controller.id, code.keypad), check })
  }
  return codes
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
