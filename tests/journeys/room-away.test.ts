import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Answer } from '../../firmware-sim/machine/state.ts'
import { eventually } from '../support/eventually.ts'
import { totpByHand } from '../support/one-time-codes.ts'
import { dayMs, hourMs, type Made, minuteMs, openRoom, type Room } from './away-room.ts'

// seven days of one door, and every sign-in costs a hash on purpose
vi.setConfig({ testTimeout: 60_000 })

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room?.close())

const inside = { result: 'open', door: 1 }
/** Through the door and, some time later, out again. */
function comeAndGo(answer: Answer) {
  expect(answer).toEqual(inside)
  for (const pass of [() => {}, () => room.sim.pressExit(1)]) {
    pass()
    room.sim.openDoor(1)
    room.sim.shutDoor(1)
    room.pass(minuteMs)
  }
}

test('seven days without network: all booked before enter, what was booked later is unknown there, and every entry arrives in order as history', async () => {
  const start = room.now()
  const days = []
  for (let day = 0; day < 7; day++) {
    const at = start + day * dayMs
    days.push({
      code: await room.grant({ means: 'code', from: at + 2 * hourMs, uses: day % 2 ? 1 : 0 }),
      totp: await room.grant({ means: 'totp', from: at + 6 * hourMs }),
      badge: await room.grant({ means: 'badge', from: at + 10 * hourMs, badge: `04A2B9C1D2${day}0` }),
    })
  }
  await room.listIsKnown()
  await room.allTold()
  const { last: before } = room.sim.state().journal
  await room.goesAway()

  let later: Made | undefined
  for (const [day, { code, totp, badge }] of days.entries()) {
    room.goTo(code.from - 20 * minuteMs)
    expect(await room.sim.typeCode(1, code.code)).toEqual({
      result: 'refused',
      reason: 'early',
      from: code.from - 15 * minuteMs,
    })
    room.goTo(code.from - 10 * minuteMs)
    comeAndGo(await room.sim.typeCode(1, code.code))
    if (day === 3) room.sim.reset('watchdog')
    room.goTo(totp.from + 5 * minuteMs)
    comeAndGo(await room.sim.typeCode(1, totpByHand(totp.secret, room.now())))
    if (day === 4) {
      room.sim.openDoor(1)
      room.sim.shutDoor(1)
    }
    room.goTo(badge.from + 5 * minuteMs)
    comeAndGo(await room.sim.badge(1, `04a2b9c1d2${day}0`))
    room.goTo(badge.until + minuteMs)
    expect(await room.sim.badge(1, `04a2b9c1d2${day}0`)).toMatchObject({ result: 'refused', reason: 'expired' })
    if (day !== 1 && day !== 5) continue
    await room.signInAgain()
    later = await room.grant({ means: day === 1 ? 'code' : 'totp', from: room.now() })
    const typed = day === 1 ? later.code : totpByHand(later.secret, room.now())
    expect(await room.sim.typeCode(1, typed)).toEqual({ result: 'refused', reason: 'unknown' })
    expect(await room.grantNow(later)).toMatchObject({ state: 'active', doorKnows: false, usedAt: null })
    room.sim.driftClock(4_000)
  }
  room.goTo(start + 7 * dayMs)
  await room.signInAgain()
  later = await room.grant({ means: 'code', from: room.now() })
  expect(await room.sim.typeCode(1, later.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  room.pass(2 * minuteMs)

  const { last: until } = room.sim.state().journal
  expect(until - before).toBeGreaterThan(7 * 22)
  await room.comesBack()
  const told = room.sim.events().filter(each => each.seq > before && each.seq <= until)
  const rows = await room.sql<{ seq: number; type: string; at: Date; live: boolean; suspect: string | null }[]>`
    select seq, type, at, live, suspect from history where journal = ${room.sim.state().journal.name} and seq > ${before} and seq <= ${until}
    order by n`
  expect(rows.map(({ seq, type, at }) => [seq, type, at.getTime()])).toEqual(
    told.map(({ seq, type, at }) => [seq, type, at]),
  )
  expect(rows.filter(each => each.live || each.suspect)).toEqual([])
  const times = rows.map(each => each.at.getTime())
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(rows.filter(each => each.type === 'unlocked')).toHaveLength(21)
  const reasons = told.filter(each => each.type === 'code-refused').map(each => each.reason)
  expect(reasons.filter(each => each === 'unknown')).toHaveLength(3)
  // each was used when the door says, and nothing of last week rings
  const seen = await room.grants()
  for (const { code, totp, badge } of days)
    for (const each of [code, totp, badge]) {
      const used = Date.parse(seen.find(({ id }) => id === each.id)?.usedAt ?? '')
      // a code of the first day is no longer listed at the end of the seventh
      if (Number.isNaN(used)) expect(each.until).toBeLessThan(room.now() - 6 * dayMs)
      else expect(used).toBeGreaterThanOrEqual(each.from - 15 * minuteMs)
    }
  expect(await room.door()).toMatchObject({ alarm: null, state: 'closed' })
  // eight seconds in a week are set right and not worth a word
  expect((await room.controller()).clockSet).toBeNull()
  expect(Math.abs(room.sim.state().clock.time - room.now())).toBeLessThan(5_000)

  await room.listIsKnown()
  expect(await room.grantNow(later)).toMatchObject({ doorKnows: true })
  comeAndGo(await room.sim.typeCode(1, later.code))
})

test('cancelled while the door is away: it is said that the door does not know, a use meanwhile is told as what it was, and then it knows', async () => {
  const booked = await room.grant({ means: 'code', from: room.now() })
  await room.listIsKnown()
  expect(await room.grantNow(booked)).toMatchObject({ state: 'active', doorKnows: true })
  expect(await room.sim.typeCode(1, booked.code)).toEqual(inside)
  await room.allTold()
  await room.goesAway()
  expect(await room.ask('DELETE', `/api/grants/${booked.id}`)).toMatchObject({ status: 204 })
  room.pass(minuteMs)
  expect(await room.grantNow(booked)).toMatchObject({ state: 'revoked', doorKnows: false })
  const { grantsVersion, lastSeenAt } = await room.controller()
  expect(grantsVersion.known).toBeLessThan(grantsVersion.made)
  expect(Date.parse(lastSeenAt!)).toBeLessThan(room.now())

  comeAndGo(await room.sim.typeCode(1, booked.code))
  room.pass(2 * minuteMs)
  const suspects = (await room.controller()).suspect
  await room.comesBack()
  const rows = await room.sql<{ type: string; live: boolean; suspect: string | null; at: Date }[]>`
    select type, live, suspect, at from history where grant_id = ${booked.id} order by n`
  const opened = (live: boolean, suspect: string | null) => [
    { type: 'accepted', live, suspect: null },
    { type: 'unlocked', live, suspect },
  ]
  expect(rows.map(({ at: _, ...row }) => row)).toEqual([
    { type: 'grant-made', live: true, suspect: null },
    ...opened(true, null),
    { type: 'grant-revoked', live: true, suspect: null },
    ...opened(false, 'grant-revoked'),
  ])
  expect((await room.controller()).suspect).toBe(suspects + 1)
  await room.listIsKnown()
  const shown = await room.grantNow(booked)
  expect(shown).toMatchObject({ state: 'revoked', doorKnows: true })
  expect(Date.parse(shown.usedAt!)).toBeGreaterThan(Date.parse(shown.revokedAt!))
  expect(await room.sim.typeCode(1, booked.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
})

test('a use before it was cancelled is nothing suspect, although it is told after', async () => {
  const booked = await room.grant({ means: 'code', from: room.now() })
  await room.listIsKnown()
  await room.goesAway()
  comeAndGo(await room.sim.typeCode(1, booked.code))
  room.pass(2 * minuteMs)
  await room.ask('DELETE', `/api/grants/${booked.id}`)
  await room.comesBack()
  const rows = await room.sql`select suspect from history where grant_id = ${booked.id} and type = 'unlocked'`
  expect(rows).toEqual([{ suspect: null }])
})

test('a clock that went wrong by more than 30 s is set right at the next welcome, and that is shown', async () => {
  await room.goesAway()
  room.sim.driftClock(42_000)
  await room.comesBack()
  const { clock, clockSet } = await room.controller()
  expect(clock).toBe('synced')
  expect(clockSet!.by).toBeGreaterThan(-47_000)
  expect(clockSet!.by).toBeLessThan(-37_000)
})

test('a site held open when the network goes: it ends by itself on time, and that is told afterwards', async () => {
  const asked = await room.siteMode('hold-open', 10 * minuteMs)
  expect(asked).toMatchObject({ status: 202, body: { orders: [{}], notReachable: [] } })
  await eventually(async () => (await room.door()).mode === 'free')
  const began = room.now()
  await room.goesAway()
  room.pass(10 * minuteMs)
  await eventually(() => room.sim.state().doors[0]!.mode === 'normal' && room.sim.state().doors[0]!.bolt === 'locked')
  room.pass(2 * minuteMs)
  expect(await room.door()).toMatchObject({ mode: 'free' })
  // a door that is away is not locked down later, when nobody thinks of it any more
  expect(await room.siteMode('lock-down', hourMs)).toMatchObject({
    status: 409,
    body: { error: { reason: 'not-reachable' } },
  })
  await room.comesBack()
  await eventually(async () => (await room.door()).mode === 'normal')
  const [ended] = await room.sql`
    select at, live from history where type = 'mode-changed' order by n desc limit 1`
  expect(ended).toMatchObject({ live: false })
  expect(Math.abs(ended!.at.getTime() - began - 10 * minuteMs)).toBeLessThan(5_000)
})

test('a site locked down: no code opens, everybody gets out, and it ends by itself', async () => {
  const booked = await room.grant({ means: 'code', from: room.now() })
  await room.listIsKnown()
  expect(await room.siteMode('lock-down', 10 * minuteMs)).toMatchObject({ status: 202 })
  await eventually(async () => (await room.door()).mode === 'locked')
  expect(await room.sim.typeCode(1, booked.code)).toMatchObject({ result: 'refused', reason: 'door-out-of-service' })
  room.sim.pressExit(1)
  expect(room.sim.state().doors[0]).toMatchObject({ mode: 'locked', bolt: 'unlocked' })
  room.sim.openDoor(1)
  room.sim.shutDoor(1)
  room.pass(10 * minuteMs)
  await eventually(async () => (await room.door()).mode === 'normal')
  expect(await room.door()).toMatchObject({ alarm: null })
  comeAndGo(await room.sim.typeCode(1, booked.code))
})

test('booked by a member: who came while the door was away is no no-show; what was cancelled or booked meanwhile is not known there yet', async () => {
  const { book, cancel, own, onDay } = await room.makeBookable()
  const first = Math.ceil(room.now() / hourMs) * hourMs + hourMs
  const came = await book(first)
  const missed = await book(first + hourMs)
  const cancelled = await book(first + 3 * hourMs)
  await room.listIsKnown()
  expect(await own(cancelled.id)).toMatchObject({ state: 'booked', doorKnows: true, doorOnline: true })
  await room.goesAway()

  room.goTo(came.from + minuteMs)
  comeAndGo(await room.sim.typeCode(1, came.code))
  expect(await cancel(cancelled.id)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  const late = await book(first + 4 * hourMs)
  for (const [booking, state] of [
    [cancelled, 'cancelled'],
    [late, 'booked'],
  ] as const)
    for (const seen of [await own(booking.id), await onDay(booking)])
      expect(seen).toMatchObject({ state, doorKnows: false, doorOnline: false, doorSeenAt: expect.any(String) })
  room.goTo(missed.from + 20 * minuteMs)
  await room.comesBack()
  await eventually(async () => (await own(came.id)).state === 'kept', { withinMs: 10_000 })
  await eventually(async () => (await own(missed.id)).state === 'released', { withinMs: 10_000 })
  await room.listIsKnown()
  for (const booking of [came, missed, cancelled, late]) expect((await onDay(booking)).doorKnows).toBe(true)
  expect(await onDay(came)).toMatchObject({ entered: true })

  room.goTo(cancelled.from + minuteMs)
  expect(await room.sim.typeCode(1, cancelled.code)).toMatchObject({ result: 'refused', reason: 'unknown' })
  room.sim.cutNetwork()
  room.goTo(late.from - 10 * minuteMs)
  comeAndGo(await room.sim.typeCode(1, late.code))
  await room.comesBack()
  await eventually(async () => (await onDay(late)).entered)

  // cancelled while the door is away, and used before it heard of that
  const used = await book(first + 6 * hourMs)
  await room.listIsKnown()
  await room.goesAway()
  await cancel(used.id)
  room.goTo(used.from + minuteMs)
  comeAndGo(await room.sim.typeCode(1, used.code))
  room.pass(2 * minuteMs)
  await room.comesBack()
  await eventually(async () => (await onDay(used)).entered)
  expect(await onDay(used)).toMatchObject({ state: 'cancelled', entered: true })
  const rows = await room.sql`
    select h.live, h.suspect from history h join bookings b on b.grant_id = h.grant_id
    where b.id = ${used.id} and h.type = 'unlocked'`
  expect(rows).toEqual([{ live: false, suspect: 'grant-revoked' }])
})
