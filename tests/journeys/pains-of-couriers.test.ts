import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../chaos/house.ts'
import { openSite, type Site } from '../chaos/site.ts'
import { asPerson, signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'

/** What goes wrong in real systems, by its number: before the bank, with a parcel in one's hands. */
let site: Site
let houses: House[] = []
beforeAll(async () => {
  site = await openSite()
})
afterEach(async () => {
  for (const house of houses) await house.close()
  houses = []
})
afterAll(() => site.close())

async function bank(doors: NonNullable<Parameters<typeof openHouse>[1]>['doors']) {
  const house = await openHouse(site, { doors: doors! })
  houses.push(house)
  return house
}
const ask = (house: House, size: string) =>
  site.courier('POST', '/api/parcels', { controllerId: house.id, residentId: site.residentId, size })
const seen = async (house: House) =>
  (await site.courier('GET', `/api/availability?controllerId=${house.id}`)).body as Record<string, unknown>

test('5 no proof of deposit: a receipt from the first moment, that anybody can read, says what is so, and names nobody', async () => {
  const house = await bank(1)
  const { id, receipt, door } = await house.place()
  const read = async () => {
    const answer = await fetch(`${site.url}/api/receipts/${receipt}`)
    const text = await answer.text()
    for (const secret of ['Jeanne', 'Petit', site.residentId, site.resident.memberNumber!])
      expect(text).not.toContain(secret)
    return JSON.parse(text)
  }
  expect(await read()).toMatchObject({ receipt, state: 'placing', placedAt: null })
  await house.isOpen(door)
  house.sim.put(door)
  house.sim.shutDoor(door)
  await house.settled()
  await house.placed(id)
  const { placedAt } = await house.parcel(id)
  expect(await read()).toMatchObject({ state: 'waiting', placedAt: placedAt.toISOString() })
  await house.settled()
  await house.collect({ door, code: await house.codeOf(id) })
  await house.settled()
  expect(await read()).toMatchObject({ state: 'collected', placedAt: placedAt.toISOString() })
})

test('7 full, or no box of the size: seen before anything is scanned, and the next size, another bank and the shelf are told', async () => {
  const near = await bank([{ size: 'S' }, { size: 'M' }])
  const far = await bank([{ size: 'L' }])
  expect(await seen(near)).toMatchObject({
    online: true,
    sizes: [
      { size: 'S', free: 1 },
      { size: 'M', free: 1 },
    ],
  })
  expect((await near.deposit()).door).toBe(1)
  // the next size, without being asked for
  expect(await near.place()).toMatchObject({ door: 2, size: 'M' })
  expect((await seen(near)).sizes).toEqual([
    { size: 'S', free: 0 },
    { size: 'M', free: 0 },
  ])
  const full = (await ask(near, 'S')).body as unknown as {
    error: { reason: string; details: { elsewhere: { free: object }[] } }
  }
  expect(full.error).toMatchObject({ reason: 'none-free', details: { free: { S: 0, M: 0, L: 0, XL: 0 } } })
  expect(full.error.details.elsewhere).toContainEqual({ controllerId: far.id, name: 'Banc', free: { L: 1 } })
  expect((await far.deposit()).door).toBe(1)

  const { siteId, residentId } = site
  const shelf = { siteId, residentId, size: 'XL', shelf: 'A3' }
  const shelved = await site.courier('POST', '/api/shelf', shelf)
  expect(shelved).toMatchObject({ status: 201, body: { state: 'waiting', receipt: expect.any(String) } })
  const { receipt, id } = shelved.body as Record<string, string>
  const { memberNumber, pin } = site.resident
  const jeanne = await signIn(site.url, { memberNumber, pin })
  expect((await jeanne('GET', '/api/me/parcels')).body.items).toContainEqual(
    expect.objectContaining({ id, shelf: 'A3', door: null }),
  )
  const found = await site.landlord('GET', `/api/parcels?siteId=${siteId}&q=${receipt}`)
  expect(found.body.items).toMatchObject([{ id, shelf: 'A3', door: null, state: 'waiting' }])
  const handed = await site.landlord('POST', `/api/parcels/${id}/hand-over`, { to: 'resident' })
  expect(handed.body).toMatchObject({ state: 'collected' })
})

test('13 boxes out of reach of a wheelchair: a low one is kept for who asked for it, and released when the bank is nearly full', async () => {
  const { siteId } = site
  const made = await site.landlord('POST', '/api/residents', { siteId, name: 'Luce', flat: '7' })
  const { id: residentId, memberNumber, pin } = made.body as Record<string, string>
  const luce = await signIn(site.url, { memberNumber, pin })
  expect((await luce('POST', '/api/me/needs', { needsLowDoor: true })).body).toMatchObject({ needsLowDoor: true })
  const large = { size: 'XL', height: 'normal' } as const
  const others = Array.from({ length: 8 }, () => ({ height: 'high' }) as const)
  const house = await bank([{ height: 'low' }, large, large, ...others])
  const hers = await house.deposit({ residentId })
  expect(hers.door).toBe(1)
  await house.collect(hers)
  await house.settled()
  const doors: number[] = []
  for (const _ of [...others, large]) doors.push((await house.place()).door)
  expect(doors).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 2])
  // two boxes are left of eleven
  expect((await house.place()).door).toBe(1)
  expect((await house.place({ residentId })).door).toBe(3)
})

