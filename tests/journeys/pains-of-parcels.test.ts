import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse, openSite, type Site } from '../chaos/house.ts'
import { signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems (product.md, by its numbers), each played against the whole server and a bank. */
let site: Site
let house: House
beforeAll(async () => {
  site = await openSite()
})
afterEach(() => house.close())
afterAll(() => site.close())

const sensors = { doorSensor: true, occupancySensor: true }
const day = 24 * 3600_000
const reason = 'at the counter'
const offer = async (door: number) => (await house.wall(door)).offer
const state = async (id: string) => (await house.parcel(id)).state
const isOpen = (door: number) => eventually(() => house.sim.state().doors[door - 1]!.leaf === 'open')
const orderIs = (id: string, wanted: string) =>
  eventually(async () => {
    const { body } = await site.landlord('GET', `/api/orders/${id}`)
    return body.state === wanted && body
  })
const looked = (doorId: string, found: 'empty' | 'parcel' | 'something-else') =>
  site.landlord('POST', `/api/doors/${doorId}/looked`, { found, reason })

// before the others: those let days pass, which only servers and devices know of
test('a late true event is not dropped because a person had closed the case: kept, shown, settled with a note', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.cutNetwork()
  await house.collect(parcel)
  await looked(parcel.doorId, 'empty')
  expect(await state(parcel.id)).toBe('cancelled')
  house.sim.restoreNetwork()
  await house.settled()
  const list = () => site.landlord('GET', `/api/suspects?siteId=${site.siteId}`)
  const facts = (await list()).body.items as unknown as { n: number; suspect: string; parcelId: string }[]
  const mine = facts.filter(each => each.parcelId === parcel.id)
  expect(mine.map(each => each.suspect)).toEqual(['parcel-ended'])
  expect(await offer(parcel.door)).not.toBe('free')
  await site.landlord('POST', `/api/parcels/${parcel.id}/correct`, { state: 'collected', reason: 'she had it' })
  const settled = { siteId: site.siteId, n: mine[0]!.n, note: 'collected while the bank was away' }
  expect((await site.landlord('POST', '/api/suspects/settle', settled)).status).toBe(200)
  expect(JSON.stringify((await list()).body)).not.toContain(parcel.id)
  expect([await state(parcel.id), (await house.suspects()).length]).toEqual(['collected', 1])
  await looked(parcel.doorId, 'empty')
  expect(await offer(parcel.door)).toBe('free')
})

test('1 nobody needs a telephone: the code on a slip opens at the keypad, and the counter opens for who has nothing', async () => {
  house = await openHouse(site)
  const [slip, none] = [await house.deposit(), await house.deposit()]
  await house.collect(slip)
  const opened = await site.landlord('POST', `/api/parcels/${none.id}/collect-for`, { reason: 'known by sight' })
  expect(opened.status).toBe(202)
  await isOpen(none.door)
  house.sim.take(none.door)
  house.sim.shutDoor(none.door)
  await house.settled()
  expect([await state(slip.id), await state(none.id)]).toEqual(['collected', 'collected'])
  expect([await offer(slip.door), await offer(none.door)]).toEqual(['free', 'free'])
  const [helped] =
    await site.sql`select order_id, facts from history where parcel_id = ${none.id} and type = 'collect-for'`
  expect(helped!.orderId).toBe(opened.body.orderId)
  const [note] = await site.sql`select text from notes where id = ${helped!.facts.noteId}`
  expect(note!.text).toBe('known by sight')
})

test('2 and 14 the link fails, or the middle is down: no parcel is hostage, and what happened is known afterwards', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.cutNetwork()
  await house.collect(parcel)
  expect(await state(parcel.id)).toBe('waiting')
  house.sim.restoreNetwork()
  await house.settled()
  expect([await state(parcel.id), await offer(parcel.door)]).toEqual(['collected', 'free'])
  expect((await house.facts('unlocked')).at(-1)!.live).toBe(true)
})

test('3 an order that was obeyed is not a door that opened: the three facts stay apart', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.jam(parcel.door, true)
  const opened = await site.landlord('POST', `/api/doors/${parcel.doorId}/open`, { reason })
  const order = await orderIs(String(opened.body.orderId), 'refused')
  expect(order.acceptedAt).not.toBeNull()
  expect(order).toMatchObject({ reason: 'jammed', unlockedAt: null, openedAt: null })
  expect(await state(parcel.id)).toBe('waiting')
})

