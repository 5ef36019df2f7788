import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AttentionItem, attentionKinds } from '../../schema/api/attention.ts'
import { makeAlert, settleAlert } from '../../server/domain/alerts.ts'
import { releaseAttention, takeAttention } from '../../server/domain/attention.ts'
import { settleNotice } from '../../server/domain/dead-notice.ts'
import { endAlarm } from '../../server/domain/door-alarms.ts'
import { newId } from '../../server/domain/ids.ts'
import { doorLooked } from '../../server/domain/looked.ts'
import { attentionFor } from '../../server/domain/seen.ts'
import { settleSuspect } from '../../server/domain/settle.ts'
import { attentionAt } from '../../server/store/attention.ts'
import { openToldHouse, type ToldHouse } from './told-house.ts'

const minute = 60_000
const [awa, bo] = [newId(), newId()]
let told: ToldHouse
let fails = false
const announced: string[] = []

beforeAll(async () => {
  told = await openToldHouse({ answer: () => (fails ? { ok: false, problem: 'smtp 550', final: true } : { ok: true }) })
  told.ctx.announce = ({ attention = [] }) => void announced.push(...attention)
  for (const [id, name] of [
    [awa, 'Awa'],
    [bo, 'Bo'],
  ])
    await told.ctx.sql`
      insert into accounts (id, email, name, role, password_hash, created_at)
      values (${id!}, ${`${name}@example.org`}, ${name!}, 'caretaker', '', now())`
})
afterAll(() => told?.close())

const list = async () =>
  attentionAt(told.ctx.sql, {
    siteId: told.siteId,
    now: told.ctx.now(),
    actorId: awa!,
    seen: attentionFor('caretaker'),
  })
const items = async () => (await list()).items
const of = async (kind: string) => (await items()).filter(each => each.kind === kind)
const only = async (kind: string): Promise<AttentionItem> => {
  const found = await of(kind)
  expect(found, kind).toHaveLength(1)
  return found[0]!
}
const thing = (kind: AttentionItem['kind'], id: string) => ({
  siteId: told.siteId,
  kind,
  id,
  role: 'caretaker' as const,
})
const say = (...events: object[]) =>
  told.house.events(...events.map(each => ({ at: told.ctx.now().getTime(), ...each })))
const actorId = awa!
const reason = 'seen'
let up = 1000
const recorded = async () => Number((await told.ctx.sql`select seq from journals where journal = 'j1'`)[0]?.seq ?? 0)
async function online(more: object = {}): Promise<void> {
  up += 1000
  await told.house.online({ up, last: await recorded(), ...more })
}
async function deposit() {
  // the last parcel of a box is known by its time
  told.later(minute)
  return told.deposit(await told.resident())
}
const pickup = async (id: string) => (await told.parcel(id)).pickupGrantId

type Row = {
  kind: AttentionItem['kind']
  name: string
  /** what is listed then */
  arises(): Promise<Partial<AttentionItem>>
  ends(item: AttentionItem): Promise<unknown>
}
const shut = (door: number) => say({ type: 'closed', door })

