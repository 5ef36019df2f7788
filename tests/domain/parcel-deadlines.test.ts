import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { extendParcel, holdParcelFor } from '../../server/domain/parcel-deadlines.ts'
import { changeRules, siteRulesNow } from '../../server/domain/site-rules.ts'
import { markAllAway } from '../../server/store/controllers.ts'
import { hour, openToldHouse, type ToldHouse } from './told-house.ts'

const actorId = '00000000-0000-7000-8000-00000000000c'
const day = 24 * hour
let told: ToldHouse
let residentId: string

beforeEach(async () => {
  told = await openToldHouse()
  residentId = await told.resident()
})
afterEach(() => told.close())

const deadline = async (id: string) => (await told.parcel(id)).deadlineAt.toISOString()
const rules = (given: object) => changeRules(told.ctx, { id: told.siteId, actorId, rules: given })
const grantUntil = async (id: string) => {
  const { pickupGrantId } = await told.parcel(id)
  const [grant] = await told.ctx.sql<{ until: Date }[]>`select until from grants where id = ${pickupGrantId}`
  return grant!.until.toISOString()
}
const facts = async (id: string, type: string) => {
  const rows = await told.ctx.sql<{ facts: Record<string, unknown>; actorId: string | null }[]>`
    select facts, actor_id from history where parcel_id = ${id} and type = ${type} order by n`
  return rows
}
const listVersion = async () => {
  const [row] = await told.ctx.sql<{ made: number }[]>`select grants_made as made from controllers where id = 'bank-1'`
  return Number(row!.made)
}
const due = async () => {
  await told.jobs.runOnce()
  await told.delivery.runOnce()
}
/** As the inbox sees it: a last beat, the link is lost, and later the device says that it is there. */
async function away(link: string) {
  await told.house.online({ link })
  await told.house.say('status', { state: 'offline', link, boot: 'b1' })
}
const back = (link: string) => told.house.online({ link })

test('5 days to the end of the last one; the code opens for 30 days more', async () => {
  const { id } = await told.deposit(residentId)
  expect([await deadline(id), await grantUntil(id)]).toEqual(['2026-11-28T22:59:59.999Z', '2026-12-28T22:59:59.999Z'])
})

test('the rules of the site: days, closed days and public holidays; what was promised stays', async () => {
  const before = await told.deposit(residentId)
  const given = { deadlineDays: 3, closedWeekdays: [3, 7], closedDays: ['2026-11-26'], holidays: 'FR' as const }
  expect(await rules(given)).toMatchObject({ ...given, extensions: 1, quietFrom: '22:00', timeZone: 'Europe/Paris' })
  const { id } = await told.deposit(residentId)
  expect([await deadline(before.id), await deadline(id)]).toEqual([
    '2026-11-28T22:59:59.999Z',
    '2026-11-28T22:59:59.999Z',
  ])
  await rules({ closedDays: ['2026-11-27', '2026-11-28'], holidays: 'none' })
  const later = await told.deposit(residentId)
  expect(await deadline(later.id)).toBe('2026-11-30T22:59:59.999Z')
  await expect(rules({ closedDays: ['2026-11-26', '2026-02-30'] })).rejects.toMatchObject({ field: 'closedDays.1' })
  expect((await siteRulesNow(told.ctx.sql, told.siteId)).closedDays).toEqual(['2026-11-27', '2026-11-28'])
})

test('changed while the devices tell things: nobody waits for the other in a circle', async () => {
  const version = async () => (await told.ctx.sql`select config_made from controllers`)[0]!.configMade
  const before = Number(await version())
  for (let round = 0; round < 40; round += 1)
    await Promise.all([
      rules({ quietFrom: '21:00' }),
      rules({ quietUntil: '08:00' }),
      told.house.events({ at: told.ctx.now().getTime(), type: 'power', source: 'mains' }),
    ])
  expect(Number(await version())).toBe(before + 80)
  const suspects = await told.ctx.sql`select suspect from history where suspect is not null`
  expect([...suspects]).toEqual([])
})

