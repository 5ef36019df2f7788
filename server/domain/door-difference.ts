import type { DoorReport } from '../../schema/wire/status.ts'
import type { DoorRow } from '../store/rows.ts'

type Expected = Pick<DoorRow, 'door' | 'kind' | 'size' | 'height' | 'doorSensor' | 'occupancySensor'>

/** How the doors that a controller reports differ from those the site expects, "; " between; null: not at all. */
export function doorsDifferOf(expected: Expected[], said: DoorReport[]): string | null {
  const found: string[] = []
  for (const report of said) {
    const door = expected.find(each => each.door === report.door)
    if (!door) found.push(`${report.door}: not expected`)
    else
      for (const member of ['kind', 'size', 'height', 'doorSensor', 'occupancySensor'] as const)
        if (report[member] !== undefined && report[member] !== door[member])
          found.push(`${report.door}: ${member} is ${report[member]}, expected ${door[member]}`)
  }
  for (const { door } of expected) if (!said.some(each => each.door === door)) found.push(`${door}: missing`)
  return found.join('; ') || null
}
