import { randomBytes } from 'node:crypto'
import { checkOf, makeCode, randomCounter, type TotpGrant } from '../../schema/wire/codes.ts'
import { limits } from '../../schema/wire/limits.ts'
import { type After, type Context, write } from '../context.ts'
import type { Sql, Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
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

export type NewGrant = {
  doorId: string
  from: Date
  until: Date
  uses?: number | undefined
  means: 'code' | 'totp' | 'badge'
  badge?: string | undefined
  residentId?: string | undefined
  madeBy?: string | undefined
  reason?: string | undefined
}

/** A room's code (or rotating code, or badge) for a time; the code itself is told by `codeOfGrant`. */
export async function makeGrant(ctx: Context, input: NewGrant): Promise<{ id: string }> {
  const { from, until, means } = input
  if (!(from < until)) throw new Refusal('invalid', { field: 'until' })
  const badge = input.badge?.toLowerCase()
  if (means === 'badge' && !/^[0-9a-f]{8,20}$/.test(badge ?? '')) throw new Refusal('invalid', { field: 'badge' })
  const uses = input.uses ?? 0
  if (uses > 1) throw new Refusal('invalid', { field: 'uses' })
  const { controllerId } = await doorById(ctx.sql, input.doorId)
  return write(ctx, async (tx, after) => {
    const controller = await lockController(tx, controllerId)
    const now = ctx.now()
    const noteId = input.reason ? await addNote(tx, controller.siteId, input.reason, now) : null
    const asked = { doorId: input.doorId, from, until, means, uses, badge, purpose: 'entry', noteId } as const
    const { id, fact } = await addGrant(ctx, tx, after, controller, asked)
    const { madeBy = null } = input
    const facts = { ...fact.facts, noteId, ...(input.residentId ? { residentId: input.residentId } : {}) }
    await appendHistory(tx, controller.siteId, [{ ...fact, facts, actorId: madeBy }])
    return { id }
  })
}

type Listed = Pick<GrantRow, 'doorId' | 'from' | 'until' | 'means' | 'uses' | 'purpose'> & {
  badge?: string | undefined
  parcelId?: string
  reopenMs?: number
  noteId?: string | null
}

/** Inside a write that holds the controller's row: the grant and a new version of the list. */
export async function addGrant(ctx: Context, tx: Tx, after: After, controller: ControllerRow, listed: Listed) {
  const now = ctx.now()
  const id = newId()
  const { badge, ...row } = listed
  const secret = await secretOf(ctx, tx, { controller, id, means: row.means, badge })
  await insert(tx, 'grants', {
    ...row,
    ...secret,
    id,
    siteId: controller.siteId,
    controllerId: controller.id,
    madeAt: now,
  })
  const version = await bumpGrants(tx, controller.id, now)
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
    const taken = await tx`select 1 from grants where controller_id = ${controller.id} and "check" = ${check}`
    if (taken.length === 0) return { counter: counterBytes(counter), check }
  }
}

const counterBytes = (counter: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(counter)
  return bytes
}

const totpName = (grantId: string) => `totp:${grantId}`
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export async function totpOf(ctx: Context, grant: GrantRow): Promise<TotpGrant | undefined> {
  if (!grant.totpWrapped) return undefined
  const bits = [...(await ctx.keys.unwrap(totpName(grant.id), grant.totpWrapped))]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
  const secret = (bits.match(/.{5}/g) ?? []).map(five => base32[Number.parseInt(five, 2)]).join('')
  return { secret, digits: limits.codeDigits, period: limits.totpPeriodSeconds }
}

/** The plain code, derived again: it is stored nowhere. */
export async function codeOfGrant(ctx: Context, grantId: string, sql: Sql | Tx = ctx.sql): Promise<string> {
  const grant = await grantById(sql, grantId)
  if (!grant.counter) throw new Refusal('no-code')
  return makeCode(await ctx.keys.siteCodeKey(grant.siteId), grant.counter.readBigUInt64BE())
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
  const rows = await tx<GrantRow[]>`
    select * from grants where controller_id = ${controllerId} and means = 'code' and counter is not null`
  for (const { id, counter } of rows)
    await update(tx, 'grants', id, { check: checkOf(codeKey, makeCode(siteKey, counter!.readBigUInt64BE())) })
  await tx`update grants set revoked_at = ${ctx.now()}, revoked_version = 0
    where controller_id = ${controllerId} and means = 'badge' and revoked_at is null`
}
