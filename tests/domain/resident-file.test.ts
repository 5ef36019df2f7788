import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvOf, readCsv, separators } from '../../server/domain/csv.ts'
import { mostRows, readResidentFile } from '../../server/domain/resident-file.ts'

test.each([
  ['a;b\r\n1;2\r\n', ';', [['a', 'b'], ['1', '2']]], // biome-ignore format: one case a line
  ['a;b\n1;2', ';', [['a', 'b'], ['1', '2']]], // biome-ignore format: one case a line
  ['a\r1\r', ';', [['a'], ['1']]],
  ['"a;b";"c""d"\n', ';', [['a;b', 'c"d']]],
  ['"two\r\nlines",x\r\n', ',', [['two\r\nlines', 'x']]],
  ['5 "inch";x\n', ';', [['5 "inch"', 'x']]],
  ['"a"b;c\n', ';', [['ab', 'c']]],
  ['a\t\tb\n', '\t', [['a', '', 'b']]],
  [';\n', ';', [['', '']]],
  ['a\n\n\nb\n', ';', [['a'], [''], [''], ['b']]],
] as const)('%j', (text, separator, rows) => {
  expect(readCsv(text, separator)).toEqual({ rows, openQuoteAt: null })
})

test('a quotation mark that is never closed is named by its row', () => {
  expect(readCsv('a;b\n1;"2\n3;4\n', ';')).toMatchObject({ openQuoteAt: 2 })
  expect(() => readResidentFile('nom;appt\nAda;12\nBo;"13\n')).toThrow(
    expect.objectContaining({ reason: 'quote-open', details: { row: 3 } }),
  )
})

test('any cells are written and read again, and none begins as a formula does', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a;,\t"\r\n=+-@\' é') })
  const rows = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(rows, fc.constantFrom(...separators), (cells, separator) => {
      const { rows: read } = readCsv(csvOf(cells, separator).slice(1), separator)
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/)
      expect(read.map(row => row.map(cell => cell.replace(/^'(?='*[=+\-@\t\r\n])/, '')))).toEqual(cells)
    }),
  )
})

const one = (text: string) => readResidentFile(text).rows[0]!
const problemsOf = (row: string, heading = 'Nom;Appartement;E-mail;Téléphone;Langue;Prévenir par;Porte basse') =>
  one(`${heading}\n${row}\n`).problems.map(({ field, reason }) => `${field} ${reason}`)

test.each([
  ['Appartement;Nom', ';', ['flat', 'name']],
  ['﻿APPT,NOM DE FAMILLE,Prénom', ',', ['flat', 'familyName', 'givenName']],
  ['Flat number\tFull name\tE-mail address\tMobile phone', '\t', ['flat', 'name', 'email', 'phone']],
  ['N° d’appartement;Nom, prénom;Tél.', ';', ['flat', 'name', 'phone']],
  ['sep=,\nlogement,locataire', ',', ['flat', 'name']],
  ['\n\n"Logement";"Locataire";Loyer', ';', ['flat', 'name', null]],
  ['Apartment;Last name;First name;Low door;Language;Tell by', ';', ['flat', 'familyName', 'givenName', 'needsLowDoor', 'language', 'tellBy']], // biome-ignore format: one case a line
] as const)('headings: %s', (text, separator, fields) => {
  const { columns, separator: found } = readResidentFile(`${text}\n`)
  expect([found, columns.map(({ field }) => field)]).toEqual([separator, fields])
})

test.each([
  ['Nom;Loyer', ['flat']],
  ['', ['flat', 'name']],
  ['Ada;12', ['flat', 'name']],
  ['Prénom;Appt', ['name']],
])('without the columns that are needed it says which: %j', (text, missing) => {
  expect(() => readResidentFile(text)).toThrow(
    expect.objectContaining({ reason: 'no-columns', details: expect.objectContaining({ missing }) }),
  )
})

