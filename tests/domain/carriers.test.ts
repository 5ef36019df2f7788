import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCarrier, endCarrier, newCarrierCode } from '../../server/domain/carriers.ts'
import { findSession, makeSignIn } from '../../server/domain/sessions.ts'
import { carriersOf } from '../../server/store/accounts.ts'
import { type House, openHouse } from './house.ts'

let house: House
const actorId = '00000000-0000-7000-8000-000000000001'
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

let tries = 0
const signIn = async (carrierCode: string) =>
  (
    await makeSignIn(house.ctx)({
      input: { type: 'carrier', siteId: house.siteId, carrierCode },
      from: `a${++tries}`,
    })
  ).token

test('a drawn code is told once, and typed in any way; a new one ends the old and whoever is signed in by it', async () => {
  const { ctx, siteId } = house
  const { id, code } = await createCarrier(ctx, { siteId, name: ' Rapide ' })
  expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
  expect(await carriersOf(ctx.sql, siteId)).toMatchObject([{ id, name: 'Rapide' }])
  const token = await signIn(code!)
  await signIn(` ${code!.toLowerCase().replace('-', ' ')} `)
  const about = { id, siteId, actorId, reason: 'left a paper behind' }
  const renewed = await newCarrierCode(ctx, about)
  expect(renewed.code).not.toBe(code)
  await expect(signIn(code!)).rejects.toThrow('wrong-sign-in')
  expect(await findSession(ctx, token)).toBeUndefined()
  const again = await signIn(renewed.code)
  await endCarrier(ctx, about)
  expect(await findSession(ctx, again)).toBeUndefined()
  await expect(signIn(renewed.code)).rejects.toThrow('wrong-sign-in')
  await expect(newCarrierCode(ctx, about)).rejects.toThrow('carrier-ended')
  await expect(endCarrier(ctx, about)).rejects.toThrow('carrier-ended')
  expect(await carriersOf(ctx.sql, siteId)).toEqual([])
  const facts = await ctx.sql`select type, actor_id from history where type like 'carrier-%' order by n`
  expect(facts.map(each => [each.type, each.actorId])).toEqual([
    ['carrier-code-made', actorId],
    ['carrier-ended', actorId],
  ])
})

test('a chosen code has six letters or digits, and is nobody else’s at the site', async () => {
  const { ctx, siteId } = house
  const choose = (code: string) => createCarrier(ctx, { siteId, name: 'Poste', code })
  await expect(choose('a - b - c - d')).rejects.toMatchObject({ reason: 'invalid', field: 'code' })
  expect(Object.keys(await choose('poste-2026'))).toEqual(['id'])
  await expect(choose('POSTE 2026')).rejects.toMatchObject({ reason: 'already-there', field: 'code' })
})
