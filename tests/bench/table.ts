import type { Machine } from './machine.ts'
import { short } from './numbers.ts'
import type { Result } from './rounds.ts'

/** Left-aligned words, right-aligned numbers. */
function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map(row => row[at]!.length)))
  return rows.map(row =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  )
}

const between = ({ min, max }: { min: number; max: number }) => `${short(min)}–${short(max)}`

export function tableOf({ benchmark, notes, figures, ratios, others, disturbed }: Result): string {
  const measured = figures.map(line => [line.contestant, line.figure, short(line.median), between(line), ''])
  const divided = ratios.map(line => [
    ...['ratio', line.name, short(line.median), between(line)],
    line.target === null ? '' : `${line.target} ${line.met ? 'met' : 'MISSED'}`,
  ])
  const lines = columns([['', '', 'median', 'min–max', 'target'], ...measured, ...divided])
  const percent = (part: number) => `${Math.round(part * 100)} %`
  const load = `other processes used ${percent(others.median)} of all cores in the median measurement, ${percent(others.max)} at most`
  const said = [...notes, load, ...(disturbed.length > 0 ? [`DISTURBED by them: ${disturbed.join('; ')}`] : [])]
  return [`\n${benchmark}`, ...lines.map(line => `  ${line}`), ...said.map(note => `  · ${note}`)].join('\n')
}

export const machineLine = ({ node, platform, cpu, cores, memoryGiB, fdatasyncMs }: Machine): string =>
  `node ${node}, ${platform}, ${cores} cores (${cpu}), ${memoryGiB} GiB, fdatasync ${short(fdatasyncMs)} ms`
