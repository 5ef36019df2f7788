import { randomBytes } from 'node:crypto'
import { checkOf, makeCode, randomCounter, type TotpGrant } from '../../schema/wire/codes.ts'
import { limits } from '../../schema/wire/limits.ts'
import { type After, type Context, write } from '../context.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { checkIsTaken, codesOf, livesAt, namesOfDoor, revokeBadges } from '../store/grants.ts'
import { appendHistory, type Fact } from '../store/history.ts'
import {
  bumpGrants,
  type ControllerRow,
  doorById,
  type GrantRow,
  grantById,
  insert,
  lockController,
  update,
} from '../store/rows.ts'
import { codeKeyOf } from './controllers.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { base32Of, otpauth } from './totp.ts'

export type NewGrant = {
  doorId: string
  from: Date
  until: Date
  uses?: 0 | 1 | undefined
  means: 'code' | 'totp' | 'badge'
  badge?: string | undefined
  residentId?: string | undefined
  madeBy?: string | undefined
  reason?: string | undefined
}

const earlyEntryMs = 15 * 60_000
/** A room is booked from `from` and may be entered a little earlier; a compartment opens at `from`. */
export const opensFrom = (kind: 'room' | 'compartment', from: Date): Date =>
  kind === 'room' ? new Date(from.getTime() - earlyEntryMs) : from

/** Somebody may open a door for a time by code, rotating code or badge; what they need for it is told by `tellGrant`. */
export async function makeGrant(ctx: Context, input: NewGrant): Promise<{ id: string }> {
  const { from, until, means } = input
  if (!(from < until) || until <= ctx.now()) throw new Refusal('invalid', { field: 'until' })
  const badge = input.badge?.toLowerCase()
  if ((means === 'badge') !== (badge !== undefined)) throw new Refusal('invalid', { field: 'badge' })
  const { controllerId, kind } = await doorById(ctx.sql, input.doorId)
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    if (controller.retiredAt) throw new Refusal('retired')
    if (input.residentId) await mustLiveAt(tx, controller.siteId, input.residentId)
    const now = ctx.now()
    const noteId = input.reason ? await addNote(tx, controller.siteId, input.reason, now) : null
    const row = { doorId: input.doorId, from: opensFrom(kind, from), until, means, uses: input.uses ?? 0, noteId }
    const { residentId } = input
    const { id, fact } = await addGrant(ctx, tx, after, controller, { ...row, residentId, badge, purpose: 'entry' })
    const { madeBy = null } = input
    const booked = { noteId, bookedFrom: from.getTime() }
    const facts = { ...fact.facts, ...booked, ...(residentId ? { residentId } : {}) }
    await appendHistory(tx, controller.siteId, [{ ...fact, facts, actorId: madeBy }])
    return { id }
  })
}

async function mustLiveAt(tx: Tx, siteId: string, residentId: string): Promise<void> {
  if (!(await livesAt(tx, siteId, residentId))) throw new Refusal('not-found', { field: 'residentId' })
}

type Listed = Pick<GrantRow, 'doorId' | 'from' | 'until' | 'means' | 'uses' | 'purpose'> & {
  residentId?: string | undefined
  badge?: string | undefined
  parcelId?: string
  reopenMs?: number
  noteId?: string | null
}

/** Inside a write that holds the controller's row: the grant and a new version of the list. */
export async function addGrant(ctx: Context, tx: Tx, after: After, controller: ControllerRow, listed: Listed) {
  const now = ctx.now()
  const id = newId()
  const { badge, residentId = null, ...row } = listed
  const secret = await secretOf(ctx, tx, { controller, id, means: row.means, badge })
  const version = await bumpGrants(tx, controller.id, now)
  await insert(tx, 'grants', {
    ...row,
    ...secret,
    id,
    residentId,
    siteId: controller.siteId,
    controllerId: controller.id,
    madeAt: now,
    madeVersion: version,
  })
  after.device({ grants: controller.id })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  const facts = {
    means: row.means,
    purpose: row.purpose,
    from: row.from.getTime(),
    until: row.until.getTime(),
    version,
  }
  const fact: Fact = { type: 'grant-made', at: now, receivedAt: now, grantId: id, doorId: row.doorId, facts }
  return { id, fact: { ...fact, controllerId: controller.id, parcelId: row.parcelId ?? null, facts } }
}

