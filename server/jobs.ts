import { limits } from '../schema/wire/limits.ts'
import { type Context, write } from './context.ts'
import type { Outbox } from './devices/outbox.ts'
import { applyOutcome, holdParcel } from './domain/hold-parcel.ts'
import { settleBooking } from './domain/no-show.ts'
import { personalKeptMs } from './domain/notices.ts'
import { afterOutage, remindResident } from './domain/parcel-deadlines.ts'
import { parcelStep } from './domain/parcel-rules.ts'
import { shelfOverdue } from './domain/shelf.ts'
import { dropEnded } from './store/attention.ts'
import { deleteOldBookings, notSettled } from './store/bookings.ts'
import { backAgain, markQuiet, quietControllers } from './store/controllers.ts'
import { unconfirmed } from './store/grants.ts'
import { appendHistory } from './store/history.ts'
import { deleteOldLooks } from './store/name-looks.ts'
import { allRefused, markExpired, unansweredOrders } from './store/orders.ts'
import { liveBeside, notSeenSince, overdueParcels, parcelsToRemind, placingSince } from './store/parcels.ts'
import { deleteOld, deleteOldNotices } from './store/prune.ts'
import { lockController, update } from './store/rows.ts'

export type Jobs = { runOnce(): Promise<void>; close(): Promise<void> }

const pruneEveryMs = 3600_000
const keptMs = 24 * 3600_000
/** CNIL's twelve months for who looked at what */
const looksKeptMs = 365 * 24 * 3600_000
const placingMs = 5 * 60_000
/** how long the occupancy sensor may take to say what it sees */
const seenWithinMs = 60_000

