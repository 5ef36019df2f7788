import { afterEach, beforeEach, expect, test } from 'vitest'
import { brokenAt } from '../../server/store/chain.ts'
import { asPerson } from '../support/api.ts'
import { databaseProxy } from '../support/database-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { readJson, report, sendEvents } from '../support/raw-device.ts'
import { connectRaw } from '../support/raw-mqtt.ts'
import { type Bank, bankId, hear, historyOf, openBank } from './bank.ts'

let bank: Bank
let proxy: Awaited<ReturnType<typeof databaseProxy>>
beforeEach(async () => {
  bank = await openBank({
    reach: async url => {
      proxy = await databaseProxy(url)
      return proxy
    },
  })
})
afterEach(() => bank.close())

const ready = async () => (await asPerson(bank.url)('GET', '/ready')).status

test('the database is away in mid-flight: nothing is acked, all say so, and it goes on without a restart [LINK-18]', async () => {
  const device = await bank.connect()
  await report(device, { type: 'started', reason: 'power' })
  expect(await ready()).toBe(200)

  // the flight waits for the controller's row, and the database goes away under it
  const events = [2, 3, 4].map(seq => ({ seq, at: Date.now(), clock: 'synced', type: 'tampered' }))
  await bank.sql.begin(async tx => {
    await tx`select id from controllers for update`
    const sent = sendEvents(device, events)
    await eventually(async () => {
      const [row] = await tx<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      return row!.n > 0
    })
    proxy.cut()
    // the broker has it, and that is all the PUBACK says
    await sent
  })

  expect(await eventually(async () => (await ready()) === 503)).toBe(true)
  const answer = await bank.landlord('GET', '/api/controllers')
  expect(answer).toMatchObject({ status: 503, body: { error: { reason: 'unavailable' } } })
  expect((await asPerson(bank.url)('GET', '/health')).status).toBe(200)
  const late = await connectRaw({ port: bank.port, clientId: bankId, username: bankId, password: bank.password })
  // MQTT 3.1.1 §3.2.2.3: 3 is "server unavailable", so the device comes back with the same password
  expect(late.connack?.returnCode).toBe(3)
  await late.closed

  await proxy.mend()
  await eventually(async () => (await ready()) === 200, { withinMs: 15_000 })
  expect(acks(device)).toEqual([1])
  await sendEvents(device, events)
  await hear(device, 'ack', ack => ack.seq === 4)
  await sendEvents(device, events)
  await hear(device, 'ack', ack => ack.seq === 4)
  expect((await historyOf(bank, 'tampered')).map(row => row.suspect)).toEqual([null, null, null])
  expect(await brokenAt(bank.sql, bank.siteId)).toBeNull()
  expect((await bank.landlord('GET', '/api/controllers')).status).toBe(200)
})

test('a database that hangs is not ready either, and is again when it answers', async () => {
  expect(await ready()).toBe(200)
  proxy.freeze()
  expect(await Promise.all([ready(), ready(), ready()])).toEqual([503, 503, 503])
  await proxy.mend()
  await eventually(async () => (await ready()) === 200, { withinMs: 15_000 })
})

const acks = (device: { link: { messages: Parameters<typeof readJson>[0][] } }) =>
  device.link.messages.filter(each => each.topic.endsWith('/ack')).map(each => readJson(each).seq)
