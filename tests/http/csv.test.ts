import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvHead, csvLine } from '../../server/http/csv.ts'
import { rowsOf } from '../support/csv.ts'

test.each<[value: unknown, cell: string]>([
  ['=1+1', "'=1+1"],
  ['+33 6', "'+33 6"],
  ['-2', "'-2"],
  ['@sum', "'@sum"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['  =1', "'  =1"],
  ['＝1', "'＝1"],
  [-2, '-2'],
  [null, ''],
  [{ a: '=1' }, '"{""a"":""=1""}"'],
  ['a "b", c', '"a ""b"", c"'],
  ['plain', 'plain'],
])('%j is written as %s', (value, cell) => {
  expect(csvLine([value, 'end'])).toBe(`${cell},end\r\n`)
})

test('whatever the cells hold is read back as it was, and no cell is a formula', () => {
  const cells = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 2, maxLength: 5 })
  fc.assert(
    fc.property(
      cells,
      fc.array(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', ',', ' '), { maxLength: 3 }),
      (given, marks) => {
        const told = [...given, marks.join('')]
        const [, read] = rowsOf(csvHead(['a']).slice(1) + csvLine(told))
        expect(read!.map((cell, at) => (cell === told[at] ? cell : cell.slice(1)))).toEqual(told)
        for (const cell of read!) expect(cell).not.toMatch(/^\s*[=+\-@]/)
      },
    ),
  )
})