/** What happens because time passes. Each job finds its rows by what they say, so that one run too many does no harm. */
export function startJobs(ctx: Context, outbox: Pick<Outbox, 'sendGrants' | 'sendConfig'>, everyMs = 1_000): Jobs {
  let sentAgain = new Map<string, number>()
  let closing = false
  let running: Promise<void> = Promise.resolve()
  let prunedAt = Number.NEGATIVE_INFINITY
  const jobs = [
    ordersWithoutAnswer,
    goneQuiet,
    placingTooLong,
    notSeenAfterwards,
    outagesOver,
    remind,
    overdue,
    noShows,
    attentionOver,
  ]

  async function runOnce(): Promise<void> {
    for (const job of [...jobs, sendAgain, prune])
      await job(ctx).catch(error => ctx.log.error({ job: job.name, problem: (error as Error).message }, 'job failed'))
  }

  /** Once an hour: answers kept for a day, and tries on which nobody has tried again for a day (levels are long gone), notices and bookings of 3 months, looks at names of a year. */
  async function prune(): Promise<void> {
    const now = ctx.now().getTime()
    if (Math.abs(now - prunedAt) < pruneEveryMs) return
    await deleteOld(ctx.sql, new Date(now - keptMs))
    await deleteOldNotices(ctx.sql, new Date(now - personalKeptMs))
    await deleteOldBookings(ctx.sql, new Date(now - personalKeptMs))
    await deleteOldLooks(ctx.sql, new Date(now - looksKeptMs))
    prunedAt = now
  }

  /** A list or a configuration goes again when the device has not said within 10 s that it is in force, and every 10 s. */
  async function sendAgain(): Promise<void> {
    const now = ctx.now().getTime()
    const before = sentAgain
    sentAgain = new Map()
    for (const { id, what, madeAt } of await unconfirmed(ctx.sql)) {
      const last = before.get(`${what} ${id}`) ?? madeAt ?? now
      // a clock that was set back would have it wait for as long again
      const due = now - last >= limits.resendFirstMs || now < last
      sentAgain.set(`${what} ${id}`, due ? now : last)
      if (due) await (what === 'grants' ? outbox.sendGrants(id) : outbox.sendConfig(id))
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
  await each(ctx, await unansweredOrders(ctx.sql), ({ id, controllerId }) =>
    write(ctx, async (tx, after) => {
      await lockController(tx, controllerId)
      const order = await markExpired(tx, id)
      if (!order) return
      const at = ctx.now()
      const { siteId, doorId, grantId } = order
      const about = { at, receivedAt: at, controllerId, doorId, grantId, orderId: id }
      await appendHistory(tx, siteId, [{ type: 'order-expired', ...about }])
      after.changes({ siteId, doors: [doorId], orders: [id] })
    }),
  )
}

async function goneQuiet(ctx: Context): Promise<void> {
  const quietMs = limits.beatMs * limits.onlineBeats
  await each(ctx, await quietControllers(ctx.sql, quietMs), id =>
    write(ctx, async (tx, after) => {
      const siteId = await markQuiet(tx, id, quietMs)
      if (siteId === undefined) return
      const at = ctx.now()
      const fact = { at, receivedAt: at, controllerId: id, facts: { quiet: true } }
      await appendHistory(tx, siteId, [{ type: 'controller-offline', ...fact }])
      after.changes({ siteId, controllers: [id] })
    }),
  )
}

async function placingTooLong(ctx: Context): Promise<void> {
  await each(ctx, await placingSince(ctx.sql, new Date(ctx.now().getTime() - placingMs)), id =>
    write(ctx, async (tx, after) => {
      const held = await holdParcel(tx, id)
      const orderOver = await allRefused(tx, held.parcel)
      const outcome = parcelStep(held.parcel, held.door, { type: 'timeout', orderOver }, ctx.now())
      await appendHistory(tx, held.parcel.siteId, await applyOutcome(ctx, tx, after, held, outcome))
    }),
  )
}

/** Collected, but the occupancy sensor never said what is left: the next courier or a caretaker looks. */
async function notSeenAfterwards(ctx: Context): Promise<void> {
  const since = new Date(ctx.now().getTime() - seenWithinMs - limits.reopenMs)
  await each(ctx, await notSeenSince(ctx.sql, since), id =>
    write(ctx, async (tx, after) => {
      const { parcel, door } = await holdParcel(tx, id)
      if (parcel.state !== 'collected' || parcel.step === 'opened' || door.offer !== 'in-use') return
      if (await liveBeside(tx, parcel)) return
      await update(tx, 'doors', door.id, { offer: 'unchecked', since: ctx.now() })
      after.changes({ siteId: parcel.siteId, doors: [door.id] })
    }),
  )
}

async function outagesOver(ctx: Context): Promise<void> {
  await each(ctx, await backAgain(ctx.sql), id => afterOutage(ctx, id))
}

async function remind(ctx: Context): Promise<void> {
  await each(ctx, await parcelsToRemind(ctx.sql, ctx.now()), id => remindResident(ctx, id))
}

/** A booked place that nobody came to is given back. */
async function noShows(ctx: Context): Promise<void> {
  await each(ctx, await notSettled(ctx.sql, ctx.now()), id => settleBooking(ctx, id))
}

/** Whoever saw to something that is over sees to it no longer. */
async function attentionOver(ctx: Context): Promise<void> {
  await dropEnded(ctx.sql, ctx.now())
}

/** One that cannot be done now holds up none of the others. */
async function each<T extends string | { id: string }>(
  ctx: Context,
  rows: T[],
  work: (row: T) => Promise<void>,
): Promise<void> {
  for (const row of rows)
    await work(row).catch(error => {
      const id = typeof row === 'string' ? row : row.id
      ctx.log.error({ id, problem: (error as Error).message }, 'job failed for one')
    })
}

/** The screen says "overdue"; the code still opens. */
async function overdue(ctx: Context): Promise<void> {
  const due = await overdueParcels(ctx.sql, ctx.now())
  await each(ctx, due, ({ id, inBox }) => (inBox ? boxOverdue(ctx, id) : shelfOverdue(ctx, id)))
}

function boxOverdue(ctx: Context, id: string): Promise<void> {
  return write(ctx, async (tx, after) => {
    const held = await holdParcel(tx, id)
    const outcome = parcelStep(held.parcel, held.door, { type: 'overdue' }, ctx.now())
    await appendHistory(tx, held.parcel.siteId, await applyOutcome(ctx, tx, after, held, outcome))
  })
}
