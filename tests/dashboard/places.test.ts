import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf, doorBeside, heightCm, type Standing } from '../../dashboard/src/wall/places.ts'

type Size = keyof typeof heightCm
const door = (n: number, size: Size, column: number | null = null, row: number | null = null): Standing => ({
  ...{ id: `d${n}`, door: n, size, column, row },
})
const numbers = (doors: Standing[]) => columnsOf(doors).map(column => column.doors.map(each => each.door.door))
const many = (sizes: Size[]) => sizes.map((size, at) => door(at + 1, size))

test.each<[string, Standing[], number[][]]>([
  ['one box', [door(7, 'S')], [[7]]],
  ['no box', [], []],
  ['a bank that fits one column, whatever order it came in', [door(3, 'L'), door(1, 'S'), door(2, 'XL')], [[1, 2, 3]]],
  [
    'two columns, about equally full',
    many(['XL', 'XL', 'XL', 'XL']),
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    'small ones beside a large one',
    many(['XL', 'XL', 'L', 'S', 'S', 'S', 'S', 'S', 'M']),
    [
      [1, 2],
      [3, 4, 5, 6, 7, 8, 9],
    ],
  ],
  [
    'what is left over: one of two columns a little taller, not a third',
    many(['S', 'M', 'L', 'S', 'M', 'L', 'S', 'M', 'L', 'S']),
    [
      [1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10],
    ],
  ],
  ['doors where they are said to stand', [door(1, 'S', 2, 1), door(2, 'S', 1, 2), door(3, 'L', 1, 1)], [[3, 2], [1]]],
  ['numbers of columns with a gap', [door(1, 'S', 9, 4), door(2, 'S', 3, 1)], [[2], [1]]],
  ['the others to the right of them', [door(1, 'S'), door(2, 'M', 1, 1), door(3, 'M')], [[2], [1, 3]]],
  ['two said to stand at one place, by number', [door(2, 'M', 1, 1), door(1, 'M', 1, 1)], [[1, 2]]],
])('%s', (_, doors, drawn) => {
  expect(numbers(doors)).toEqual(drawn)
})

test('a column with a box of 40 cm is wide', () => {
  expect(columnsOf([door(1, 'S', 1, 1), door(2, 'XL', 1, 2), door(3, 'L', 2, 1)]).map(({ wide }) => wide)).toEqual([
    true,
    false,
  ])
})

const anyPlace = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null })
const anyDoor = fc.record({ size: fc.constantFrom<Size>('S', 'M', 'L', 'XL'), column: anyPlace, row: anyPlace })
const anyDoors = fc
  .array(anyDoor, { maxLength: 120 })
  .map(list => list.map(({ size, column, row }, at) => door(at + 1, size, column, row)))

test('whatever is said: every door is drawn once, none over another, and none is far taller than its column may be', () => {
  fc.assert(
    fc.property(anyDoors, doors => {
      const columns = columnsOf(doors)
      const drawn = columns.flatMap(column => column.doors.map(each => each.door.id))
      expect(drawn.toSorted()).toEqual(doors.map(({ id }) => id).toSorted())
      for (const { doors: inside } of columns) {
        expect(inside.length).toBeGreaterThan(0)
        let below = 0
        for (const { door: each, middle } of inside.toReversed()) {
          const half = heightCm[each.size!] / 2
          expect(middle - half).toBeGreaterThanOrEqual(below - 1e-9)
          below = middle + half
        }
        if (inside.some(each => each.door.column === null)) expect(below).toBeLessThan(205)
      }
    }),
  )
})

test('the places given keep their order, from the left and from the top', () => {
  fc.assert(
    fc.property(anyDoors, doors => {
      const placed = columnsOf(doors.filter(each => each.column !== null && each.row !== null))
      const lefts = placed.map(column => column.doors[0]!.door.column!)
      expect(lefts).toEqual([...new Set(lefts)].toSorted((a, b) => a - b))
      for (const column of placed) {
        const rows = column.doors.map(each => each.door.row!)
        expect(rows).toEqual(rows.toSorted((a, b) => a - b))
      }
    }),
  )
})

// 1 XL over 2 S | 3 S over 4 S over 5 XL | 6 M
const bank = columnsOf([
  ...[door(1, 'XL', 1, 1), door(2, 'S', 1, 2)],
  ...[door(3, 'S', 2, 1), door(4, 'S', 2, 2), door(5, 'XL', 2, 3)],
  door(6, 'M', 3, 1),
])
test.each<[number, string, number | undefined]>([
  [1, 'ArrowDown', 2],
  [2, 'ArrowDown', undefined],
  [2, 'ArrowUp', 1],
  [1, 'ArrowUp', undefined],
  [1, 'ArrowRight', 5],
  [2, 'ArrowRight', 5],
  [3, 'ArrowLeft', 1],
  [5, 'ArrowLeft', 1],
  [4, 'ArrowRight', 6],
  [6, 'ArrowLeft', 5],
  [6, 'ArrowRight', undefined],
  [1, 'ArrowLeft', undefined],
  [4, 'Home', 1],
  [1, 'End', 6],
  [4, 'x', undefined],
  [99, 'ArrowUp', undefined],
])('from door %i, %s leads to %s', (from, key, to) => {
  expect(doorBeside(bank, `d${from}`, key)?.door).toBe(to)
})

test('from every door every other can be reached by arrows', () => {
  fc.assert(
    fc.property(anyDoors, doors => {
      const columns = columnsOf(doors)
      const first = columns[0]?.doors[0]?.door
      const reached = new Set(first ? [first.id] : [])
      for (const id of reached)
        for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
          const next = doorBeside(columns, id, key)
          if (next) reached.add(next.id)
        }
      expect(reached.size).toBe(doors.length)
    }),
    { numRuns: 30 },
  )
})
