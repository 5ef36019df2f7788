import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export const keyForm = '32 random bytes as 64 hex digits: make one with openssl rand -hex 32'

/** 64 hex digits that look random: at least 8 different ones, no short pattern over and over. */
export const isStrong = (key: string): boolean =>
  /^[0-9a-f]{64}$/i.test(key) && !/^(.{1,16})\1+$/.test(key) && new Set(key.toLowerCase()).size >= 8

const pathIn = (dataDir: string) => join(dataDir, 'master-key')

/** What stands against the key kept in the directory; nothing when there is none yet. */
export function keptKeyProblem(dataDir: string): string | undefined {
  const path = pathIn(dataDir)
  try {
    if (!existsSync(path) || isStrong(readFileSync(path, 'utf8').trim())) return undefined
    return `MASTER_KEY: ${path} does not hold ${keyForm}; bring the right file back, or set MASTER_KEY`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `MASTER_KEY: ${path} cannot be read (${code}): let the server's user read it, or set MASTER_KEY`
  }
}

/** Undefined when the file is there and no good: `keptKeyProblem` says why. */
export function keptKey(dataDir: string): Buffer | null | undefined {
  if (!existsSync(pathIn(dataDir))) return null
  return keptKeyProblem(dataDir) ? undefined : readKey(dataDir)
}

/**
 * The key of a server that was given none: made once in its data directory, readable by its owner only. On the disk
 * before it is used: what it wraps is durable, so it must be too.
 */
export function keyInDataDir(dataDir: string): Buffer {
  const path = pathIn(dataDir)
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(path)) makeKey(dataDir, path)
  const problem = keptKeyProblem(dataDir)
  if (problem) throw new Error(problem)
  chmodSync(path, 0o600)
  return readKey(dataDir)
}

const readKey = (dataDir: string) => Buffer.from(readFileSync(pathIn(dataDir), 'utf8').trim(), 'hex')

function makeKey(dataDir: string, path: string): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  writeSync(file, `${randomBytes(32).toString('hex')}\n`)
  fsyncSync(file)
  closeSync(file)
  try {
    // Whole or not at all, and never over the key of another server that was faster.
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  const folder = openSync(dataDir, 'r')
  fsyncSync(folder)
  closeSync(folder)
}
