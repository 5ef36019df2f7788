import { limits } from '../schema/wire/limits.ts'
import { type Context, write } from './context.ts'
import type { Outbox } from './devices/outbox.ts'
import { parcelStep } from './domain/parcel-rules.ts'
import { applyOutcome, holdParcel, orderIsOver } from './domain/parcels.ts'
import { appendHistory } from './store/history.ts'
import { deleteOld } from './store/prune.ts'
import { lockController, type OrderRow, type ParcelRow, update } from './store/rows.ts'

export type Jobs = { runOnce(): Promise<void>; close(): Promise<void> }

const pruneEveryMs = 3600_000
const keptMs = 24 * 3600_000
const placingMs = 5 * 60_000
/** how long the occupancy sensor may take to say what it sees */
const seenWithinMs = 60_000

/** What happens because time passes. Each job finds its rows by what they say, so that one run too many does no harm. */
export function startJobs(ctx: Context, outbox: Pick<Outbox, 'sendGrants'>, everyMs = 1_000): Jobs {
  let resent = new Map<string, number>()
  let closing = false
  let running: Promise<void> = Promise.resolve()
  let prunedAt = Number.NEGATIVE_INFINITY
  const jobs = [ordersWithoutAnswer, goneQuiet, placingTooLong, notSeenAfterwards, overdue]

  async function runOnce(): Promise<void> {
    for (const job of [...jobs, resendGrants, prune])
      await job(ctx).catch(error => ctx.log.error({ job: job.name, problem: (error as Error).message }, 'job failed'))
  }

  /** Once an hour: answers kept for a day, and tries on which nobody has tried again for a day (levels are long gone). */
  async function prune(): Promise<void> {
    const now = ctx.now().getTime()
    if (Math.abs(now - prunedAt) < pruneEveryMs) return
    await deleteOld(ctx.sql, new Date(now - keptMs))
    prunedAt = now
  }

  /** The list goes again when the device has not said within 10 s that it is in force, and every 10 s after that. */
  async function resendGrants(): Promise<void> {
    const now = ctx.now().getTime()
    const rows = await ctx.sql<{ id: string }[]>`
      select id from controllers where online and retired_at is null and grants_known <> -1 and grants_made > grants_known
        and grants_made < ${now - limits.resendFirstMs}`
    const before = resent
    resent = new Map()
    for (const { id } of rows) {
      const waitedMs = now - (before.get(id) ?? Number.NEGATIVE_INFINITY)
      // a clock that was set back would have it wait for as long again
      const due = waitedMs >= limits.resendFirstMs || waitedMs < 0
      resent.set(id, due ? now : before.get(id)!)
      if (due) await outbox.sendGrants(id)
    }
  }

  const timer = setInterval(() => {
    if (!closing) running = running.then(() => (closing ? undefined : runOnce()))
  }, everyMs)
  return {
    runOnce,
    async close() {
      closing = true
      clearInterval(timer)
      await running
    },
  }
}

/** Expired means no answer yet at the deadline + 2 s; a later `unlocked` still corrects it. */
async function ordersWithoutAnswer(ctx: Context): Promise<void> {
  const due = () => ctx.sql<OrderRow[]>`
    select * from orders where state in ('made', 'sent') and deadline_at + interval '2 seconds' < clock_timestamp()
    order by id limit 200`
  for (const { id, controllerId } of await due())
    await write(ctx, async (tx, after) => {
      await lockController(tx, controllerId)
      const [order] = await tx<OrderRow[]>`
        update orders set state = 'expired' where id = ${id} and state in ('made', 'sent') returning *`
      if (!order) return
      const at = ctx.now()
      const { siteId, doorId, grantId } = order
      const about = { at, receivedAt: at, controllerId, doorId, grantId, orderId: id }
      await appendHistory(tx, siteId, [{ type: 'order-expired', ...about }])
      after.changes({ siteId, doors: [doorId], orders: [id] })
    })
}

async function goneQuiet(ctx: Context): Promise<void> {
  const quietMs = limits.beatMs * limits.onlineBeats
  const rows = await ctx.sql<{ id: string }[]>`
    select id from controllers where online and up_at < clock_timestamp() - ${quietMs} * interval '1 millisecond'`
  for (const { id } of rows)
    await write(ctx, async (tx, after) => {
      const [gone] = await tx<{ siteId: string }[]>`
        update controllers set online = false
        where id = ${id} and online and up_at < clock_timestamp() - ${quietMs} * interval '1 millisecond' returning site_id`
      if (!gone) return
      const at = ctx.now()
      await appendHistory(tx, gone.siteId, [
        { type: 'controller-offline', at, receivedAt: at, controllerId: id, facts: { quiet: true } },
      ])
      after.changes({ siteId: gone.siteId, controllers: [id] })
    })
}

async function placingTooLong(ctx: Context): Promise<void> {
  const rows = await ctx.sql<{ id: string }[]>`
    select id from parcels where state = 'placing'
      and coalesce(opened_at, made_at) < ${new Date(ctx.now().getTime() - placingMs)} limit 200`
  for (const { id } of rows)
    await write(ctx, async (tx, after) => {
      const held = await holdParcel(tx, id)
      const orderOver = await orderIsOver(tx, held.parcel.placingGrantId)
      const outcome = parcelStep(held.parcel, held.door, { type: 'timeout', orderOver }, ctx.now())
      await appendHistory(tx, held.parcel.siteId, await applyOutcome(ctx, tx, after, held, outcome))
    })
}

/** Collected, but the occupancy sensor never said what is left: the next courier or a caretaker looks. */
async function notSeenAfterwards(ctx: Context): Promise<void> {
  const rows = await ctx.sql<{ id: string }[]>`
    select p.id from parcels p join doors d on d.id = p.door_id
    where p.state = 'collected' and p.step = 'closed' and d.offer = 'in-use'
      and d.kind = 'compartment' and p.ended_at < ${new Date(ctx.now().getTime() - seenWithinMs - limits.reopenMs)}
      and not exists (select 1 from parcels o where o.door_id = d.id and o.state in ('placing', 'waiting', 'expired', 'contested'))
    limit 200`
  for (const { id } of rows)
    await write(ctx, async (tx, after) => {
      const { parcel, door } = await holdParcel(tx, id)
      if (parcel.state !== 'collected' || parcel.step !== 'closed' || door.offer !== 'in-use') return
      await update(tx, 'doors', door.id, { offer: 'unchecked', since: ctx.now() })
      after.changes({ siteId: parcel.siteId, doors: [door.id] })
    })
}

/** The screen says "overdue"; the code still opens. */
async function overdue(ctx: Context): Promise<void> {
  const rows = await ctx.sql<ParcelRow[]>`
    select * from parcels where state = 'waiting' and deadline_at < ${ctx.now()} limit 200`
  for (const { id } of rows)
    await write(ctx, async (tx, after) => {
      const held = await holdParcel(tx, id)
      const outcome = parcelStep(held.parcel, held.door, { type: 'overdue' }, ctx.now())
      await appendHistory(tx, held.parcel.siteId, await applyOutcome(ctx, tx, after, held, outcome))
    })
}
