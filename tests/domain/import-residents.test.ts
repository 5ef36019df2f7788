import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readCsv } from '../../server/domain/csv.ts'
import { residentsFile } from '../../server/domain/export-residents.ts'
import { importResidents, previewResidents } from '../../server/domain/import-residents.ts'
import { makeSignIn } from '../../server/domain/sessions.ts'
import { createSite } from '../../server/domain/sites.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { type House, openHouse } from './house.ts'

let house: House
let siteId: string
const actorId = '00000000-0000-7000-8000-000000000001'
beforeAll(async () => {
  house = await openHouse()
})
beforeEach(async () => {
  siteId = (await createSite(house.ctx, { name: 'Lille' })).id
})
afterAll(() => house.close())

const people = () =>
  house.ctx.sql`select name, flat, email, phone, language, tell_by, needs_low_door, pin_hash from residents
    where site_id = ${siteId} order by name, flat`
const take = (text: string, more: { skipWrong?: boolean } = {}) =>
  importResidents(house.ctx, { siteId, text, actorId, ...more })

test('looked at first: nothing is written; then all of it, with a count, and a fact without a name', async () => {
  const text = 'Nom;Appartement;E-mail\nAda;12;ada@example.org\nBo;14;\n'
  const { counts, rows } = await previewResidents(house.ctx, { siteId, text })
  expect(counts).toEqual({ rows: 2, new: 2, there: 0, twice: 0, wrong: 0 })
  expect(rows.map(({ row, is, name }) => [row, is, name])).toEqual([
    [2, 'new', 'Ada'],
    [3, 'new', 'Bo'],
  ])
  expect(await people()).toEqual([])
  expect(await take(text)).toEqual({ added: 2, there: 0, twice: 0, wrong: 0 })
  expect(await people()).toMatchObject([
    { name: 'Ada', flat: '12', email: 'ada@example.org', tellBy: ['email'], pinHash: null },
    { name: 'Bo', flat: '14', email: null, tellBy: [] },
  ])
  const [fact] = await house.ctx.sql`select actor_id, facts from history where site_id = ${siteId}`
  expect(fact).toEqual({ actorId, facts: { added: 2, there: 0, twice: 0, wrong: 0 } })
  expect(await brokenAt(house.ctx.sql, siteId)).toBeNull()
})

test('the same file again adds nobody, nor does a name written otherwise; a household shares its flat', async () => {
  const text = 'Nom;Appartement\nHélène Petit;12\nPaul Petit;12\n'
  await take(text)
  expect(await take(text)).toEqual({ added: 0, there: 2, twice: 0, wrong: 0 })
  const other = 'Nom;Appartement\nHELENE  PETIT;12\nHe\u0301le\u0300ne Petit;12\nNora;14\nnora ; 14\n'
  const { rows } = await previewResidents(house.ctx, { siteId, text: other })
  expect(rows.map(({ is, sameAs }) => [is, sameAs])).toEqual([
    ['there', null],
    ['there', null],
    ['new', null],
    ['twice', 4],
  ])
  expect(await take(other)).toEqual({ added: 1, there: 2, twice: 1, wrong: 0 })
  expect(await people()).toHaveLength(3)
})

test('one wrong row stops all of it, unless the wrong ones are left out', async () => {
  const text = 'Nom;Appartement;E-mail\nAda;12;\n;13;\nBo;14;nonsense\n'
  await expect(take(text)).rejects.toMatchObject({ reason: 'rows-wrong', details: { wrong: 2 } })
  expect(await people()).toEqual([])
  expect(await take(text, { skipWrong: true })).toEqual({ added: 1, there: 0, twice: 0, wrong: 2 })
  expect(await people()).toMatchObject([{ name: 'Ada' }])
})

test('whoever moved out does not stand in the way of somebody who moves in', async () => {
  await take('Nom;Appt\nAda;12\n')
  await house.ctx.sql`update residents set moved_out_at = now() where site_id = ${siteId}`
  expect(await take('Nom;Appt\nAda;12\n')).toMatchObject({ added: 1 })
})

test('two who import the same file at once add everybody once', async () => {
  const text = `Nom;Appt\n${Array.from({ length: 50 }, (_, n) => `N${n};${n}`).join('\n')}\n`
  // a connection for each is there already, or the first would be done before the second begins
  await Promise.all(Array.from({ length: 12 }, () => house.ctx.sql`select pg_backend_pid()`))
  const done = await Promise.all([take(text), take(text), take(text)])
  expect(done.map(each => each.added).sort()).toEqual([0, 0, 50])
  expect(await people()).toHaveLength(50)
})

