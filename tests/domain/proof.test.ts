import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkProof, type Verdict } from '../../dashboard/src/verify/check-proof.ts'
import { checkpointEvery, checkpointOf, type Proof, wayBetween } from '../../schema/api/proof.ts'
import { write } from '../../server/context.ts'
import { newId } from '../../server/domain/ids.ts'
import { reissueCode } from '../../server/domain/pickup-code.ts'
import { appendHistory } from '../../server/store/history.ts'
import { proofOf } from '../../server/store/proof.ts'
import { parcelTimeline } from '../../server/store/timeline.ts'
import { carrierOf, collect, deposit } from './deposit.ts'
import { compartments, type House, openHouse } from './house.ts'

let house: House
/** one that lay there for two weeks of others' facts, and what else happened */
let long: { id: string; proof: Proof }
let beside: { first: string; second: string }
let others: string[]

beforeAll(async () => {
  house = await openHouse(compartments(3))
  await house.online()
  const carrierId = await carrierOf(house)
  await happens(3)
  const parcel = await deposit(house, { carrierId })
  await happens(130)
  const other = await deposit(house, { carrierId })
  await happens(130)
  await collect(house, other)
  await happens(600)
  // named by its grant alone: nothing says here whose parcel that is
  const [row] = await house.ctx.sql`select pickup_grant_id as grant from parcels where id = ${parcel.id}`
  await house.events({ type: 'code-refused', keypad: 1, reason: 'used', grant: row!.grant })
  await collect(house, parcel)
  const first = await deposit(house, { carrierId })
  const second = await deposit(house, { carrierId, join: true })
  beside = { first: first.id, second: second.id }
  // one code for both, made for the first
  await reissueCode(house.ctx, { id: first.id, reason: 'forgot it', actorId: newId() })
  await collect(house, first)
  await happens(2)
  others = [other.id, beside.first, beside.second, ...(await grantsOf(other.id))]
  long = { id: parcel.id, proof: await proofFor(parcel.id) }
}, 60_000)
afterAll(() => house?.close())

/** What is nobody's business in the proof of a parcel. */
const happens = (times: number) => {
  const now = new Date()
  const facts = Array.from({ length: times }, () => {
    return { type: 'power' as const, at: now, receivedAt: now, actorId: newId(), facts: { secret: 'of-others' } }
  })
  return write(house.ctx, tx => appendHistory(tx, house.siteId, facts))
}
const grantsOf = async (id: string) =>
  (await house.ctx.sql<{ id: string }[]>`select id from grants where parcel_id = ${id}`).map(each => each.id)
const proofFor = async (id: string) => (await proofOf(house.ctx.sql, { id, siteId: house.siteId }))!
const judge = (proof: unknown): Promise<Verdict> => checkProof(JSON.stringify(proof))
const copy = () => structuredClone(long.proof)

test('the way to a fact is a digest for each up to a checkpoint, and then one for every 256', () => {
  const some = fc.integer({ min: 1, max: 200_000 })
  fc.assert(
    fc.property(some, some, (a, gap) => {
      const b = a + gap
      const { facts, checkpoints } = wayBetween(a, b)
      let at = a
      for (const n of facts) expect(n).toBe(++at)
      if (checkpoints.length > 0) expect(at % checkpointEvery).toBe(0)
      for (const n of checkpoints) {
        at += checkpointEvery
        expect(n).toBe(at)
      }
      expect([b - 1, checkpointOf(b)]).toContain(at)
      expect(facts.length).toBeLessThan(checkpointEvery)
      expect(checkpoints.length).toBeLessThanOrEqual(gap / checkpointEvery)
    }),
  )
})

