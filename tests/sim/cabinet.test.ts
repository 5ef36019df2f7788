import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf } from '../../dashboard/src/wall/places.ts'

type Drawn = { doors: { door: number }[] }
/** the page's own script, as the browser gets it */
const script = new URL('../../firmware-sim/page/cabinet.js', import.meta.url).href
const { inColumns } = (await import(script)) as { inColumns(doors: object[]): Drawn[] }

const place = fc.option(fc.integer({ min: 1, max: 5 }), { nil: null })
const door = fc.record({ size: fc.constantFrom('S', 'M', 'L', 'XL'), column: place, row: place })

test('the simulator draws a bank as the wall does', () => {
  fc.assert(
    fc.property(fc.array(door, { maxLength: 60 }), parts => {
      const doors = parts.map((part, at) => ({ ...part, id: String(at), door: at + 1 }))
      const drawn = (columns: Drawn[]) => columns.map(each => each.doors.map(one => one.door))
      const wall = columnsOf(doors).map(column => ({ doors: column.doors.map(each => each.door) }))
      expect(drawn(inColumns(doors))).toEqual(drawn(wall))
    }),
  )
})