test('15 couriers do not use what they do not know: one code, room shown first, and every wrong turn says what to do next', async () => {
  const house = await bank(3)
  const { siteId, url } = site
  const courier = await signIn(url, { siteId, carrierCode: 'RAPIDE-2026' })
  const free = async () => {
    const banks = (await courier('GET', `/api/banks?siteId=${siteId}`)).body.items as unknown as object[]
    return banks.find(each => 'controllerId' in each && each.controllerId === house.id)
  }
  expect(await free()).toMatchObject({ online: true, sizes: [{ size: 'S', free: 3 }] })
  const label = await courier('GET', `/api/recipients?controllerId=${house.id}&q=petit`)
  const whom = { residentId: site.residentId, initials: 'J. P.', flat: '12' }
  expect(label.body.items).toMatchObject([whom])
  const wrong = await courier('POST', '/api/parcels', { controllerId: house.id, flat: '999', size: 'S' })
  expect(wrong).toMatchObject({ status: 404, body: { error: { reason: 'not-found', field: 'flat' } } })

  const asked = { controllerId: house.id, residentId: site.residentId, size: 'S' }
  const { id, door } = (await courier('POST', '/api/parcels', asked)).body as unknown as { id: string; door: number }
  await house.isOpen(door)
  const said = async (what: string, body?: object) => {
    await house.settled()
    const answer = await courier('POST', `/api/parcels/${id}/${what}`, body)
    return (answer.body.error as { reason?: string } | undefined)?.reason ?? answer.body
  }
  expect(await said('placed')).toBe('door-open')
  house.sim.shutDoor(door)
  expect(await said('placed')).toBe('not-seen')
  const next = (await said('swap', { size: 'S', found: 'empty' })) as unknown as { door: number; receipt: string }
  expect(next.door).not.toBe(door)
  await house.isOpen(next.door)
  house.sim.put(next.door)
  house.sim.shutDoor(next.door)
  expect(await said('placed')).toMatchObject({ state: 'waiting', receipt: next.receipt })
  expect(await house.offer(door)).not.toBe('contested')

  house.sim.cutNetwork()
  await eventually(async () => (await house.row()).online === false, { withinMs: 20_000 })
  expect(await free()).toMatchObject({ online: false })
  expect((await courier('POST', '/api/parcels', asked)).body).toMatchObject({ error: { reason: 'not-reachable' } })
  const guessed = await asPerson(url)('POST', '/api/sessions', { siteId, carrierCode: 'RAPIDE-2025' })
  expect(guessed).toMatchObject({ status: 401, body: { error: { reason: 'wrong-sign-in' } } })
})
