import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RawDevice, report, statusOf, upOf } from '../support/raw-device.ts'
import { type Bank, bankId, hear, openBank } from './bank.ts'

let bank: Bank
beforeEach(async () => {
  bank = await openBank()
})
afterEach(() => bank.close())

const day = 24 * 3600_000

/** An order of now, and the uptimes between which it was made. */
async function orderFor(device: RawDevice) {
  const [door] = await bank.sql<{ id: string }[]>`select id from doors where door = 1`
  const from = upOf(device)
  const made = await bank.landlord('POST', `/api/doors/${door!.id}/open`, { reason: 'look' })
  expect(made.status).toBe(202)
  const order = await hear(device, 'order', message => message.order === made.body.orderId)
  return { order, from, to: upOf(device) }
}

test('an uptime of 60 days, more than 32 bits hold, is an uptime like any other [FORM-4]', async () => {
  const device = await bank.connect({ ...bank.newDevice(), bootAt: Date.now() - 60 * day })
  expect((await hear(device, 'welcome')).up).toBeGreaterThan(2 ** 32)
  const { order, to } = await orderFor(device)
  expect(order.notAfterUp).toBeGreaterThan(60 * day)
  expect(order.notAfterUp).toBeLessThanOrEqual(to + 10_000)
  const cause = { grant: order.grant, order: order.order }
  const stamp = { door: 1, cause, at: upOf(device), clock: 'none' }
  await report(device, { type: 'accepted', ...stamp }, { type: 'unlocked', ...stamp })
  const rows = await bank.sql`select type, suspect from history where journal = ${device.journal} order by n`
  expect([...rows]).toEqual([
    { type: 'accepted', suspect: null },
    { type: 'unlocked', suspect: null },
  ])
  const [made] = await bank.sql`select state from orders where id = ${order.order}`
  expect(made).toEqual({ state: 'done' })
})

test.each([
  ['ahead', 3600_000],
  ['behind', -3600_000],
])(
  "the server's own clock an hour %s changes no deadline: the time since is by the database's [ORDER-8]",
  async (_, ms) => {
    const device = await bank.connect()
    await hear(device, 'welcome')
    bank.forward(ms)
    for (let n = 0; n < 2; n++) {
      const { order, from, to } = await orderFor(device)
      expect(order.notAfterUp).toBeGreaterThan(from)
      expect(order.notAfterUp).toBeLessThanOrEqual(to + 10_000)
      // what the time since is counted from is kept with the controller, and by the same clock
      const { doors: _doors, keypads: _keypads, ...beat } = statusOf(device, { doors: 2 }) as Record<string, unknown>
      await device.link.publish(`v1/${bankId}/up/status`, beat)
      await hear(device, 'welcome')
      const [kept] = await bank.sql<{ up: number; agoMs: number }[]>`
      select up, extract(epoch from clock_timestamp() - up_at)::float8 * 1000 as ago_ms from controllers`
      expect(kept!.up).toBe(beat.up)
      expect(kept!.agoMs).toBeGreaterThanOrEqual(0)
      expect(kept!.agoMs).toBeLessThanOrEqual(upOf(device) - (beat.up as number) + 1)
    }
  },
)

test('a status that was 5 s on its way makes the deadline 5 s earlier, never later [ORDER-8]', async () => {
  const fresh = bank.newDevice()
  const device = await bank.connect(fresh, { more: { up: upOf(fresh) - 5_000 } })
  await hear(device, 'welcome')
  const { order, to } = await orderFor(device)
  expect(order.notAfterUp).toBeLessThanOrEqual(to + 5_000)
  expect(order.notAfterUp).toBeGreaterThan(upOf(device) - 5_000)
})
