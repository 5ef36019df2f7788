import { setTimeout as delay } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { codeOfGrant } from '../domain/grants.ts'
import { noticeText } from '../domain/notice-texts/text.ts'
import { heldUntil, isStillTrue, mostTries, waitAfter } from '../domain/notices.ts'
import { signInCode } from '../domain/sign-in-code.ts'
import { type Channel, claimDue, type NoticeAbout, noticesAbout, settleNotice } from '../store/notices.ts'
import type { Deliver, Delivered, Message } from './message.ts'

export type Delivery = { runOnce(): Promise<void>; close(): Promise<void> }

const atOnce = 20
/** longer than any try takes */
const leaseMs = 2 * 60_000
const closedWithinMs = 5_000
/** each has a provider of its own */
const lanes: Channel[][] = [['email'], ['sms', 'voice']]

type Parts = { deliver: Deliver; publicUrl?: string | null; everyMs?: number; tryMs?: number }

/** Sends what is due, apart from the other jobs: a provider that hangs holds up neither them nor the other provider. */
export function startDelivery(ctx: Context, parts: Parts): Delivery {
  const { deliver, publicUrl = null, everyMs = 1_000, tryMs = 60_000 } = parts
  let closing = false
  const running = new Map<Channel[], Promise<void>>()

  async function runLane(channels: Channel[]): Promise<void> {
    for (;;) {
      const now = ctx.now()
      const leaseUntil = new Date(now.getTime() + leaseMs)
      const claimed = await claimDue(ctx.sql, { channels, now, leaseUntil, count: atOnce })
      const about = await noticesAbout(
        ctx.sql,
        claimed.map(each => each.id),
      )
      await Promise.all(about.map(one))
      if (claimed.length < atOnce || closing) return
    }
  }

  /** One that cannot even be put into words is tried again like the others, and the others go on. */
  async function one(notice: NoticeAbout): Promise<void> {
    const now = ctx.now()
    const to = notice.channel === 'email' ? notice.email : notice.phone
    if (to === null || !isStillTrue(notice, now)) return settleNotice(ctx.sql, notice, { state: 'dropped' })
    const morning = heldUntil(notice, now)
    if (morning) return settleNotice(ctx.sql, notice, { runAt: morning, tries: notice.tries - 1 })
    const outcome = await messageOf(ctx, { ...notice, to }, publicUrl)
      .then(message => within(tryMs, deliver(message)))
      .catch((error: Error) => ({ ok: false as const, problem: error.name, final: false }))
    if (outcome.ok) return settleNotice(ctx.sql, notice, { state: 'sent', sentAt: ctx.now(), lastProblem: null })
    const { problem: lastProblem, final } = outcome
    const dead = final || notice.tries >= mostTries
    const runAt = new Date(ctx.now().getTime() + waitAfter(notice.tries, Math.random()))
    await settleNotice(ctx.sql, notice, dead ? { state: 'dead', lastProblem } : { runAt, lastProblem })
    if (!dead) return
    const { id, kind, channel, tries, siteId } = notice
    ctx.log.warn({ noticeId: id, kind, channel, tries, problem: lastProblem }, 'a notice could not be sent')
    ctx.announce({ siteId, attention: [`notice-dead/${id}`] })
  }

  const timer = setInterval(() => {
    for (const lane of lanes.filter(each => !running.has(each))) {
      const work = runLane(lane)
        .catch(error => ctx.log.error({ problem: (error as Error).message }, 'notices not sent'))
        .finally(() => running.delete(lane))
      running.set(lane, work)
    }
  }, everyMs)
  return {
    async runOnce() {
      await Promise.all(lanes.map(runLane))
    },
    async close() {
      closing = true
      clearInterval(timer)
      // what a provider has not answered by then goes again, under the same key, once its lease is over
      await Promise.race([Promise.all(running.values()), delay(closedWithinMs, undefined, { ref: false })])
    },
  }
}

/** Over before the lease is, whatever the provider does. */
async function within(ms: number, trying: Promise<Delivered>): Promise<Delivered> {
  const given = new AbortController()
  const late = delay(ms, { ok: false, problem: 'no answer', final: false } as const, { signal: given.signal })
  late.catch(() => {})
  return Promise.race([trying, late]).finally(() => given.abort())
}

/** The words are made now, and the code derived now, for the address the resident has now. */
async function messageOf(
  ctx: Context,
  notice: NoticeAbout & { to: string },
  publicUrl: string | null,
): Promise<Message> {
  const { id: key, kind, channel, site, language, to } = notice
  const code = await codeFor(ctx, notice)
  const url = publicUrl && `${publicUrl}/me`
  const words = noticeText(kind, { ...notice, code, url }, language)
  const text = { email: words.text, sms: words.sms, voice: words.voice }[channel]
  return { channel, site, to, language, subject: words.subject, text, key }
}

async function codeFor(ctx: Context, { signInId, siteId, pickupGrantId }: NoticeAbout): Promise<string | null> {
  if (signInId !== null) return signInCode(ctx, { id: signInId, siteId })
  return pickupGrantId === null ? null : codeOfGrant(ctx, pickupGrantId)
}