describe('extended', () => {
  test('once by the resident, for 5 open days more: grant, list and reminders go along', async () => {
    const { id } = await told.deposit(residentId)
    const version = await listVersion()
    const extended = await extendParcel(told.ctx, { id, actorId: residentId })
    expect(extended).toEqual({ id, state: 'waiting', deadlineAt: '2026-12-03T22:59:59.999Z', extensions: 1 })
    expect([await deadline(id), await grantUntil(id)]).toEqual([extended.deadlineAt, '2027-01-02T22:59:59.999Z'])
    expect(await listVersion()).toBeGreaterThan(version)
    expect((await told.parcel(id)).remindAt?.toISOString()).toBe('2026-12-01T22:59:59.999Z')
    expect(await facts(id, 'deadline-moved')).toMatchObject([
      { actorId: residentId, facts: { why: 'extended', to: Date.parse(extended.deadlineAt) } },
    ])
    await expect(extendParcel(told.ctx, { id, actorId: residentId })).rejects.toMatchObject({
      reason: 'extended-already',
      details: { extensions: 1 },
    })
  })

  test('by a caretaker with a reason as often as it takes, and the resident keeps their own', async () => {
    const { id } = await told.deposit(residentId)
    for (let n = 0; n < 3; n += 1) await extendParcel(told.ctx, { id, actorId, reason: 'in hospital' })
    const own = await extendParcel(told.ctx, { id, actorId: residentId })
    expect(own).toMatchObject({ extensions: 1, deadlineAt: '2026-12-18T22:59:59.999Z' })
    const [fact] = await facts(id, 'deadline-moved')
    expect(JSON.stringify(fact)).not.toContain('hospital')
    const [note] = await told.ctx.sql`select text from notes where id = ${String(fact!.facts.noteId)}`
    expect(note!.text).toBe('in hospital')
  })

  test('an overdue parcel waits again, from today; one that is gone is not', async () => {
    const { id } = await told.deposit(residentId)
    told.later(9 * day)
    await due()
    expect((await told.parcel(id)).state).toBe('expired')
    const again = await extendParcel(told.ctx, { id, actorId: residentId })
    expect(again).toMatchObject({ state: 'waiting', deadlineAt: '2026-12-07T22:59:59.999Z' })
    await told.ctx.sql`update parcels set state = 'collected' where id = ${id}`
    const gone = { reason: 'not-waiting' }
    await expect(extendParcel(told.ctx, { id, actorId, reason: 'x' })).rejects.toMatchObject(gone)
    await expect(holdParcelFor(told.ctx, { id, actorId, until: '2026-12-05' })).rejects.toMatchObject(gone)
  })

  test('two taps at the same moment extend once', async () => {
    const { id } = await told.deposit(residentId)
    const taps = await Promise.allSettled([1, 2, 3].map(() => extendParcel(told.ctx, { id, actorId: residentId })))
    expect(taps.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await deadline(id)).toBe('2026-12-03T22:59:59.999Z')
  })
})

describe('held for somebody who is away', () => {
  test('until the end of the first open day after it, never less than it had, and no longer than the site allows', async () => {
    await rules({ closedWeekdays: [7], holdDays: 14 })
    const { id } = await told.deposit(residentId)
    const had = await deadline(id)
    expect(await holdParcelFor(told.ctx, { id, actorId: residentId, until: '2026-11-24' })).toMatchObject({
      deadlineAt: had,
      extensions: 0,
    })
    const held = await holdParcelFor(told.ctx, { id, actorId: residentId, until: '2026-12-05' })
    expect(held.deadlineAt).toBe('2026-12-07T22:59:59.999Z')
    const [row] = await told.ctx.sql`select held_until from parcels where id = ${id}`
    expect(row!.heldUntil).toBe('2026-12-05')
    const ask = (until: string) => holdParcelFor(told.ctx, { id, actorId: residentId, until })
    await expect(ask('2026-12-08')).rejects.toMatchObject({
      reason: 'held-too-long',
      details: { latest: '2026-12-07' },
    })
    await expect(ask('2026-11-22')).rejects.toMatchObject({ reason: 'invalid', field: 'until' })
    await expect(ask('2026-11-31')).rejects.toMatchObject({ reason: 'invalid', field: 'until' })
    await rules({ holdDays: 0 })
    await expect(ask('2026-11-24')).rejects.toMatchObject({ reason: 'held-too-long' })
  })
})