test('4 no occupied box is offered again: after a cancel, a walk away, and a parcel put back', async () => {
  house = await openHouse(site, { doors: 3, occupancySensor: false })
  const cancelled = await house.fill()
  expect((await site.courier('POST', `/api/parcels/${cancelled.id}/cancel`)).body.state).toBe('cancelled')
  const left = await house.fill()
  await house.pass(6 * 60_000)
  await eventually(async () => (await state(left.id)) === 'contested')
  const back = await house.deposit()
  expect(await house.sim.typeCode(1, back.code)).toEqual({ result: 'open', door: back.door })
  house.sim.shutDoor(back.door)
  await house.settled()
  // nobody saw inside: offered as unchecked, and the next courier says what is in it
  expect(await offer(back.door)).toBe('unchecked')
  const next = await house.place()
  expect(next.door).toBe(back.door)
  await isOpen(next.door)
  const swap = await site.courier('POST', `/api/parcels/${next.id}/swap`, { size: 'S', found: 'something' })
  expect(swap.body).toMatchObject({ error: { reason: 'none-free' } })
  for (const { door, doorId } of [cancelled, left, back]) {
    expect(await offer(door)).toBe('contested')
    await looked(doorId, 'something-else')
    expect(await offer(door)).toBe('contested')
  }
})

test('5 who has deposited has a proof: a receipt that anybody can read and that names nobody', async () => {
  house = await openHouse(site)
  const { id } = await house.deposit()
  const { receipt } = await house.parcel(id)
  const nobody = await fetch(`${site.server.url}/api/receipts/${receipt}`)
  const told = await nobody.text()
  expect(nobody.status).toBe(200)
  expect(JSON.parse(told)).toMatchObject({ state: 'waiting' })
  for (const secret of ['Jeanne', 'Petit', site.residentId]) expect(told).not.toContain(secret)
})

test('6 put in for the wrong person: the story is there to read, it goes to the right one, the wrong one opens no more', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  const made = await site.landlord('POST', '/api/residents', { siteId: site.siteId, name: 'Paul Roux', flat: '41' })
  const { id: residentId, memberNumber, pin } = made.body as unknown as Record<string, string>
  const given = await site.landlord('POST', `/api/parcels/${parcel.id}/reassign`, { residentId, reason })
  expect(given.status, JSON.stringify(given.body)).toBe(200)
  await house.settled()
  expect(await house.sim.typeCode(1, parcel.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  const paul = await signIn(site.server.url, { memberNumber, pin })
  const mine = (await paul('GET', '/api/me/parcels')).body.items as unknown as { id: string; code: string }[]
  expect(mine.map(each => each.id)).toEqual([parcel.id])
  await house.collect({ ...parcel, code: mine[0]!.code.replaceAll(' ', '') })
  await house.settled()
  expect(await state(parcel.id)).toBe('collected')
  const story = (await site.landlord('GET', `/api/parcels/${parcel.id}`)).body.timeline as unknown as { type: string }[]
  expect(story.map(each => each.type)).toEqual(
    expect.arrayContaining(['parcel-placing', 'unlocked', 'parcel-waiting', 'parcel-reassigned', 'parcel-collected']),
  )
})

test('7 full, or no box of the size: the courier sees it before anything is scanned, and is told what else there is', async () => {
  house = await openHouse(site, { doors: 1 })
  const controllerId = (await house.row()).id
  const free = async () => (await site.courier('GET', `/api/availability?controllerId=${controllerId}`)).body
  expect(await free()).toMatchObject({ online: true, sizes: [{ size: 'S', free: 1 }] })
  const { doorId } = await house.deposit()
  expect(await free()).toMatchObject({ sizes: [{ size: 'S', free: 0 }] })
  const asked = await site.courier('POST', '/api/parcels', { controllerId, residentId: site.residentId, size: 'S' })
  expect([asked.status, asked.body]).toMatchObject([409, { error: { reason: 'none-free' } }])
  expect(await offer(1)).toBe('in-use')
  expect(doorId).toBe((await house.wall(1)).id)
  house.sim.cutNetwork()
  await eventually(async () => (await free()).online === false, { withinMs: 20_000 })
})

test('8 a deadline is not a lock: the code opens after it, and a caretaker gives more time for nothing', async () => {
  house = await openHouse(site)
  const [late, extended] = [await house.deposit(), await house.deposit()]
  await house.pass(20 * day)
  await eventually(async () => (await state(late.id)) === 'expired', { withinMs: 20_000 })
  const more = await site.landlord('POST', `/api/parcels/${extended.id}/extend`, { reason: 'in hospital' })
  expect(more.body).toMatchObject({ state: 'waiting' })
  await house.settled()
  for (const parcel of [late, extended]) await house.collect(parcel)
  await house.settled()
  expect([await state(late.id), await state(extended.id)]).toEqual(['collected', 'collected'])
})

test('9 a bank that was away opens nothing for an order of before, however it reconnects', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  house.sim.cutNetwork()
  await eventually(async () => (await house.row()).online === false, { withinMs: 20_000 })
  const asked = await site.landlord('POST', `/api/doors/${parcel.doorId}/open`, { reason })
  expect([asked.status, asked.body]).toMatchObject([409, { error: { reason: 'not-reachable' } }])
  house.sim.restoreNetwork()
  await house.settled()
  expect(house.sim.state().doors[parcel.door - 1]).toMatchObject({ leaf: 'closed', bolt: 'locked' })
  expect(await house.facts('order-made')).toHaveLength(1)
})

