import { afterEach, beforeEach, expect, test } from 'vitest'
import { askSignInCode } from '../../server/domain/ask-sign-in.ts'
import { makeSignIn } from '../../server/domain/sessions.ts'
import { openToldHouse, type ToldHouse } from './told-house.ts'

let told: ToldHouse
let id: string
let memberNumber: string
beforeEach(async () => {
  told = await openToldHouse()
  id = await told.resident()
  memberNumber = (await told.ctx.sql`select member_number from residents where id = ${id}`)[0]!.memberNumber
})
afterEach(() => told.close())

/** What arrives at the address. */
async function asked(by: 'email' | 'sms' | 'voice' = 'email'): Promise<string | undefined> {
  const before = told.sent.length
  await askSignInCode(told.ctx, { memberNumber, by })
  await told.delivery.runOnce()
  const [message] = told.sent.slice(before)
  return message && /\b(\d{4}) ?(\d{4})\b/.exec(message.text)!.slice(1).join('')
}
const enter = async (oneTimeCode: string, from = '192.0.2.1') =>
  (await makeSignIn(told.ctx)({ input: { type: 'told', memberNumber, oneTimeCode }, from })).actorId
const wrong = { reason: 'wrong-sign-in' }

test('the code that was sent opens once, typed with or without a space, and is stored nowhere', async () => {
  const code = (await asked())!
  expect(code).toMatch(/^\d{8}$/)
  const rows = await told.ctx.sql`
    select to_jsonb(n)::text as text from notices n union all select to_jsonb(s)::text from sign_ins s`
  expect(rows.length).toBe(2)
  expect(JSON.stringify(rows)).not.toContain(code)
  expect(await enter(`${code.slice(0, 4)} ${code.slice(4)}`)).toBe(id)
  await expect(enter(code)).rejects.toMatchObject(wrong)
})

test('of twelve who type it at the same moment one is in', async () => {
  const code = (await asked())!
  const all = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => enter(code, `192.0.2.${n}`)))
  expect(all.filter(each => each.status === 'fulfilled')).toHaveLength(1)
})

test('it lasts ten minutes, and a newer one ends it', async () => {
  const first = (await asked('sms'))!
  told.later(31_000)
  const second = (await asked('sms'))!
  expect(second).not.toBe(first)
  await expect(enter(first)).rejects.toMatchObject(wrong)
  told.later(10 * 60_000)
  await expect(enter(second)).rejects.toMatchObject(wrong)
  const third = (await asked('sms'))!
  told.later(9 * 60_000)
  expect(await enter(third)).toBe(id)
  // one that a newer one ended does not come back once that is used
  const older = (await asked('sms'))!
  told.later(31_000)
  const newer = (await asked('sms'))!
  expect(await enter(newer)).toBe(id)
  await expect(enter(older)).rejects.toMatchObject(wrong)
})

test('asked for again within half a minute: the code is on its way already; another way, or once it was used, is another one', async () => {
  const code = (await asked())!
  told.later(29_000)
  expect(await asked()).toBeUndefined()
  expect(await enter(code)).toBe(id)
  expect(await asked()).toMatch(/^\d{8}$/)
  expect(await asked('sms')).toMatch(/^\d{8}$/)
})

test('wrong ones are counted like wrong PINs: the sixth is not even looked at', async () => {
  const code = (await asked())!
  for (const _ of [1, 2, 3, 4, 5]) await expect(enter('00000000')).rejects.toMatchObject(wrong)
  await expect(enter(code)).rejects.toMatchObject({ reason: 'locked' })
})

test('at most five an hour for one resident, also when all are asked for at once; who is unknown or has no address gets none', async () => {
  for (const _ of [1, 2, 3, 4, 5, 6, 7]) {
    await Promise.all(Array.from({ length: 3 }, () => askSignInCode(told.ctx, { memberNumber, by: 'email' })))
    told.later(31_000)
  }
  await told.delivery.runOnce()
  expect(told.sent.length).toBe(5)
  await askSignInCode(told.ctx, { memberNumber: '00000000', by: 'email' })
  const silent = await told.resident({ email: undefined, phone: undefined })
  const [row] = await told.ctx.sql`select member_number from residents where id = ${silent}`
  await askSignInCode(told.ctx, { memberNumber: row!.memberNumber, by: 'sms' })
  expect(Number((await told.ctx.sql`select count(*) from sign_ins`)[0]!.count)).toBe(5)
})