test('a drawn member number that is somebody’s already is drawn again', async () => {
  // all numbers but those that end in 7 are taken: nine in ten have to be drawn again
  await house.ctx.sql.unsafe(`
    create function keep_numbers() returns trigger language plpgsql as $$
      begin if new.member_number not like '%7' and new.name like 'Draw%' then return null; end if; return new; end $$`)
  await house.ctx.sql.unsafe(
    'create trigger keep_numbers before insert on residents for each row execute function keep_numbers()',
  )
  const text = `Nom;Appt\n${Array.from({ length: 20 }, (_, n) => `Draw${n};${n}`).join('\n')}\n`
  expect(await take(text)).toMatchObject({ added: 20 })
  await house.ctx.sql.unsafe('drop trigger keep_numbers on residents')
  const rows = await house.ctx.sql`select member_number from residents where site_id = ${siteId}`
  expect(rows.filter(each => each.memberNumber.endsWith('7'))).toHaveLength(20)
})

test('5,000 rows within seconds', async () => {
  const line = (n: number) => `Résident ${n};${n % 900};r${n}@example.org;06 12 34 ${String(n).padStart(4, '0')}`
  const text = `Nom;Appartement;E-mail;Téléphone\r\n${Array.from({ length: 5_000 }, (_, n) => line(n)).join('\r\n')}\r\n`
  const start = performance.now()
  expect((await previewResidents(house.ctx, { siteId, text })).counts).toMatchObject({ rows: 5_000, new: 5_000 })
  const looked = performance.now()
  expect(await take(text)).toMatchObject({ added: 5_000 })
  const taken = performance.now()
  expect(await take(text)).toMatchObject({ added: 0, there: 5_000 })
  console.log(`5,000 rows: preview ${Math.round(looked - start)} ms, import ${Math.round(taken - looked)} ms`)
  expect(taken - start).toBeLessThan(20_000)
})

test('nobody without a PIN signs in with one', async () => {
  await take('Nom;Appt\nAda;12\n')
  const [ada] = await house.ctx.sql`select member_number from residents where site_id = ${siteId}`
  const input = { type: 'resident', memberNumber: ada!.memberNumber, pin: '' } as const
  for (const pin of ['', 'null', '000000'])
    await expect(makeSignIn(house.ctx)({ input: { ...input, pin }, from: pin })).rejects.toThrow('wrong-sign-in')
})

test('whoever is exported is there already when the file comes back, whatever they are called', {
  timeout: 60_000,
}, async () => {
  const word = fc
    .string({ unit: fc.constantFrom(...`ab é\u0301"';,\t=+-@<>&\u202E\u200Fأ`), minLength: 1, maxLength: 8 })
    .map(text => `x${text}`)
  const strange = fc.tuple(fc.constantFrom('', '=', '+', '-', "'", '@', "'="), word).map(parts => parts.join(''))
  const person = fc.record({
    name: strange,
    flat: strange,
    email: fc.constantFrom(null, 'a@example.org', '=a@example.org'),
    phone: fc.constantFrom(null, '+33612345678'),
    language: fc.constantFrom(null, 'fr', 'en'),
    needsLowDoor: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 6 }), async given => {
      siteId = (await createSite(house.ctx, { name: 'Any' })).id
      const yesNo = (is: boolean) => (is ? 'oui' : 'non')
      const cell = (text: string | null) => `"${(text ?? '').replaceAll('"', '""')}"`
      const rows = given.map(each =>
        [each.name, each.flat, each.email, each.phone, each.language, yesNo(each.needsLowDoor)].map(cell).join(';'),
      )
      const { added } = await take(`Nom;Appt;E-mail;Tél;Langue;Porte basse\n${rows.join('\n')}\n`)
      const before = await people()
      const file = await residentsFile(house.ctx, siteId)
      for (const cell of readCsv(file.slice(1), ';').rows.flat()) expect(cell).not.toMatch(/^[=+\-@]/)
      expect(await take(file)).toEqual({ added: 0, there: before.length, twice: 0, wrong: 0 })
      expect(before).toHaveLength(added)
      await house.ctx.sql`delete from residents where site_id = ${siteId}`
      expect(await take(file)).toMatchObject({ added, wrong: 0 })
      expect(await people()).toEqual(before)
    }),
    { numRuns: 30 },
  )
})
