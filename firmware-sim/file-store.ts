import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Flash, Held, Journal } from './machine/state.ts'
import type { Store } from './store.ts'

type Line = { journal: string; last: number; acked: number } | { acked: number } | Held

/** Replaces a file as a whole: after a kill there is the old one or the new one, never a half. */
export function replaceFile(path: string, text: string) {
  const fd = openSync(`${path}.new`, 'w')
  writeSync(fd, text)
  fdatasyncSync(fd)
  closeSync(fd)
  renameSync(`${path}.new`, path)
  syncFolder(path)
}

function syncFolder(path: string) {
  const fd = openSync(join(path, '..'), 'r')
  fsyncSync(fd)
  closeSync(fd)
}

export const readJson = <T>(path: string): T | null =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null

const asLine = (line: Line): string => `${JSON.stringify(line)}\n`

function parseLine(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text)
    return line !== null && typeof line === 'object' ? (line as Line) : null
  } catch {
    return null
  }
}

/** What the lines say, and up to which byte they are whole: a line without its end was never written. */
export function readJournal(bytes: Buffer): { journal: Journal | null; wholeBytes: number } {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1
  let journal: Journal | null = null
  for (const text of bytes.subarray(0, wholeBytes).toString('utf8').split('\n')) {
    const line = parseLine(text)
    if (!line) continue
    if ('journal' in line) journal = { name: line.journal, held: [], last: line.last, acked: line.acked }
    else if (!journal) continue
    else if ('event' in line) {
      journal.held.push(line)
      journal.last = Math.max(journal.last, line.event.seq)
    } else journal.acked = Math.max(journal.acked, line.acked)
  }
  return { journal, wholeBytes }
}

/** Journal and flash as files: `journal.jsonl` grows by whole lines, `flash.json` is replaced. */
export function fileStore(folder: string): Store {
  mkdirSync(folder, { recursive: true })
  const journalPath = join(folder, 'journal.jsonl')
  const flashPath = join(folder, 'flash.json')
  let fd = openSync(journalPath, 'a+')
  return {
    load() {
      const { journal, wholeBytes } = readJournal(readFileSync(journalPath))
      // the torn end must go, or the next line would be glued to it
      ftruncateSync(fd, wholeBytes)
      return { journal, flash: readJson<Flash>(flashPath) }
    },
    append(held) {
      writeSync(fd, asLine(held))
      fdatasyncSync(fd)
    },
    // not synced: losing it costs only room, the server says again what it has
    acked: seq => void writeSync(fd, asLine({ acked: seq })),
    rewrite({ name, held, last, acked }) {
      replaceFile(journalPath, [{ journal: name, last, acked }, ...held].map(asLine).join(''))
      closeSync(fd)
      fd = openSync(journalPath, 'a+')
    },
    saveFlash: flash => replaceFile(flashPath, JSON.stringify(flash)),
    replace(stored) {
      ftruncateSync(fd, 0)
      if (stored.journal) this.rewrite(stored.journal)
      if (stored.flash) this.saveFlash(stored.flash)
      else rmSync(flashPath, { force: true })
    },
    close: () => closeSync(fd),
  }
}