describe('reminders', () => {
  const kinds = async () => (await told.notices()).map(each => each.kind)

  test('48 hours before, on the last morning, and when it is over: each once', async () => {
    const { id } = await told.deposit(residentId)
    await due()
    for (const [moment, expected] of [
      ['2026-11-26T22:59:59.998Z', ['arrived']],
      ['2026-11-26T22:59:59.999Z', ['arrived', 'two-days-left']],
      ['2026-11-28T06:59:59Z', ['arrived', 'two-days-left']],
      ['2026-11-28T07:00:00Z', ['arrived', 'two-days-left', 'last-day']],
      ['2026-11-28T22:59:59.999Z', ['arrived', 'two-days-left', 'last-day']],
      ['2026-11-28T23:00:00Z', ['arrived', 'two-days-left', 'last-day', 'overdue']],
      ['2026-12-05T23:00:00Z', ['arrived', 'two-days-left', 'last-day', 'overdue']],
    ] as const) {
      told.at(moment)
      await due()
      await due()
      expect([moment, await kinds()]).toEqual([moment, expected])
    }
    expect(told.sent.map(each => each.subject.split(' · ')[0])).toEqual([
      'Un colis vous attend',
      'Encore deux jours pour votre colis',
      'Dernier jour pour votre colis',
      'Le délai de votre colis est passé',
    ])
    expect((await told.parcel(id)).state).toBe('expired')
  })

  test('a server that was down for two days reminds of the last day only', async () => {
    await told.deposit(residentId)
    told.at('2026-11-28T09:00:00Z')
    await due()
    expect(await kinds()).toEqual(['arrived', 'last-day'])
  })

  test('not of a deadline that moved meanwhile, and of the new one again', async () => {
    const { id } = await told.deposit(residentId)
    told.at('2026-11-27T00:00:00Z')
    await told.jobs.runOnce()
    await extendParcel(told.ctx, { id, actorId: residentId })
    await told.delivery.runOnce()
    expect((await told.notices()).map(each => `${each.kind} ${each.state}`)).toEqual([
      'arrived sent',
      'two-days-left dropped',
    ])
    told.at('2026-12-02T00:00:00Z')
    await due()
    expect((await told.notices()).at(-1)).toMatchObject({ kind: 'two-days-left', state: 'sent' })
  })

  test('one that cannot be reminded of, or be overdue, holds up none of the others', async () => {
    const [first, second] = [await told.deposit(residentId), await told.deposit(residentId)]
    const sql = told.ctx.sql
    await sql`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`
    await sql.unsafe(`create trigger fail before update on parcels for each row
      when (old.id = '${first.id}') execute function fail()`)
    const problems: object[] = []
    told.ctx.log.error = o => void problems.push(o)
    told.at('2026-11-28T09:00:00Z')
    await due()
    expect((await told.notices()).filter(each => each.kind === 'last-day').map(each => each.parcelId)).toEqual([
      second.id,
    ])
    told.at('2026-11-29T09:00:00Z')
    await due()
    expect([(await told.parcel(first.id)).state, (await told.parcel(second.id)).state]).toEqual(['waiting', 'expired'])
    // not reminded of, then neither reminded of nor overdue
    expect(problems).toEqual([first, first, first].map(({ id }) => ({ id, problem: 'no' })))
  })

  test('a parcel that is gone is not reminded of', async () => {
    const { id } = await told.deposit(residentId)
    await told.ctx.sql`update parcels set state = 'collected' where id = ${id}`
    told.at('2026-11-28T09:00:00Z')
    await due()
    expect(await kinds()).toEqual(['arrived'])
  })
})

describe('a bank that was away', () => {
  test('for more than an hour: every deadline that it hid is later by as long, to the end of a day', async () => {
    const { id } = await told.deposit(residentId)
    const version = await listVersion()
    await away('l1')
    told.later(30 * hour)
    await back('l2')
    await told.jobs.runOnce()
    expect([await deadline(id), await grantUntil(id)]).toEqual(['2026-11-30T22:59:59.999Z', '2026-12-30T22:59:59.999Z'])
    expect(await facts(id, 'deadline-moved')).toMatchObject([
      { actorId: null, facts: { why: 'outage', awayMs: 30 * hour } },
    ])
    expect(await listVersion()).toBeGreaterThan(version)
    await told.jobs.runOnce()
    expect(await deadline(id)).toBe('2026-11-30T22:59:59.999Z')
  })

  test('for an hour: nothing', async () => {
    const { id } = await told.deposit(residentId)
    await away('l1')
    told.later(hour)
    await back('l2')
    await told.jobs.runOnce()
    expect([await deadline(id), await facts(id, 'deadline-moved')]).toEqual(['2026-11-28T22:59:59.999Z', []])
  })

  test('over the deadline: nothing is overdue before it is back, and then there is more time', async () => {
    const { id } = await told.deposit(residentId)
    told.at('2026-11-28T12:00:00Z')
    await due()
    await away('l1')
    told.at('2026-11-29T12:00:00Z')
    await due()
    expect((await told.parcel(id)).state).toBe('waiting')
    await back('l2')
    await due()
    expect([(await told.parcel(id)).state, await deadline(id)]).toEqual(['waiting', '2026-11-29T22:59:59.999Z'])
    expect((await told.notices()).map(each => each.kind)).toEqual(['arrived', 'last-day', 'last-day'])
    told.at('2026-11-30T00:00:00Z')
    await due()
    expect((await told.parcel(id)).state).toBe('expired')
  })

  test('one that was overdue before stays so; links lost again and again are one absence each', async () => {
    const { id } = await told.deposit(residentId)
    told.at('2026-11-29T00:00:00Z')
    await due()
    const fresh = await told.deposit(residentId)
    await away('l1')
    told.later(2 * hour)
    await back('l2')
    await told.jobs.runOnce()
    await away('l2')
    told.later(2 * hour)
    await back('l3')
    await told.jobs.runOnce()
    expect([(await told.parcel(id)).state, await deadline(id)]).toEqual(['expired', '2026-11-28T22:59:59.999Z'])
    expect(await facts(fresh.id, 'deadline-moved')).toHaveLength(2)
  })

  test('a server that was down hid them too, since each bank was heard last', async () => {
    const { id } = await told.deposit(residentId)
    told.later(5 * hour)
    await markAllAway(told.ctx.sql)
    await back('l2')
    await told.jobs.runOnce()
    expect(await deadline(id)).toBe('2026-11-29T22:59:59.999Z')
  })
})
