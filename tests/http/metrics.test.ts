import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { gauge, makeMetrics } from '../../server/metrics.ts'
import { eventually } from '../support/eventually.ts'
import { makeSite, type Server, type Site, startForTests } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(() => server.close())

const read = async () => (await server.ask<string>('GET', '/metrics')).body as unknown as string
const forwarded = { 'x-forwarded-for': '203.0.113.7' }

test('counters, histograms and gauges in the text format', () => {
  const metrics = makeMetrics({
    seen_total: { help: 'Seen.' },
    took_seconds: { help: 'Took.', buckets: [0.1, 1] },
  })
  metrics.add('seen_total', { what: 'a "b"\\\n' }, 2)
  for (const value of [0.05, 0.5, 5]) metrics.observe('took_seconds', {}, value)
  expect(metrics.text() + gauge('now', 'Now.', [[{}, 1]])).toBe(
    [
      '# HELP seen_total Seen.\n# TYPE seen_total counter\nseen_total{what="a \\"b\\"\\\\\\n"} 2\n',
      '# HELP took_seconds Took.\n# TYPE took_seconds histogram\ntook_seconds_bucket{le="0.1"} 1\n',
      'took_seconds_bucket{le="1"} 2\ntook_seconds_bucket{le="+Inf"} 3\ntook_seconds_sum 5.55\ntook_seconds_count 3\n',
      '# HELP now Now.\n# TYPE now gauge\nnow 1\n',
    ].join(''),
  )
})

test('every line can be read, routes are counted by their pattern, and nobody is named', async () => {
  await site.caretaker.ask('GET', `/api/parcels/${site.siteId}`)
  const text = await read()
  const line = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [\d.e+-]+)$/
  expect(
    text
      .trimEnd()
      .split('\n')
      .filter(each => !line.test(each)),
  ).toEqual([])
  expect(text).toContain('doors_http_seconds_count{route="/api/parcels/:id",method="GET",status="404"} 1\n')
  for (const name of ['doors_controllers', 'doors_event_loop_delay_seconds', 'doors_database_connections'])
    expect(text).toContain(`# TYPE ${name} gauge`)
  expect(text).toContain('doors_database_up 1\n')
  for (const secret of [site.siteId, site.doorId(1), site.resident.id, site.caretaker.token, 'Ada', '@'])
    expect(text).not.toContain(secret)
})

test('open live views are counted', async () => {
  const url = `${server.url.replace('http', 'ws')}/live?siteId=${site.siteId}`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${site.caretaker.token}` } })
  await eventually(async () => (await read()).includes('doors_watchers 1\n'))
  socket.close()
  await eventually(async () => (await read()).includes('doors_watchers 0\n'))
})

test('from elsewhere, also through a proxy on this machine, only a landlord reads it', async () => {
  expect((await server.ask('GET', '/metrics')).status).toBe(200)
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
    expect((await server.ask('GET', '/metrics', undefined, { [header]: 'for=203.0.113.7' })).status).toBe(401)
  expect((await site.caretaker.ask('GET', '/metrics', undefined, forwarded)).status).toBe(403)
  expect((await site.admin.ask('GET', '/metrics', undefined, forwarded)).status).toBe(200)
})
