import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { write } from '../../server/context.ts'
import type { Delivered } from '../../server/delivery/message.ts'
import { startDelivery } from '../../server/delivery/start.ts'
import { correctParcel } from '../../server/domain/correct.ts'
import { retryNotice } from '../../server/domain/dead-notice.ts'
import { codeOfGrant } from '../../server/domain/grants.ts'
import { newId } from '../../server/domain/ids.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { mostTries, notify, tellSignInCode, waitAfter } from '../../server/domain/notices.ts'
import { parcelPlaced } from '../../server/domain/parcels.ts'
import { reissueCode } from '../../server/domain/pickup-code.ts'
import { reassignParcel } from '../../server/domain/reassign.ts'
import { signInCode } from '../../server/domain/sign-in-code.ts'
import { eventually } from '../support/eventually.ts'
import { hour, openToldHouse, type ToldHouse } from './told-house.ts'

const by = { actorId: '00000000-0000-7000-8000-00000000000c', reason: 'because' }
const down: Delivered = { ok: false, problem: 'smtp 451', final: false }
let answer: Delivered = { ok: true }
let told: ToldHouse

beforeEach(async () => {
  answer = { ok: true }
  told = await openToldHouse({ answer: () => answer })
})
afterEach(() => told.close())

const states = async () => (await told.notices()).map(({ kind, channel, state }) => `${kind} ${channel} ${state}`)
const sent = () => told.sent.map(({ channel, to }) => `${channel} ${to}`)

test('a parcel that waits is told once in each way, with place, code and last day, and no row holds the code', async () => {
  const residentId = await told.resident({ tellBy: ['email', 'sms', 'voice'] })
  const { id, door } = await told.deposit(residentId)
  const code = await codeOfGrant(told.ctx, (await told.parcel(id)).pickupGrantId)
  const apart = `${code.slice(0, 4)} ${code.slice(4)}`
  await told.delivery.runOnce()
  await told.delivery.runOnce()
  expect((await states()).sort()).toEqual(['arrived email sent', 'arrived sms sent', 'arrived voice sent'])
  const texts = Object.fromEntries(told.sent.map(each => [each.channel, each]))
  expect(texts.email).toMatchObject({ to: 'ada@example.org', language: 'fr', site: 'Amiens' })
  expect(texts.sms).toMatchObject({ to: '+33612345678' })
  for (const each of [texts.email!, texts.sms!]) {
    expect(each.text).toMatch(new RegExp(`Bank, bo[iî]te ${door}\\b`))
    expect(each.text).toContain(apart)
  }
  expect(texts.email!.text).toContain('samedi 28 novembre')
  expect(texts.email!.text).toContain('https://colis.example/me')
  expect(texts.voice!.text).toContain([...code.slice(0, 4)].join(', '))
  expect(new Set(told.sent.map(each => each.key)).size).toBe(3)
  const rows = JSON.stringify(await told.notices())
  for (const secret of [code, apart, 'ada@', '612345678']) expect(rows).not.toContain(secret)
})

