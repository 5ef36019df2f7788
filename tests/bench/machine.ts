import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { median } from './numbers.ts'

export type Machine = {
  node: string
  platform: string
  cpu: string
  cores: number
  memoryGiB: number
  fdatasyncMs: number
}

export const machineFacts = (folder: string): Machine => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  fdatasyncMs: fdatasyncMs(folder),
})

/** Load of the last minute by the number of cores. */
export const loadPerCore = (): number => loadavg()[0]! / availableParallelism()

/** Median of 200 times 8 KiB, a page of PostgreSQL's log. */
function fdatasyncMs(folder: string): number {
  const file = openSync(join(folder, 'fdatasync'), 'w')
  const page = Buffer.alloc(8192, 1)
  const times = Array.from({ length: 200 }, () => {
    const began = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  return median(times)
}

/** Processor time in µs of a process and all below it, ended children too; null where /proc does not tell. */
export function cpuOf(pid: number): number | null {
  try {
    const mine = processes()
    const all = new Set([pid])
    for (let grown = true; grown; ) {
      grown = false
      for (const [id, { parent }] of mine) if (all.has(parent) && !all.has(id)) grown = Boolean(all.add(id))
    }
    return [...all].reduce((sum, id) => sum + (mine.get(id)?.ticks ?? 0), 0) * tickMicroseconds
  } catch {
    return null
  }
}

const tickMicroseconds = 10_000

/** Starts to look; answers then which part of all cores was used by processes that are not ours, null without /proc. */
export function watchOthers(): () => number | null {
  const began = performance.now()
  const [allBefore, ownBefore] = [busyTicks(), cpuOf(process.pid)]
  return () => {
    const [all, own] = [busyTicks(), cpuOf(process.pid)]
    if (all === null || allBefore === null || own === null || ownBefore === null) return null
    const used = (all - allBefore) * tickMicroseconds - (own - ownBefore)
    return Math.max(0, used / ((performance.now() - began) * 1_000 * availableParallelism()))
  }
}

/** Of all cores together: user, nice, system, irq and softirq (proc(5)). */
function busyTicks(): number | null {
  try {
    const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .slice(5)
      .trim()
      .split(/\s+/)
      .map(Number)
    return user! + nice! + system! + irq! + softirq!
  } catch {
    return null
  }
}

function processes(): Map<number, { parent: number; ticks: number }> {
  const found = new Map<number, { parent: number; ticks: number }>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // after the name in brackets: state ppid … utime stime cutime cstime are members 14 to 17 (proc(5))
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      const members = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      const ticks = members.slice(11, 15).reduce((sum, each) => sum + each, 0)
      found.set(Number(name), { parent: members[1]!, ticks })
    } catch {
      // ended meanwhile
    }
  }
  return found
}
