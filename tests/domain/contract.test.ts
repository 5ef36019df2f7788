import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOfGrant, makeGrant } from '../../server/domain/grants.ts'
import { type House, openHouse } from './house.ts'

/** The server's side of rules that need no story of their own. */
let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const last = (kind: string) => house.said.findLast(each => each.kind === kind)?.message
const hour = 3600_000
const receive = (kind: 'events' | 'code', text: string) =>
  house.inbox.receive({ controllerId: 'bank-1', kind, payload: Buffer.from(text), will: false })

test('malformed: counted, its first KiB kept; of a code nothing but the count [FORM-7, FORM-8]', async () => {
  await receive('events', `{"journal":7,"text":"${'x'.repeat(2000)}"}`)
  await receive('code', '{"ask":"a","code":"13572468"')
  const [row] = await house.ctx.sql`select malformed from controllers`
  expect(row).toEqual({ malformed: 2 })
  const notes = await house.ctx.sql<{ text: string }[]>`select text from notes`
  expect(notes.map(each => each.text.length)).toEqual([1024])
  const facts = await house.ctx.sql`select facts from history where type = 'malformed' order by n`
  expect(JSON.stringify(facts)).not.toContain('13572468')
})

test('one welcome after the last page, with the echo; other doors are shown, not taken over [STATUS-4, STATUS-17, STATUS-20]', async () => {
  const door = { kind: 'compartment', size: 'L', doorSensor: true, occupancySensor: true }
  await house.online({ doors: [{ door: 1, ...door }], doorsPage: 1, doorsPages: 2 })
  expect(house.said.filter(each => each.kind === 'welcome')).toEqual([])
  await house.online({ up: 1003, doors: [{ door: 99, ...door }], doorsPage: 2, doorsPages: 2 })
  expect(house.said.filter(each => each.kind === 'welcome')).toHaveLength(1)
  expect(last('welcome')).toMatchObject({ journal: 'j1', up: 1003 })
  expect(Math.abs(Number(last('welcome')?.time) - Date.now())).toBeLessThan(5000)
  const [row] = await house.ctx.sql`select doors_differ from controllers`
  expect(row!.doorsDiffer).toMatch(/1: size is L, expected M.*99: not expected/)
  expect([...(await house.ctx.sql`select size from doors where door = 1`)]).toEqual([{ size: 'M' }])
})

test('an event type nobody knows is recorded, acked, and not suspect [EVENTS-17]', async () => {
  await house.online()
  await house.events({ type: 'warmed-up', celsius: 21 })
  expect(last('ack')).toEqual({ journal: 'j1', seq: 1 })
  const rows = await house.ctx.sql`select type, suspect from history where journal = 'j1'`
  expect([...rows]).toEqual([{ type: 'warmed-up', suspect: null }])
})

test('a refused code is told from when, until when, and when it was used [CODE-7, CODE-9]', async () => {
  await house.online()
  const doorId = await house.doorId(1)
  const span = { from: new Date(Date.now() - hour), until: new Date(Date.now() + hour) }
  const { id } = await makeGrant(house.ctx, { doorId, ...span, uses: 1, means: 'code' })
  const code = await codeOfGrant(house.ctx, id)
  let asked = 0
  const answerWith = async (patch: object) => {
    await house.ctx.sql`update grants set ${house.ctx.sql(patch)} where id = ${id}`
    await house.say('code', { ask: `a${++asked}`, boot: 'b1', up: 2000 + asked, keypad: 1, code })
    return last('order')
  }
  const [past, later] = [new Date(Date.now() - hour), new Date(Date.now() + hour / 2)]
  const used = await answerWith({ usedAt: past, reopenMs: 0 })
  expect(used).toMatchObject({ type: 'refuse', reason: 'used', usedAt: past.getTime() })
  expect(await answerWith({ from: later })).toMatchObject({ reason: 'early', from: later.getTime() })
  expect(await answerWith({ from: past, until: past })).toMatchObject({ reason: 'expired', until: past.getTime() })
})

test('a device that knows higher versions than ours is sent still higher ones [GRANTS-4, GRANTS-5, CONFIG-5]', async () => {
  const heard = Date.now() + hour
  await house.online({ grants: heard, config: 40 })
  expect(last('grants')).toMatchObject({ version: heard + 1, page: 1, pages: 1, grants: [] })
  expect(last('config')).toMatchObject({ version: 41 })
})

test('list and config are sent to a status that shows older ones, and the list on change [GRANTS-6]', async () => {
  const before = Date.now()
  await house.online({ config: 0 })
  expect(last('config')).toMatchObject({ version: 1, siteName: 'Amiens' })
  expect(last('grants')).toBeUndefined()
  const span = { from: new Date(), until: new Date(Date.now() + hour) }
  const { id } = await makeGrant(house.ctx, { doorId: await house.doorId(1), ...span, means: 'code' })
  await house.outbox.idle()
  const { version, grants } = last('grants')!
  expect(version).toBeGreaterThanOrEqual(before)
  expect(grants).toMatchObject([{ grant: id }])
  house.said.length = 0
  await house.online({ up: 2000 })
  expect(last('grants')).toMatchObject({ version, grants })
})