test('the row is the fact’s: neither is there without the other', async () => {
  const residentId = await told.resident()
  const { id } = await told.filled(residentId)
  const sql = told.ctx.sql
  await sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`
  await sql`create trigger fail before insert on notices for each row execute function fail()`
  await expect(parcelPlaced(told.ctx, id)).rejects.toThrow('no')
  expect((await told.parcel(id)).state).toBe('placing')
  await sql`drop trigger fail on notices`
  await sql`create trigger fail before insert on history for each row execute function fail()`
  await expect(parcelPlaced(told.ctx, id)).rejects.toThrow('no')
  expect(await told.notices()).toEqual([])
  await sql`drop trigger fail on history`
  await parcelPlaced(told.ctx, id)
  expect(await states()).toEqual(['arrived email waiting'])
})

test('the same fact told twice is one notice, another number another one; nobody without an address or wish is told', async () => {
  const residentId = await told.resident({ tellBy: ['email', 'sms'] })
  const [silent, without] = [
    await told.resident({ tellBy: [] }),
    await told.resident({ email: undefined, phone: undefined }),
  ]
  const { id: parcelId } = await told.filled(residentId)
  const say = (to: string, number: number) =>
    write(told.ctx, tx => notify(tx, told.ctx, { kind: 'contested', residentId: to, parcelId, number }))
  await Promise.all([say(residentId, 1), say(residentId, 1), say(residentId, 1)])
  expect(await told.notices()).toHaveLength(2)
  await say(residentId, 2)
  await say(silent, 3)
  await say(without, 4)
  expect(await told.notices()).toHaveLength(4)
})

describe('a provider that fails', () => {
  test('is tried again, ever later, with the same key; then the notice is dead until a caretaker tries again', async () => {
    await told.deposit(await told.resident())
    answer = down
    const waits: number[] = []
    for (let tries = 1; tries <= mostTries; tries += 1) {
      await told.delivery.runOnce()
      await told.delivery.runOnce()
      const [row] = await told.notices()
      expect([row!.tries, row!.lastProblem]).toEqual([tries, 'smtp 451'])
      if (row!.state === 'dead') break
      waits.push(row!.runAt.getTime() - told.ctx.now().getTime())
      told.at(row!.runAt.getTime())
    }
    expect(told.sent).toHaveLength(mostTries)
    expect(new Set(told.sent.map(each => each.key)).size).toBe(1)
    for (const [index, wait] of waits.entries()) {
      const full = Math.min(2 * hour, 30_000 * 2 ** index)
      expect(wait).toBeGreaterThanOrEqual(full / 2)
      expect(wait).toBeLessThanOrEqual(full)
    }
    const [dead] = await told.notices()
    expect(dead!.state).toBe('dead')
    told.later(24 * hour)
    await told.delivery.runOnce()
    expect(told.sent).toHaveLength(mostTries)
    answer = { ok: true }
    await retryNotice(told.ctx, { id: dead!.id, actorId: by.actorId })
    await told.delivery.runOnce()
    expect(await states()).toEqual(['arrived email sent'])
    expect(told.sent.at(-1)!.key).toBe(told.sent[0]!.key)
    await expect(retryNotice(told.ctx, { id: dead!.id, actorId: by.actorId })).rejects.toMatchObject({
      reason: 'not-dead',
    })
  })

  test('for good is not tried again; one that throws is, under the name of its error alone', async () => {
    await told.deposit(await told.resident())
    answer = { ok: false, problem: 'smtp 550', final: true }
    await told.delivery.runOnce()
    told.later(3 * hour)
    await told.delivery.runOnce()
    expect([await states(), told.sent.length]).toEqual([['arrived email dead'], 1])
    await told.deposit(await told.resident())
    const breaks = startDelivery(told.ctx, {
      deliver: () => Promise.reject(new TypeError('ada@example.org')),
      everyMs: hour,
    })
    await breaks.runOnce()
    await breaks.close()
    expect((await told.notices()).at(-1)).toMatchObject({ state: 'waiting', lastProblem: 'TypeError', tries: 1 })
  })

  test('the waits add up to about half a day', () => {
    const waits = Array.from({ length: mostTries - 1 }, (_, index) =>
      [1, 0].map(chance => waitAfter(index + 1, chance)),
    )
    const [least, most] = [0, 1].map(at => waits.reduce((sum, each) => sum + each[at]!, 0) / hour)
    expect(least).toBeGreaterThan(5)
    expect(most).toBeLessThan(14)
  })
})

test('many servers send at the same time: each notice once', async () => {
  const residentId = await told.resident({ tellBy: ['email', 'sms', 'voice'] })
  const { id: parcelId } = await told.deposit(residentId)
  await write(told.ctx, async tx => {
    for (let number = 0; number < 60; number += 1)
      await notify(tx, told.ctx, { kind: 'new-code', residentId, parcelId, number })
  })
  const slow = async (message: Parameters<typeof told.deliver>[0]) => {
    await new Promise(setImmediate)
    return told.deliver(message)
  }
  const servers = [1, 2, 3, 4].map(() => startDelivery(told.ctx, { deliver: slow, everyMs: hour }))
  await Promise.all(servers.map(each => each.runOnce()))
  for (const each of servers) await each.close()
  expect(told.sent).toHaveLength(183)
  expect(new Set(told.sent.map(each => each.key)).size).toBe(183)
})

test('a try that never came to an end is made again once its lease is over, and what the first one says then counts no more', async () => {
  await told.deposit(await told.resident())
  let release = (_: Delivered) => {}
  const stuck = startDelivery(told.ctx, { deliver: () => new Promise(done => (release = done)), everyMs: hour })
  const hanging = stuck.runOnce()
  while ((await told.notices())[0]!.tries === 0) await new Promise(setImmediate)
  await told.delivery.runOnce()
  expect(told.sent).toEqual([])
  told.later(2 * 60_000)
  await told.delivery.runOnce()
  expect([await states(), told.sent.length]).toEqual([['arrived email sent'], 1])
  release({ ok: false, problem: 'smtp 550', final: true })
  await hanging
  await stuck.close()
  expect(await states()).toEqual(['arrived email sent'])
})

test('a provider that hangs holds up neither the other one nor the end of the server, and is not waited for longer than the lease', async () => {
  const residentId = await told.resident({ tellBy: ['email', 'sms'] })
  const hanging: ((_: Delivered) => void)[] = []
  const deliver = async (message: Parameters<typeof told.deliver>[0]) =>
    message.channel === 'sms' ? new Promise<Delivered>(done => hanging.push(done)) : told.deliver(message)
  const delivery = startDelivery(told.ctx, { deliver, everyMs: 20 })
  for (const count of [1, 2]) {
    await told.deposit(residentId)
    await eventually(() => sent().length === count)
  }
  const before = performance.now()
  await delivery.close()
  expect(performance.now() - before).toBeLessThan(8_000)
  expect(sent()).toEqual(['email ada@example.org', 'email ada@example.org'])
  told.later(2 * 60_000)
  const shorter = startDelivery(told.ctx, { deliver, everyMs: hour, tryMs: 50 })
  await shorter.runOnce()
  await shorter.close()
  const left = (await told.notices()).filter(each => each.channel === 'sms')
  expect(left.map(each => [each.state, each.lastProblem])).toEqual([
    ['waiting', 'no answer'],
    ['waiting', 'no answer'],
  ])
  for (const release of hanging) release(down)
  await delivery.close()
})

test('in the quiet hours mails go, SMS and calls wait for the morning, and a code to sign in is for somebody awake', async () => {
  const residentId = await told.resident({ tellBy: ['email', 'sms', 'voice'] })
  told.at('2026-11-23T21:30:00Z')
  const { id } = await told.deposit(residentId)
  const signInId = newId()
  await write(told.ctx, tx => tellSignInCode(tx, told.ctx, { residentId, signInId, by: 'sms' }))
  await told.delivery.runOnce()
  expect(sent().sort()).toEqual(['email ada@example.org', 'sms +33612345678'])
  expect(told.sent.find(each => each.channel === 'sms')!.text).toContain('code de connexion')
  const held = (await told.notices()).filter(each => each.state === 'waiting')
  expect(held.map(each => [each.runAt.toISOString(), each.tries])).toEqual([
    ['2026-11-24T06:00:00.000Z', 0],
    ['2026-11-24T06:00:00.000Z', 0],
  ])
  told.at('2026-11-24T05:59:59Z')
  await told.delivery.runOnce()
  expect(told.sent).toHaveLength(2)
  told.at('2026-11-24T06:00:00Z')
  await told.delivery.runOnce()
  expect(told.sent).toHaveLength(4)
  expect((await told.parcel(id)).state).toBe('waiting')
})

describe('what is no longer true is not told', () => {
  test('collected or cancelled before its turn', async () => {
    const { id } = await told.deposit(await told.resident())
    await told.ctx.sql`update parcels set state = 'collected' where id = ${id}`
    await told.delivery.runOnce()
    expect([await states(), told.sent]).toEqual([['arrived email dropped'], []])
  })

  test('reassigned: who it was not for never gets the code of who it is for', async () => {
    const { id } = await told.deposit(await told.resident())
    const bo = await told.resident({ name: 'Bo', email: 'bo@example.org' })
    await reassignParcel(told.ctx, { id, residentId: bo, ...by })
    await told.delivery.runOnce()
    expect(sent()).toEqual(['email bo@example.org'])
    expect(await states()).toEqual(['arrived email dropped', 'arrived email sent'])
  })

  test('a code to sign in that is older than ten minutes', async () => {
    const residentId = await told.resident()
    const signInId = newId()
    const asked = write(told.ctx, tx => tellSignInCode(tx, told.ctx, { residentId, signInId, by: 'email' }))
    expect(await asked).toBe(true)
    answer = down
    await told.delivery.runOnce()
    const code = await signInCode(told.ctx, { id: signInId, siteId: told.siteId })
    expect(told.sent[0]!.text).toContain(`${code.slice(0, 4)} ${code.slice(4)}`)
    expect(code).toMatch(/^\d{8}$/)
    told.later(10 * 60_000)
    await told.delivery.runOnce()
    expect([told.sent.length, await states()]).toEqual([1, ['sign-in-code email dropped']])
    const nowhere = await told.resident({ phone: undefined })
    const none = write(told.ctx, tx =>
      tellSignInCode(tx, told.ctx, { residentId: nowhere, signInId: newId(), by: 'sms' }),
    )
    expect(await none).toBe(false)
  })
})

test('a new code says that it is a new one; contested, then found: told of both', async () => {
  const residentId = await told.resident()
  const { id } = await told.deposit(residentId)
  await told.delivery.runOnce()
  const { grantId } = await reissueCode(told.ctx, { id, ...by })
  await told.delivery.runOnce()
  const code = await codeOfGrant(told.ctx, grantId)
  expect(told.sent.at(-1)!.subject).toContain('nouveau code')
  expect(told.sent.at(-1)!.text).toContain(`${code.slice(0, 4)} ${code.slice(4)}`)

  const left = await told.filled(residentId)
  told.later(6 * 60_000)
  await told.jobs.runOnce()
  await told.delivery.runOnce()
  expect(told.sent.at(-1)!.subject).toContain('Nous vérifions')
  expect(told.sent.at(-1)!.text).not.toContain('code')
  told.later(60_000)
  await doorLooked(told.ctx, { doorId: left.doorId, found: 'parcel', actorId: by.actorId })
  await told.delivery.runOnce()
  expect((await states()).slice(-2)).toEqual(['contested email sent', 'arrived email sent'])
  await correctParcel(told.ctx, { id: left.id, state: 'collected', ...by })
  told.later(60_000)
  await correctParcel(told.ctx, { id: left.id, state: 'waiting', ...by })
  await told.delivery.runOnce()
  expect((await states()).slice(-2)).toEqual(['arrived email sent', 'arrived email sent'])
})

test('in the language of the resident, by the address they have when it is sent', async () => {
  const residentId = await told.resident({ language: 'en' })
  await told.deposit(residentId)
  await told.ctx.sql`update residents set email = 'new@example.org' where id = ${residentId}`
  await told.delivery.runOnce()
  expect(told.sent[0]).toMatchObject({
    to: 'new@example.org',
    language: 'en',
    subject: 'A parcel is waiting for you · Amiens',
  })
  expect(told.sent[0]!.text).toContain('Saturday 28 November')
})