test('a proof holds the facts of its parcel as its timeline has them, up to the newest of the site, and nothing of others', async () => {
  const { id, proof } = long
  const timeline = await parcelTimeline(house.ctx.sql, { id, siteId: house.siteId })
  expect(proof.facts.map(({ row }) => [row.n, row.type])).toEqual(timeline.map(({ n, type }) => [n, type]))
  expect(timeline.map(each => each.type)).toEqual(
    expect.arrayContaining([
      'parcel-placing',
      'unlocked',
      'parcel-waiting',
      'grant-made',
      'code-refused',
      'parcel-collected',
    ]),
  )
  const [site] = await house.ctx.sql<{ n: number; hash: Buffer }[]>`
    select history_n as n, history_hash as hash from sites where id = ${house.siteId}`
  const newest = { n: site!.n, hash: site!.hash.toString('hex') }
  const between = site!.n - timeline[0]!.n + 1 - timeline.length
  expect(await judge(proof)).toEqual({ holds: true, facts: proof.facts, others: between, newest })
  const text = JSON.stringify(proof)
  for (const secret of ['of-others', 'Ada', 'A1', ...others]) expect(text).not.toContain(secret)
  // 256 before a checkpoint and one for each after it, not all the 900
  const shown = [...proof.facts, proof.head!].flatMap(({ way }) => [...way.facts, ...way.checkpoints])
  expect(between).toBeGreaterThan(850)
  expect(shown.length).toBeLessThan(550)
})

test('the newest of the site may be a fact of the parcel itself', async () => {
  const { id } = await deposit(house, { carrierId: await carrierOf(house, 'NEWEST-1') })
  const proof = await proofFor(id)
  expect(proof.head).toBeNull()
  expect(await judge(proof)).toMatchObject({ holds: true, newest: { n: proof.facts.at(-1)!.row.n } })
})

test('two parcels under one code: each has a proof of its own, with what the code did and not what became of the other', async () => {
  const [first, second] = [await proofFor(beside.first), await proofFor(beside.second)]
  for (const proof of [first, second]) {
    expect(await judge(proof)).toMatchObject({ holds: true })
    const types = proof.facts.map(({ row }) => row.type)
    expect(types.filter(type => type === 'parcel-collected')).toHaveLength(1)
    // to put it in, and by the code of both
    expect(types.filter(type => type === 'unlocked')).toHaveLength(2)
  }
})

type Path = (string | number)[]
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...path, name]))
}
/** Another value of the same kind, which only the chain can tell from the one that was there. */
function other(value: unknown, seed: number, name: unknown): unknown {
  if (value === null && name === 'seq') return seed
  if (typeof value === 'number') return value + 1 + (seed % 1_000)
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string' || value === '') return 'altered'
  const at = seed % value.length
  return value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1)
}
function change(proof: Proof, path: Path, by: (value: unknown) => unknown): void {
  const holder = path.slice(0, -1).reduce((at, name) => (at as never)[name], proof as unknown) as Record<
    string,
    unknown
  >
  const name = String(path.at(-1))
  holder[name] = by(holder[name])
}

test('whatever is altered in a proof is found, and of a fact it is said which', async () => {
  const all = leaves(long.proof)
  const ofRows = all.filter(path => path.includes('row'))
  const anyLeaf = fc.oneof(fc.constantFrom(...all), fc.constantFrom(...ofRows))
  await fc.assert(
    fc.asyncProperty(anyLeaf, fc.nat(), async (path, seed) => {
      const proof = copy()
      change(proof, path, value => other(value, seed, path.at(-1)))
      const verdict = await judge(proof)
      expect(verdict.holds).toBe(false)
      if (!path.includes('row') || path.at(-1) === 'n') return
      expect(verdict).toEqual({ holds: false, problem: 'altered', n: long.proof.facts[Number(path[1])]!.row.n })
    }),
    { numRuns: 150 },
  )
})

test('any byte of the file that says something else than before is found', async () => {
  const text = JSON.stringify(long.proof)
  const same = JSON.stringify(long.proof)
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'0a"}],:1-e \\.'), async (at, byte) => {
      const changed = text.slice(0, at) + byte + text.slice(at + 1)
      fc.pre(changed !== text)
      let means: string | undefined
      try {
        means = JSON.stringify(JSON.parse(changed))
      } catch {}
      expect((await checkProof(changed)).holds).toBe(means === same)
    }),
    { numRuns: 150 },
  )
})