type Wanted = { controller: ControllerRow; id: string; means: GrantRow['means']; badge: string | undefined }

async function secretOf(ctx: Context, tx: Tx, { controller, id, means, badge }: Wanted) {
  if (means === 'totp') return { totpWrapped: await ctx.keys.wrap(totpName(id), randomBytes(20)) }
  const codeKey = await codeKeyOf(ctx, controller)
  if (means === 'badge') return { check: checkOf(codeKey, badge!) }
  const siteKey = await ctx.keys.siteCodeKey(controller.siteId)
  for (;;) {
    const counter = randomCounter()
    const check = checkOf(codeKey, makeCode(siteKey, counter))
    if (!(await checkIsTaken(tx, controller.id, check))) return { counter: counterBytes(counter), check }
  }
}

const counterBytes = (counter: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(counter)
  return bytes
}

const totpName = (grantId: string) => `totp:${grantId}`

export async function totpOf(ctx: Context, grant: GrantRow): Promise<TotpGrant | undefined> {
  if (!grant.totpWrapped) return undefined
  const secret = base32Of(await ctx.keys.unwrap(totpName(grant.id), grant.totpWrapped))
  return { secret, digits: limits.codeDigits, period: limits.totpPeriodSeconds }
}

/** The plain code, derived again: it is stored nowhere. */
export async function codeOfGrant(ctx: Context, grantId: string, sql: Sql | Tx = ctx.sql): Promise<string> {
  const grant = await grantById(sql, grantId)
  if (!grant.counter) throw new Refusal('no-code')
  return makeCode(await ctx.keys.siteCodeKey(grant.siteId), grant.counter.readBigUInt64BE())
}

export type ToldGrant = { id: string; from: Date; until: Date; code?: string; uri?: string }

/** What its holder needs, derived again each time: the code, or for a rotating one the address an authenticator reads. */
export async function tellGrant(ctx: Context, id: string): Promise<ToldGrant> {
  const grant = await grantById(ctx.sql, id)
  const { from, until, means } = grant
  if (means === 'code') return { id, from, until, code: await codeOfGrant(ctx, id) }
  const totp = await totpOf(ctx, grant)
  if (!totp) return { id, from, until }
  const { site, door } = await namesOfDoor(ctx.sql, grant.doorId)
  return { id, from, until, uri: otpauth({ issuer: site, account: door }, totp) }
}

export async function revokeGrant(
  ctx: Context,
  input: { id: string; actorId?: string | undefined; reason?: string | undefined },
): Promise<void> {
  const { controllerId } = await grantById(ctx.sql, input.id)
  await write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const facts = await revoke(ctx, tx, after, { controller, grantId: input.id, actorId: input.actorId ?? null })
    await appendHistory(tx, controller.siteId, facts)
  })
}

type Revoked = { controller: ControllerRow; grantId: string; actorId?: string | null }

/** Inside a write that holds the controller's row. Leaves the list at once; the device knows at its next contact. */
export async function revoke(
  ctx: Context,
  tx: Tx,
  after: After,
  { controller, grantId, actorId }: Revoked,
): Promise<Fact[]> {
  const grant = await grantById(tx, grantId)
  if (grant.revokedAt) return []
  const now = ctx.now()
  const listed = grant.means !== 'order'
  const version = listed ? await bumpGrants(tx, controller.id, now) : null
  await update(tx, 'grants', grantId, { revokedAt: now, revokedVersion: version })
  if (listed) after.device({ grants: controller.id })
  after.changes({ siteId: controller.siteId, controllers: [controller.id] })
  const { doorId, parcelId } = grant
  const about = { controllerId: controller.id, doorId, parcelId, grantId, actorId: actorId ?? null }
  return [{ type: 'grant-revoked', at: now, receivedAt: now, ...about, facts: { version } }]
}

/** A new code key: the checks of live codes are made again. Badges cannot be, their UID is not kept: they are revoked. */
export async function recheck(
  ctx: Context,
  tx: Tx,
  { controllerId, siteId, codeKey }: { controllerId: string; siteId: string; codeKey: string },
): Promise<void> {
  const siteKey = await ctx.keys.siteCodeKey(siteId)
  for (const { id, counter } of await codesOf(tx, controllerId))
    await update(tx, 'grants', id, { check: checkOf(codeKey, makeCode(siteKey, counter!.readBigUInt64BE())) })
  await revokeBadges(tx, controllerId, ctx.now())
}
