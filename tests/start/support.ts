import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export type Ended = { code: number | null; text: string; problems: string[] }

type Options = { args?: string[]; uid?: number; cwd?: string }

/** A real process with nothing of our environment but PATH; `problems` are the lines of its list. */
export function run(script: string, env: Record<string, string>, { args = [], uid, cwd }: Options = {}) {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { PATH: process.env.PATH, HOME: '/tmp', TMPDIR: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(cwd === undefined ? {} : { cwd }),
  })
  const heard = { text: '' }
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', bytes => (heard.text += bytes))
  const ended = new Promise<Ended>(resolve =>
    child.once('close', code => {
      const problems = [...heard.text.matchAll(/^ {2}- (.*)$/gm)].map(([, problem]) => problem!)
      resolve({ code, text: heard.text, problems })
    }),
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, heard, ended }
}

export const startServer = (env: Record<string, string>, options: Options = {}) => run('server/main.ts', env, options)

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'doors-start-'))
  chmodSync(path, 0o755) // when we are root, PostgreSQL runs as somebody else, who must be able to enter
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A port that somebody else has for as long as the test lasts. */
export function takenPort(): Promise<string> {
  const server = createServer()
  onTestFinished(() => void server.close())
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(String(typeof address === 'object' && address?.port))
    }),
  )
}