const at = (proof: Proof, type: string) => proof.facts.findIndex(({ row }) => row.type === type)
test.each<[what: string, how: (proof: Proof) => void, problem: string]>([
  ['two facts in another order', ({ facts }) => facts.splice(1, 2, facts[2]!, facts[1]!), 'moved'],
  ['a fact left out', p => p.facts.splice(at(p, 'parcel-waiting') - 1, 1), 'moved'],
  ['a fact twice', ({ facts }) => facts.splice(2, 0, facts[2]!), 'moved'],
  ['the last facts cut off', ({ facts }) => facts.splice(-2), 'moved'],
  ['one more fact of others', ({ head }) => head!.way.facts.push('0'.repeat(64)), 'moved'],
  ['one less fact of others', ({ head }) => head!.way.facts.pop(), 'moved'],
  ['others before the first', ({ facts }) => facts[0]!.way.facts.push('0'.repeat(64)), 'not-a-proof'],
  ['no fact at all', ({ facts }) => facts.splice(0), 'not-a-proof'],
  ['said to be of another parcel', p => Object.assign(p, { parcelId: beside.first }), 'not-of-this-parcel'],
  ['said to be of another site', p => Object.assign(p, { siteId: newId() }), 'not-of-this-parcel'],
  ['something added to it', p => Object.assign(p, { note: 'signed by the landlord' }), 'not-a-proof'],
  ['something added to a fact', ({ facts }) => Object.assign(facts[3]!.row, { more: 1 }), 'not-a-proof'],
  ['something added to what is told', ({ facts }) => Object.assign(facts[3]!.row.facts, { more: 1 }), 'altered'],
])('%s: found', async (_what, how, problem) => {
  const proof = copy()
  how(proof)
  expect(await judge(proof)).toMatchObject({ holds: false, problem })
})

test('a fact put in place of another, with a hash that fits it, does not fit the chain', async () => {
  const proof = copy()
  const strange = (await proofFor(beside.first)).facts[0]!
  proof.facts.splice(-1, 1, strange)
  expect(await judge(proof)).toMatchObject({ holds: false, n: strange.row.n })
})

test.each(['facts', 'checkpoints'] as const)('a made-up digest among the %s of others leads elsewhere', async part => {
  const proof = copy()
  const to = proof.facts.findIndex(({ way }) => way[part].length > 1)
  const [after, n] = [proof.facts[to - 1]!.row.n, proof.facts[to]!.row.n]
  const madeUp = 'f'.repeat(64)
  if (part === 'facts') proof.facts[to]!.way.facts[0] = madeUp
  else proof.facts[to]!.way.checkpoints[0]!.digest = madeUp
  expect(await judge(proof)).toEqual({ holds: false, problem: 'between', after, n })
})

test('two facts that say the same have digests of their own: nobody finds out by guessing', async () => {
  const [salts] = await house.ctx.sql<{ all: number; own: number }[]>`
    select count(*)::int as all, count(distinct salt)::int as own from history`
  expect(salts!.own).toBe(salts!.all)
})

test('a parcel about which a device wrote without end has no proof, rather than one without end', async () => {
  const { id } = await deposit(house, { carrierId: await carrierOf(house, 'ENDLESS-1') })
  const add = (rows: number, facts: object) => house.ctx.sql`
    with s as (update sites set history_n = history_n + ${rows} where id = ${house.siteId} returning id, history_n - ${rows} as n)
    insert into history (site_id, n, type, at, received_at, live, parcel_id, facts, previous, hash)
    select s.id, s.n + g, 'opened', now(), now(), true, ${id}, ${house.ctx.sql.json(facts as never)}, '', '' from s, generate_series(1, ${rows}) g`
  await add(10, { text: 'x'.repeat(500_000) })
  expect(await proofOf(house.ctx.sql, { id, siteId: house.siteId })).toBeNull()
  await house.ctx.sql`update history set facts = '{}' where parcel_id = ${id} and hash = ''`
  expect(await proofOf(house.ctx.sql, { id, siteId: house.siteId })).not.toBeNull()
  await add(4_000, {})
  expect(await proofOf(house.ctx.sql, { id, siteId: house.siteId })).toBeNull()
})