const rows: Row[] = [
  {
    ...{ kind: 'forced', name: 'until somebody looked, also when it is shut again' },
    async arises() {
      await say({ type: 'forced', door: 4 })
      await shut(4)
      return { door: 4, bank: 'Bank', doorKind: 'compartment', at: told.ctx.now().toISOString() }
    },
    ends: ({ doorId }) => doorLooked(told.ctx, { doorId: doorId!, found: 'empty', actorId }),
  },
  {
    ...{ kind: 'jammed', name: 'until its sensor says something else' },
    async arises() {
      await say({ type: 'jammed', door: 4 })
      return { door: 4, parcelId: null }
    },
    ends: () => shut(4),
  },
  {
    ...{ kind: 'held-open', name: 'until it is shut' },
    async arises() {
      await say({ type: 'opened', door: 4 }, { type: 'held-open', door: 4 })
      return { door: 4 }
    },
    ends: () => shut(4),
  },
  {
    ...{ kind: 'held-open', name: 'until somebody looked' },
    async arises() {
      await say({ type: 'opened', door: 4 }, { type: 'held-open', door: 4 })
      return { door: 4 }
    },
    ends: async ({ doorId }) => {
      await endAlarm(told.ctx, { doorId: doorId!, actorId, reason })
      await shut(4)
    },
  },
  {
    ...{ kind: 'told', name: 'a resident said so, until it is settled' },
    async arises() {
      const { id, door } = await deposit()
      await makeAlert(told.ctx, { parcelId: id, kind: 'damaged', says: 'wet', actorId: newId() })
      const [row] = await told.ctx.sql`select receipt from parcels where id = ${id}`
      return { what: 'damaged', parcelId: id, door, receipt: row!.receipt }
    },
    ends: async ({ id, parcelId, door }) => {
      await settleAlert(told.ctx, { id, actorId, note: reason })
      await collected(parcelId!, door!)
    },
  },
  {
    ...{ kind: 'contested', name: 'a box, until somebody looked' },
    async arises() {
      const { id, door } = await deposit()
      const { id: alert } = await makeAlert(told.ctx, { parcelId: id, kind: 'not-mine', actorId: newId() })
      await settleAlert(told.ctx, { id: alert, actorId, note: reason })
      return { door, parcelId: null }
    },
    ends: ({ doorId }) => doorLooked(told.ctx, { doorId: doorId!, found: 'empty', actorId }),
  },
  {
    ...{ kind: 'contested', name: 'a parcel whose box says nothing of it' },
    async arises() {
      const { id, door } = await deposit()
      await told.ctx.sql`update parcels set state = 'contested' where id = ${id}`
      return { id, door, parcelId: id }
    },
    ends: ({ doorId }) => doorLooked(told.ctx, { doorId: doorId!, found: 'empty', actorId }),
  },
  {
    ...{ kind: 'keypad-locked', name: 'until the time is over; the last lock-out counts' },
    async arises() {
      await say({ type: 'keypad-locked', keypad: 1, forMs: minute })
      expect(announced).toContain('keypad-locked/bank-1#1')
      await say({ type: 'keypad-locked', keypad: 1, forMs: 5 * minute })
      const until = new Date(told.ctx.now().getTime() + 5 * minute).toISOString()
      return { id: 'bank-1#1', bank: 'Bank', what: '1', until }
    },
    ends: async () => told.later(5 * minute + 1),
  },
  {
    ...{ kind: 'offline', name: 'not at once: for who is back within two minutes nobody has to run' },
    async arises() {
      await online()
      const heard = told.ctx.now().toISOString()
      await told.house.say('status', { state: 'offline', link: 'l1', boot: 'b1' })
      told.later(2 * minute)
      expect(await of('offline')).toEqual([])
      told.later(1)
      return { id: 'bank-1', bank: 'Bank', at: heard }
    },
    ends: async () => {
      await online()
      await told.jobs.runOnce()
    },
  },
  {
    ...{ kind: 'suspect', name: 'until it is settled' },
    async arises() {
      await say({ type: 'opened', door: 99 })
      return { what: 'door-unknown', bank: 'Bank' }
    },
    ends: ({ id }) =>
      settleSuspect(told.ctx, { siteId: told.siteId, n: Number(id), actorId, note: reason, alsoOfParcels: true }),
  },
  {
    ...{ kind: 'notice-dead', name: 'until it is sent after all, or settled' },
    async arises() {
      fails = true
      const { id } = await deposit()
      await told.delivery.runOnce()
      fails = false
      const [dead] = await told.ctx.sql`select id from notices where parcel_id = ${id} and state = 'dead'`
      expect(announced).toContain(`notice-dead/${dead!.id}`)
      return { what: 'arrived', parcelId: id, doorId: null }
    },
    ends: async ({ id, parcelId }) => {
      await settleNotice(told.ctx, { id, actorId, note: reason })
      const [row] = await told.ctx
        .sql`select door from doors d join parcels p on p.door_id = d.id and p.id = ${parcelId}`
      await collected(parcelId!, row!.door)
    },
  },
  {
    ...{ kind: 'overdue', name: 'until it is collected' },
    async arises() {
      const { id, door } = await deposit()
      told.later(9 * 24 * 60 * minute)
      await online()
      await told.jobs.runOnce()
      expect((await told.parcel(id)).state).toBe('expired')
      return { id, parcelId: id, door }
    },
    ends: ({ parcelId, door }) => collected(parcelId!, door!),
  },
]

async function collected(parcelId: string, door: number): Promise<void> {
  await say({ type: 'unlocked', door, cause: { grant: await pickup(parcelId) } }, { type: 'opened', door })
  await say({ type: 'closed', door }, { type: 'vacant', door })
}

test.each(rows)('$kind: $name', async ({ kind, arises, ends }) => {
  const expected = await arises()
  const item = await only(kind)
  expect(item).toMatchObject({ ...expected, kind, taken: null })
  await ends(item)
  expect(await of(kind)).toEqual([])
})

test('every kind is in the table above or below, and the list is empty once all is settled', async () => {
  const missing = attentionKinds.filter(kind => kind !== 'doubtful' && !rows.some(row => row.kind === kind))
  expect(missing).toEqual([])
  expect(await items()).toEqual([])
})

