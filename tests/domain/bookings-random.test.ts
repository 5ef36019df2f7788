import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createResident } from '../../server/domain/residents.ts'
import { type Jobs, startJobs } from '../../server/jobs.ts'
import { openRoomHouse, type RoomHouse } from './room-house.ts'
import { anyStep, everyWord, openRoomLife, type RoomLife } from './room-life.ts'
import { quarterMs } from './room-oracle.ts'
import { wrongRows } from './room-rows.ts'

let house: RoomHouse
let jobs: Jobs
let life: RoomLife

beforeAll(async () => {
  house = await openRoomHouse('2026-03-20T10:00:00Z')
  jobs = startJobs(house.ctx, { sendGrants: async () => {}, sendConfig: async () => {} }, 1e9)
  const third = await createResident(house.ctx, { siteId: house.siteId, name: 'Cy', flat: 'A3' })
  const rooms = [await house.room({ places: 3 }), await house.room({ bufferMs: quarterMs })]
  const people = [house.residentId, house.neighbourId, third.id]
  life = openRoomLife(house, { jobs, rooms, people })
})
afterAll(async () => {
  await jobs?.close()
  await house?.close()
})

/** Before the clocks change, twice each way, before a holiday, and before both at once; time only goes on. */
const beginnings = ['2026-03-28T14:00Z', '2026-04-30T14:00Z', '2026-10-24T14:00Z', '2027-03-27T16:00Z'].concat(
  '2027-10-30T14:00Z',
)

test('random lives of two rooms, after each step: no place twice, entry for just who booked, free is what can be booked', {
  timeout: 60_000,
}, async () => {
  let lives = 0
  const property = fc.asyncProperty(fc.array(anyStep, { minLength: 50, maxLength: 60, size: 'max' }), async steps => {
    await life.begin(Date.parse(beginnings[lives++]!))
    for (const step of steps) {
      await life.take(step)
      expect(await wrongRows(house.ctx.sql, house.ctx.now()), step.does).toEqual([])
      await life.lookAtDay(step)
    }
    // the door is told of just what may be entered
    await house.outbox.idle()
    const open = await house.ctx.sql<{ id: string }[]>`
      select id from grants where revoked_at is null and purpose = 'entry' and until > ${house.ctx.now()}`
    const lists = house.said.filter(each => each.kind === 'grants').map(each => each.message)
    const newest = lists.filter(each => each.version === lists.at(-1)!.version)
    const listed = newest.flatMap(page => page.grants as { grant: string; until: number }[])
    const coming = listed.filter(each => each.until > house.ctx.now().getTime()).map(each => each.grant)
    // the same version may have been sent again
    expect([...new Set(coming)].sort()).toEqual(open.map(row => row.id).sort())
  })
  await fc.assert(property, { numRuns: beginnings.length, endOnFailure: true })
  // what the property would be worth nothing without
  for (const word of everyWord) expect([word, life.seen[word]]).toEqual([word, expect.any(Number)])
})
