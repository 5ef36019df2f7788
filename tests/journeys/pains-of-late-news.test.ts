import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { eventually } from '../support/eventually.ts'
import { connectDevice, newDevice, report, sendEvents } from '../support/raw-device.ts'

/** What goes wrong in real systems, "also": what a device tells late, twice, or under a number it had used before. */
let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house?.close())
afterAll(() => site.close())

const reason = 'looked'
const isAway = () => eventually(async () => (await house.row()).online === false, { withinMs: 20_000 })
const looked = (doorId: string) => site.landlord('POST', `/api/doors/${doorId}/looked`, { found: 'empty', reason })

test('also: a late true event is not dropped because a person had closed the case: kept, shown, settled with a note', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.cutNetwork()
  await house.collect(parcel)
  await looked(parcel.doorId)
  expect(await house.state(parcel.id)).toBe('cancelled')
  house.sim.restoreNetwork()
  await house.settled()
  const list = () => site.landlord('GET', `/api/suspects?siteId=${site.siteId}`)
  const facts = (await list()).body.items as unknown as { n: number; suspect: string; parcelId: string }[]
  const mine = facts.filter(each => each.parcelId === parcel.id)
  expect(mine.map(each => each.suspect)).toEqual(['parcel-ended'])
  expect(await house.offer(parcel.door)).not.toBe('free')
  await site.landlord('POST', `/api/parcels/${parcel.id}/correct`, { state: 'collected', reason: 'she had it' })
  const settled = { siteId: site.siteId, n: mine[0]!.n, note: 'collected while the bank was away' }
  expect((await site.landlord('POST', '/api/suspects/settle', settled)).status).toBe(200)
  expect(JSON.stringify((await list()).body)).not.toContain(parcel.id)
  expect([await house.state(parcel.id), (await house.suspects()).length]).toEqual(['collected', 1])
  await looked(parcel.doorId)
  expect(await house.offer(parcel.door)).toBe('free')
})

test('also: two events with one number after a reboot are both kept, the second as suspect, and what comes next is not lost', async () => {
  const doors = [{ door: 1, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }]
  const id = 'forgetful'
  const enrolled = await site.landlord('POST', '/api/controllers', { id, siteId: site.siteId, name: 'Banc', doors })
  const at = { port: Number(new URL(site.mqttUrl).port), password: String(enrolled.body.password), doors: 1 }
  const device = await connectDevice(newDevice(id), at)
  await report(device, { type: 'started', reason: 'power' }, { type: 'tampered' })
  device.link.destroy()
  // its counter was not in flash: the boot gives 2 to something else
  const rebooted = await connectDevice({ ...device, boot: 'another', bootAt: Date.now() }, at)
  const other = { seq: 2, at: Date.now(), clock: 'synced', type: 'forced', door: 1 }
  await sendEvents(rebooted, [other])
  await report(rebooted, { type: 'power', source: 'mains' })
  await sendEvents(rebooted, [other])
  await report(rebooted, { type: 'power', source: 'battery' })
  rebooted.link.destroy()
  const told = await site.sql`select seq, type, suspect from history where controller_id = ${id} and seq > 1 order by n`
  expect([...told]).toEqual([
    { seq: 2, type: 'tampered', suspect: null },
    { seq: 2, type: 'forced', suspect: 'number-used-twice' },
    { seq: 3, type: 'power', suspect: null },
    { seq: 4, type: 'power', suspect: null },
  ])
  const list = (await site.landlord('GET', `/api/suspects?siteId=${site.siteId}`)).body.items as unknown as object[]
  expect(list).toContainEqual(expect.objectContaining({ type: 'forced', suspect: 'number-used-twice' }))
})

test('also: nothing waits without limit for a bank that is away: no order, and of many lists only the newest', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  const applied = (await house.events('grants-applied')).length
  const made = (await house.facts('order-made')).length
  house.sim.cutNetwork()
  await isAway()
  const open = () => site.landlord('POST', `/api/doors/${parcel.doorId}/open`, { reason })
  const renew = () => site.landlord('POST', `/api/parcels/${parcel.id}/new-code`, { reason })
  for (let again = 0; again < 20; again++) {
    expect((await open()).status).toBe(409)
    expect((await renew()).status).toBe(200)
  }
  house.sim.restoreNetwork()
  await house.settled()
  expect(await house.facts('order-made')).toHaveLength(made)
  expect(await house.events('grants-applied')).toHaveLength(applied + 1)
  expect(house.sim.state().grants).toBe(1)
  await house.collect({ ...parcel, code: await house.codeOf(parcel.id) })
})

// last, since it lets time pass, which only servers and devices know of
test('also: a replayed old event revives no ended parcel, and takes nothing from the one that lies there now', async () => {
  house = await openHouse(site, { doors: 1 })
  const { sim } = house
  const ended = await house.deposit()
  sim.cutNetwork()
  await house.collect(ended)
  const before = sim.stored()
  sim.restoreNetwork()
  await house.settled()
  expect(await house.state(ended.id)).toBe('collected')
  await house.pass(5 * 60_000)
  const present = await house.deposit()

  // a repair puts the flash of then back: in a new journal all of it is told again
  sim.exchangeFlash(before)
  await house.settled()
  expect((await house.events('vacant')).map(each => each.seq! < 10)).toEqual([false, true])
  expect([await house.state(ended.id), await house.state(present.id)]).toEqual(['collected', 'waiting'])
  expect(await house.offer(1)).toBe('in-use')
  expect(await sim.typeCode(1, ended.code)).toMatchObject({ result: 'refused' })
  await house.collect(present)
  await house.settled()
  expect([await house.state(present.id), await house.offer(1)]).toEqual(['collected', 'free'])
})
