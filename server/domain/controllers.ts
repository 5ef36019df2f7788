import { randomBytes } from 'node:crypto'
import { isControllerId } from '../../schema/wire/topics.ts'
import { type Context, write } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { addController, holdsParcels, retireDoors } from '../store/controllers.ts'
import { appendHistory } from '../store/history.ts'
import { bumpGrants, insert, lockController, update } from '../store/rows.ts'
import { siteExists } from '../store/sites.ts'
import { newId } from './ids.ts'
import { addNote } from './note.ts'
import { mustStandApart } from './places.ts'

export type NewDoor = {
  door: number
  kind: 'compartment' | 'room'
  size?: 'S' | 'M' | 'L' | 'XL' | undefined
  height?: 'low' | 'normal' | 'high' | undefined
  name?: string | undefined
  column?: number | undefined
  row?: number | undefined
  doorSensor: boolean
  occupancySensor: boolean
}
export type NewController = { id: string; siteId: string; name: string; doors: NewDoor[] }
export type Credentials = { id: string; password: string; codeKey: string }

const codeKeyName = (controllerId: string) => `code-key:${controllerId}`

async function makeCredentials(ctx: Context, id: string) {
  const password = randomBytes(32).toString('base64url')
  const codeKey = randomBytes(32)
  return {
    told: { id, password, codeKey: codeKey.toString('hex') },
    kept: {
      passwordMac: await ctx.keys.passwordMac(Buffer.from(password)),
      codeKeyWrapped: await ctx.keys.wrap(codeKeyName(id), codeKey),
    },
  }
}

export async function codeKeyOf(ctx: Context, row: { id: string; codeKeyWrapped: Buffer }): Promise<string> {
  return (await ctx.keys.unwrap(codeKeyName(row.id), row.codeKeyWrapped)).toString('hex')
}

export async function enrolController(ctx: Context, input: NewController): Promise<Credentials> {
  if (!isControllerId(input.id)) throw new Refusal('invalid', { field: 'id' })
  if (new Set(input.doors.map(each => each.door)).size !== input.doors.length)
    throw new Refusal('invalid', { field: 'doors' })
  if (input.doors.some(each => each.kind === 'compartment' && !each.size))
    throw new Refusal('invalid', { field: 'doors' })
  mustStandApart(input.doors)
  const { told, kept } = await makeCredentials(ctx, input.id)
  const now = ctx.now()
  await write(ctx, async (tx, after) => {
    const { id, siteId, name } = input
    if (!(await siteExists(tx, siteId))) throw new Refusal('not-found', { field: 'siteId' })
    if (!(await addController(tx, { id, siteId, name, ...kept, enrolledAt: now })))
      throw new Refusal('already-there', { field: 'id' })
    for (const door of input.doors)
      await insert(tx, 'doors', {
        id: newId(),
        controllerId: id,
        siteId,
        door: door.door,
        kind: door.kind,
        size: door.size ?? null,
        height: door.height ?? 'normal',
        name: door.name ?? null,
        column: door.column ?? null,
        row: door.row ?? null,
        doorSensor: door.doorSensor,
        occupancySensor: door.occupancySensor,
        offer: door.kind === 'compartment' ? 'unchecked' : 'in-use',
        since: now,
      })
    await appendHistory(tx, siteId, [{ type: 'controller-enrolled', at: now, receivedAt: now, controllerId: id }])
    after.changes({ siteId, controllers: [id] })
  })
  return told
}

/** New password and code key; the old connection is closed and every code's check is made again. */
export async function newCredentials(
  ctx: Context,
  input: { id: string; actorId?: string | undefined; reason: string },
): Promise<Credentials> {
  const { told, kept } = await makeCredentials(ctx, input.id)
  const { recheck } = await import('./grants.ts')
  await write(ctx, async (tx, after) => {
    const row = await lockController(tx, input.id)
    if (row.retiredAt) throw new Refusal('retired')
    await update(tx, 'controllers', input.id, kept)
    await recheck(ctx, tx, { controllerId: input.id, siteId: row.siteId, codeKey: told.codeKey })
    await bumpGrants(tx, input.id, ctx.now())
    const now = ctx.now()
    const noteId = await addNote(tx, row.siteId, input.reason, now)
    const fact = { controllerId: input.id, actorId: input.actorId ?? null, facts: { noteId } }
    await appendHistory(tx, row.siteId, [{ type: 'controller-credentials', at: now, receivedAt: now, ...fact }])
    after.device({ disconnect: input.id })
    after.changes({ siteId: row.siteId, controllers: [input.id] })
  })
  return told
}

export async function retireController(
  ctx: Context,
  input: { id: string; actorId?: string | undefined; reason: string },
): Promise<{ id: string }> {
  return write(ctx, async (tx, after) => {
    const row = await lockController(tx, input.id)
    if (row.retiredAt) return { id: input.id }
    const now = ctx.now()
    if (await holdsParcels(tx, input.id)) throw new Refusal('parcels-inside')
    await update(tx, 'controllers', input.id, { retiredAt: now, online: false })
    await retireDoors(tx, input.id, now)
    const noteId = await addNote(tx, row.siteId, input.reason, now)
    const fact = { controllerId: input.id, actorId: input.actorId ?? null, facts: { noteId } }
    await appendHistory(tx, row.siteId, [{ type: 'controller-retired', at: now, receivedAt: now, ...fact }])
    after.device({ disconnect: input.id })
    after.changes({ siteId: row.siteId, controllers: [input.id] })
    return { id: input.id }
  })
}