test('taken by one, and the second sees by whom; refused, until they take it over; given back by its taker alone', async () => {
  await say({ type: 'forced', door: 4 })
  const { id } = await only('forced')
  const forced = thing('forced', id)
  await takeAttention(told.ctx, { ...forced, actorId: awa! })
  expect(announced.at(-1)).toBe(`forced/${id}`)
  expect((await only('forced')).taken).toMatchObject({ by: 'Awa', mine: true })
  await expect(takeAttention(told.ctx, { ...forced, actorId: bo! })).rejects.toMatchObject({ reason: 'taken-already' })
  await expect(releaseAttention(told.ctx, { ...forced, actorId: bo! })).rejects.toMatchObject({ reason: 'not-yours' })
  await takeAttention(told.ctx, { ...forced, actorId: bo!, over: true })
  expect((await only('forced')).taken).toMatchObject({ by: 'Bo', mine: false })
  await releaseAttention(told.ctx, { ...forced, actorId: bo! })
  expect((await only('forced')).taken).toBeNull()
  const at = { doorId: id, controllerId: 'bank-1' }
  expect(
    await told.ctx.sql`select type, door_id, controller_id from history where type like 'attention-%' order by n`,
  ).toMatchObject(['taken', 'taken', 'released'].map(what => ({ type: `attention-${what}`, ...at })))
})

test('of many who press at the same moment one has it', async () => {
  const { id } = await only('forced')
  const hands = [awa!, bo!, awa!, bo!, bo!].map(each =>
    takeAttention(told.ctx, { ...thing('forced', id), actorId: each }),
  )
  const outcomes = await Promise.allSettled(hands)
  const { taken } = await only('forced')
  const mine = outcomes.filter((_, at) => ([0, 2].includes(at) ? taken!.by === 'Awa' : taken!.by === 'Bo'))
  const others = outcomes.filter(each => !mine.includes(each))
  expect(mine.every(each => each.status === 'fulfilled')).toBe(true)
  expect(others.map(each => each.status === 'rejected' && each.reason.reason)).toEqual(
    others.map(() => 'taken-already'),
  )
})

test('once it is over nobody sees to it any more: when it comes again it is new', async () => {
  const { id } = await only('forced')
  await told.jobs.runOnce()
  expect((await only('forced')).taken).not.toBeNull()
  await doorLooked(told.ctx, { doorId: id, found: 'empty', actorId })
  await expect(takeAttention(told.ctx, { ...thing('forced', id), actorId: bo! })).rejects.toMatchObject({
    reason: 'over-already',
  })
  await told.jobs.runOnce()
  await say({ type: 'forced', door: 4 })
  expect((await only('forced')).taken).toBeNull()
  await doorLooked(told.ctx, { doorId: id, found: 'empty', actorId })
  await shut(4)
})

test('what a resident said keeps who sees to it in its own row', async () => {
  const { id: parcelId } = await deposit()
  const { id } = await makeAlert(told.ctx, { parcelId, kind: 'door-shut', actorId: newId() })
  const hand = { ...thing('told', id), actorId: bo! }
  await takeAttention(told.ctx, hand)
  expect((await only('told')).taken).toMatchObject({ by: 'Bo', mine: false })
  await expect(takeAttention(told.ctx, { ...hand, actorId: awa! })).rejects.toMatchObject({ reason: 'taken-already' })
  await takeAttention(told.ctx, { ...hand, actorId: awa!, over: true })
  await expect(releaseAttention(told.ctx, hand)).rejects.toMatchObject({ reason: 'not-yours' })
  await releaseAttention(told.ctx, { ...hand, actorId: awa! })
  expect((await only('told')).taken).toBeNull()
  await settleAlert(told.ctx, { id, actorId, note: reason })
})

test('whatever a device writes of its keypad, the list is answered', async () => {
  const wild = [1e308, -1, 1.5, '5', null, {}].map(forMs => ({ type: 'keypad-locked', keypad: 7, forMs }))
  await say(...wild, { type: 'keypad-locked', keypad: 'x' })
  expect(await of('keypad-locked')).toEqual([])
})

test('of a kind the newest fifty are listed and the others counted; nobody is named', async () => {
  const open = (await of('suspect')).length
  for (let at = 0; at < 60; at += 10) await say(...Array.from({ length: 10 }, () => ({ type: 'opened', door: 99 })))
  const { items: shown, left } = await list()
  expect(shown.filter(each => each.kind === 'suspect')).toHaveLength(50)
  expect(left).toBe(open + 10)
  // a receipt may hold the letters of a flat
  const unnamed = shown.map(each => ({ ...each, receipt: null }))
  expect(JSON.stringify(unnamed)).not.toMatch(/Ada|A9|A1|example/)
})

test('doubtful: from a restored database until the missing events are in', async () => {
  await online({ grants: told.ctx.now().getTime() * 2, last: (await recorded()) + 1 })
  expect(await only('doubtful')).toMatchObject({ id: 'bank-1', bank: 'Bank', at: null })
  await shut(1)
  expect(await of('doubtful')).toEqual([])
})