test('a row with everything, and one with only what is needed', () => {
  const text = [
    'Nom;Prénom;Appartement;E-mail;Portable;Téléphone;Langue;Prévenir par;Porte basse',
    'Lefèvre ; Anne;12 bis;anne@example.org;;01 23 45 67 89;Anglais;SMS + appel;Oui',
    'Li;;14',
  ].join('\r\n')
  const { rows } = readResidentFile(text)
  expect(rows).toEqual([
    {
      ...{ row: 2, name: 'Anne Lefèvre', flat: '12 bis', email: 'anne@example.org', phone: '+33123456789' },
      ...{ language: 'en', tellBy: ['sms', 'voice'], needsLowDoor: true, problems: [] },
    },
    {
      ...{ row: 3, name: 'Li', flat: '14', email: null, phone: null, language: null, tellBy: [] },
      ...{ needsLowDoor: false, problems: [] },
    },
  ])
})

test.each([
  ['06 12 34 56 78', '+33612345678'],
  ['612345678', '+33612345678'], // a spreadsheet took it for a number
  ['33612345678', '+33612345678'],
  ['0033 6 12 34 56 78', '+33612345678'],
  ['06.12.34.56.78', '+33612345678'],
  ['+44 20 7946 0958', '+442079460958'],
  ["'+33612345678", '+33612345678'],
  ['6,12E+08', null],
  ['12', null],
])('the phone %s', (told, phone) => {
  expect(one(`Nom;Appt;Tél\nAda;1;${told}\n`)).toMatchObject({
    phone,
    tellBy: phone ? ['sms'] : [],
    problems: phone ? [] : [{ field: 'phone', reason: 'not-a-phone' }],
  })
})

test.each([
  [';12', ['name missing']],
  ['Ada;', ['flat missing']],
  ['***;12', ['name missing']],
  [`${'x'.repeat(300)};12`, ['name too-long']],
  ['Ren\uFFFD;12', ['name unreadable']],
  ['Ada;12;ada(at)example.org', ['email not-an-email']],
  ['Ada;12;ada@example.org, bo@example.org', ['email not-an-email']],
  ['Ada;12;;;volapük', ['language unknown-language']],
  ['Ada;12;;;;pigeon', ['tellBy unknown-way']],
  ['Ada;12;;;;e-mail', ['tellBy no-address']],
  ['Ada;12;ada@example.org;;;sms', ['tellBy no-address']],
  ['Ada;12;;;;;peut-être', ['needsLowDoor not-yes-no']],
  ['Ada;12;;;;;;de trop', ['null too-many-cells']],
  ['Ada;12;;;;;;', []],
  ['Ada;12;ada@example.org;;;aucun;non', []],
  ['=1+1;12', []],
  ['<b>Ada</b>;12', []],
  ['\u202Eada;12', []],
])('what is wrong in %j', (row, problems) => {
  expect(problemsOf(row)).toEqual(problems)
})

test('formulas are kept as the text they are, line ends and marks of no meaning are not', () => {
  expect(one('Nom;Appt\n"\'=HYPERLINK(""x"")";\' 12\n')).toMatchObject({ name: '=HYPERLINK("x")', flat: "' 12" })
  expect(one('Nom;Appt\n"Ada\r\n  Lovelace\u0085";\u00A012\n')).toMatchObject({ name: 'Ada Lovelace', flat: '12' })
  const turned = 'Nom;Appt\n\u202EAda\u2066 \u200Fשלום\u200B;\uFEFF12\u202C\n'
  expect(one(turned)).toMatchObject({ name: 'Ada שלום', flat: '12' })
})

test('rows are counted as the spreadsheet does, empty ones too, and there is an end to them', () => {
  const { rows } = readResidentFile('Nom;Appt\n\n;;\n"Ada\n";1\nBo;2\n')
  expect(rows.map(({ row, name }) => [row, name])).toEqual([
    [4, 'Ada'],
    [5, 'Bo'],
  ])
  const many = (count: number) => `Nom;Appt\n${Array.from({ length: count }, (_, n) => `N${n};${n}`).join('\n')}\n`
  expect(readResidentFile(many(mostRows)).rows).toHaveLength(mostRows)
  expect(() => readResidentFile(many(mostRows + 1))).toThrow(expect.objectContaining({ reason: 'too-many-rows' }))
})
