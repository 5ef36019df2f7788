import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { openPlain } from '../external/brokers.ts'
import { databaseProxy } from '../support/database-proxy.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems, 14: whatever is being repaired in the middle, people get their parcels. */
let site: Site
let house: House
let proxy: Awaited<ReturnType<typeof databaseProxy>>
async function reach(url: string) {
  proxy = await databaseProxy(url)
  return proxy
}
beforeAll(async () => {
  site = await openSite({ reach })
})
afterEach(() => house.close())
afterAll(() => site.close())

const soon = { withinMs: 20_000 }
const ready = () => eventually(async () => (await fetch(`${site.url}/ready`)).status === 200, soon)

/** Told once, in order, with nothing to doubt; and the next deposit goes on. */
async function isWhole(parcel: { id: string; door: number }) {
  await house.settled()
  expect([await house.state(parcel.id), await house.offer(parcel.door)]).toEqual(['collected', 'free'])
  expect(await house.suspects()).toEqual([])
  await house.whole()
  await house.collect(await house.deposit())
}

test('14 central maintenance does not stop collection: the server is stopped, and started again', async () => {
  house = await openHouse(site)
  const [parcel, next] = [await house.deposit(), await house.deposit()]
  await site.stop()
  await eventually(() => !house.sim.state().connected)
  await house.collect(parcel)
  // also across a power cut, and a wrong code is still a wrong one
  house.sim.cutPower()
  house.sim.restorePower()
  expect(await house.sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'used' })
  expect(await house.sim.typeCode(1, '00000000')).toMatchObject({ result: 'refused', reason: 'unknown' })
  await site.start()
  await isWhole(parcel)
  await house.collect(next)
})

test('14 central maintenance does not stop collection: the database is away', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  proxy.cut()
  await house.collect(parcel)
  const asked = { controllerId: house.id, residentId: site.residentId, size: 'S' }
  expect(await site.courier('POST', '/api/parcels', asked)).toMatchObject({
    status: 503,
    body: { error: { reason: 'unavailable' } },
  })
  expect(house.sim.state().journal.unacked).toBeGreaterThan(0)
  await proxy.mend()
  await ready()
  // the bank says it again after 10 s, or at its next contact
  house.sim.cutNetwork()
  house.sim.restoreNetwork()
  await isWhole(parcel)
})

test('14 central maintenance does not stop collection: the broker is killed, and started again', {
  timeout: 60_000,
}, async () => {
  const broker = await openPlain()
  await site.close()
  site = await openSite({ brokerUrl: broker.url })
  try {
    await ready()
    house = await openHouse(site)
    const parcel = await house.deposit()
    await broker.kill()
    await eventually(() => !house.sim.state().connected)
    await house.collect(parcel)
    await broker.restart()
    await ready()
    await isWhole(parcel)
  } finally {
    await broker.stop()
  }
})
