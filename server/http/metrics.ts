import type { IncomingMessage } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Context } from '../context.ts'
import { findSession } from '../domain/sessions.ts'
import { gauge, type Metrics, makeMetrics } from '../metrics.ts'
import { Refusal } from '../refusal.ts'
import { type NumbersNow, numbersNow } from '../store/numbers.ts'
import type { App } from './app.ts'
import { bearerOf, cookieName } from './permission.ts'

const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] as const

/** What the parts of one server count; names and help as /metrics shows them. */
export const serverMetrics = (): Metrics =>
  makeMetrics({
    doors_messages_total: { help: 'Messages received from controllers, by kind.' },
    doors_events_total: { help: 'Events of controllers recorded in the history.' },
    doors_flight_messages: { help: 'Messages committed together.', buckets: [1, 2, 5, 10, 20, 50, 100, 200] },
    doors_flight_seconds: { help: 'From the begin to the commit of what is recorded together.', buckets: seconds },
    doors_http_seconds: { help: 'Requests by route, method and status.', buckets: seconds },
  })

type Parts = { metrics: Metrics; watchers(): number }

/** /metrics in Prometheus' text format, for this machine itself or a landlord. */
export function metricsRoute(app: App, ctx: Context, { metrics, watchers }: Parts): void {
  // it measures from one look to the next, so the time between two looks is taken off again
  const lookMs = 20
  const late = (ns: number) => (Number.isFinite(ns) ? Math.max(0, ns / 1e9 - lookMs / 1_000) : 0)
  const loop = monitorEventLoopDelay({ resolution: lookMs })
  loop.enable()
  app.addHook('onClose', async () => void loop.disable())
  app.addHook('onResponse', async (request, reply) => {
    const { url: route = 'none', method } = request.routeOptions
    const labels = { route, method: String(method ?? request.method), status: String(reply.statusCode) }
    metrics.observe('doors_http_seconds', labels, reply.elapsedTime / 1_000)
  })

  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!isThisMachine(request.raw)) {
      const token = bearerOf(request.headers.authorization) ?? request.cookies[cookieName]
      const session = token ? await findSession(ctx, token) : undefined
      if (!session) throw new Refusal('not-signed-in')
      if (session.role !== 'landlord') throw new Refusal('not-allowed')
    }
    // a database that is away is a number too
    const now = await numbersNow(ctx.sql, ctx.now()).catch(() => undefined)
    const delay = { p50: loop.percentile(50), p99: loop.percentile(99), max: loop.max }
    loop.reset()
    const text = [
      metrics.text(),
      gauge('doors_watchers', 'Open live views.', [[{}, watchers()]]),
      gauge(
        'doors_event_loop_delay_seconds',
        'How late the event loop was since the last reading.',
        Object.entries(delay).map(([quantile, ns]) => [{ quantile }, late(ns)]),
      ),
      gauge('doors_database_up', '1 when the database answered.', [[{}, now ? 1 : 0]]),
      now ? fromDatabase(now) : '',
    ]
    reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8')
    return text.join('')
  })
}

const fromDatabase = ({ controllers, orders, connections, notices, waitMs }: NumbersNow): string =>
  [
    gauge('doors_controllers', 'Enrolled controllers of the whole installation.', [
      [{ online: 'true' }, controllers.online],
      [{ online: 'false' }, controllers.away],
    ]),
    gauge(
      'doors_orders',
      'Orders made in the last hour, by what became of them.',
      orders.map(({ type, state, count }) => [{ type, state }, count]),
    ),
    gauge(
      'doors_database_connections',
      'Connections to this database, by state.',
      connections.map(({ state, count }) => [{ state }, count]),
    ),
    gauge(
      'doors_notices',
      'Notices to residents that are not sent yet, and those that could not be.',
      notices.map(({ channel, state, count }) => [{ channel, state }, count]),
    ),
    gauge('doors_database_wait_seconds', 'Until a free connection of the pool had answered.', [[{}, waitMs / 1_000]]),
  ].join('')

/**
 * Asked from this machine, and not on behalf of somebody else: a proxy on this machine comes from loopback too, but says
 * for whom (RFC 7239 and the older headers).
 */
function isThisMachine({ socket, headers }: IncomingMessage): boolean {
  const near = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')
  return near && !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(name => name in headers)
}