test('10 who presses again because nothing seems to happen opens once, and is told the same', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  const body = JSON.stringify({ reason })
  const { token } = (await (
    await fetch(`${site.server.url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'landlord@example.org', password: 'a long demo password' }),
    })
  ).json()) as { token: string }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': 'tap' }
  const tap = () =>
    fetch(`${site.server.url}/api/parcels/${parcel.id}/collect-for`, { method: 'POST', headers, body }).then(answer =>
      answer.json(),
    )
  const answers = await Promise.all([tap(), tap(), tap()])
  expect(new Set(answers.map(each => JSON.stringify(each))).size).toBe(1)
  await isOpen(parcel.door)
  await house.settled()
  const forIt = (await house.events('unlocked')).filter(each => each.facts.cause !== undefined)
  expect(forIt).toHaveLength(2)
})

test('11 offline codes hold no surprise: one days old opens; one taken back is shown honestly until the bank knows', async () => {
  house = await openHouse(site)
  const [old, gone] = [await house.deposit(), await house.deposit()]
  house.sim.cutNetwork()
  await eventually(async () => (await house.row()).online === false, { withinMs: 20_000 })
  const renewed = await site.landlord('POST', `/api/parcels/${gone.id}/new-code`, { reason: 'seen by others' })
  expect(renewed.status).toBe(200)
  const { made, known } = (await house.controller()).grantsVersion as { made: number; known: number }
  expect(known).toBeLessThan(made)
  await house.pass(3 * day)
  await house.collect(old)
  house.sim.restoreNetwork()
  // an outage gives more time, so yet another list follows
  await eventually(
    async () => {
      const now = (await house.controller()).grantsVersion as { made: number; known: number }
      return now.made > made && now.known === now.made
    },
    { withinMs: 20_000 },
  )
  expect(await house.sim.typeCode(1, gone.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  await house.collect({ ...gone, code: String(renewed.body.code) })
})

test('12 a code that does not do: a new one is read out, and opens', async () => {
  house = await openHouse(site)
  const parcel = await house.deposit()
  const { code } = (await site.landlord('POST', `/api/parcels/${parcel.id}/new-code`, { reason })).body
  await house.settled()
  await house.collect({ ...parcel, code: String(code) })
  await house.settled()
  expect(await state(parcel.id)).toBe('collected')
})

test('13 a low door for who asked for one: kept for them, and theirs when they need it', async () => {
  const doors = [
    { door: 1, kind: 'compartment' as const, size: 'S' as const, height: 'low' as const, ...sensors },
    { door: 2, kind: 'compartment' as const, size: 'S' as const, height: 'high' as const, ...sensors },
    { door: 3, kind: 'compartment' as const, size: 'S' as const, height: 'normal' as const, ...sensors },
  ]
  house = await openHouse(site, { doors: 1 })
  const made = await site.landlord('POST', '/api/controllers', {
    id: 'low-bank',
    siteId: site.siteId,
    name: 'Bas',
    doors,
  })
  expect(made.status).toBe(201)
  await site.sql`
    update controllers set online = true, boot = 'b', up = 1000, up_at = clock_timestamp(), last_heard_at = now()
    where id = 'low-bank'`
  await site.sql`update doors set state = 'closed' where controller_id = 'low-bank'`
  const place = (residentId: string) =>
    site.courier('POST', '/api/parcels', { controllerId: 'low-bank', residentId, size: 'S' })
  const wheelchair = await site.landlord('POST', '/api/residents', { siteId: site.siteId, name: 'Luce', flat: '7' })
  await site.sql`update residents set needs_low_door = 1 where id = ${String(wheelchair.body.id)}`
  expect((await place(site.residentId)).body.door).toBe(2)
  expect((await place(String(wheelchair.body.id))).body.door).toBe(1)
})
