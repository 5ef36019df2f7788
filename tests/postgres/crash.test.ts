import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { client, isRunning, madeDataDir, start, startElsewhere } from './support.ts'

test('kill -9 of the server leaves no PostgreSQL behind, and the next start has every acknowledged row', async () => {
  const dataDir = await madeDataDir()
  const other = await startElsewhere(dataDir)
  const sql = client(other.url)
  await sql`create table kept (n int)`
  await sql`insert into kept select generate_series(1, 100)`
  other.node.kill('SIGKILL')
  await eventually(() => !isRunning(other.postgresPid), { withinMs: 5_000 })

  const { url } = await start(dataDir)
  expect(await client(url)`select count(*) as count from kept`).toEqual([{ count: 100 }])
})

test('a start right after kill -9 waits for the old PostgreSQL to end', async () => {
  const dataDir = await madeDataDir()
  const other = await startElsewhere(dataDir)
  await client(other.url)`create table kept as select 1 as one`
  other.node.kill('SIGKILL')
  const { url, pid } = await eventually(() => start(dataDir), { withinMs: 10_000 })
  expect(pid()).not.toBe(other.postgresPid)
  expect(await client(url)`select one from kept`).toEqual([{ one: 1 }])
})

test('a PostgreSQL whose server and watcher were both killed is stopped by the next start', async () => {
  const dataDir = await madeDataDir()
  const other = await startElsewhere(dataDir)
  for (const pid of watchersOf(other.postgresPid)) process.kill(pid, 'SIGKILL')
  other.node.kill('SIGKILL')
  const warnings: string[] = []
  const { url } = await eventually(
    () => start(dataDir, { log: { info() {}, warn: message => warnings.push(message) } }),
    { withinMs: 15_000 },
  )
  expect(warnings[0]).toMatch(`PostgreSQL (pid ${other.postgresPid}) has outlived its server`)
  expect(isRunning(other.postgresPid)).toBe(false)
  expect(await client(url)`select 1 as one`).toEqual([{ one: 1 }])
})

test('kill -9 of PostgreSQL: it comes back on the same url and clients reconnect by themselves', async () => {
  const reasons: string[] = []
  const running = await start(await madeDataDir(), { onDown: reason => reasons.push(reason) })
  const sql = client(running.url, 3)
  await sql`create table kept as select 1 as one`
  const before = running.pid()
  for (let round = 1; round <= 2; round++) {
    const killed = running.pid()
    process.kill(killed, 'SIGKILL')
    await eventually(() => running.pid() !== killed, { withinMs: 10_000 })
    await eventually(async () => (await sql`select one from kept`).length === 1, { withinMs: 5_000 })
    expect(reasons).toHaveLength(round)
  }
  expect(running.pid()).not.toBe(before)
  await running.close()
  expect(isRunning(running.pid())).toBe(false)
})

test.runIf(process.platform === 'linux')(
  'after kill -9 of PostgreSQL nothing starts while one of its children is still at work',
  async () => {
    const running = await start(await madeDataDir())
    const killed = running.pid()
    const sql = client(running.url)
    const [child] = await sql`select pg_backend_pid() as pid`
    // Busy without ever waiting, so it does not notice that its postmaster has gone.
    const busy = sql`select count(*) from generate_series(1, 5000000) where random() < 2`.catch(() => {})
    await eventually(() => readFileSync(`/proc/${child?.pid}/cmdline`, 'utf8').includes('SELECT'))
    process.kill(killed, 'SIGKILL')
    let seenAtWork = 0
    let startedBeside = false
    await eventually(
      () => {
        const restarted = running.pid() !== killed
        if (!isRunning(child?.pid)) return true
        seenAtWork++
        startedBeside ||= restarted
        return false
      },
      { withinMs: 20_000 },
    )
    expect(seenAtWork).toBeGreaterThan(1)
    expect(startedBeside).toBe(false)
    await eventually(() => running.pid() !== killed, { withinMs: 15_000 })
    await busy
  },
)

test('kill -9 of the watching shell: PostgreSQL is stopped cleanly and started under a new one', async () => {
  const running = await start(await madeDataDir())
  const before = running.pid()
  process.kill(parentOf(before), 'SIGKILL')
  // Less than the patience that a start has with an orphan: its watcher must have stopped it at once.
  await eventually(() => running.pid() !== before, { withinMs: 4_500 })
  expect(isRunning(before)).toBe(false)
  expect(await client(running.url)`select 1 as one`).toEqual([{ one: 1 }])
})

test('closing while PostgreSQL is down ends, and frees the data directory', async () => {
  const dataDir = await madeDataDir()
  const running = await start(dataDir)
  process.kill(running.pid(), 'SIGKILL')
  await running.close()
  await start(dataDir)
})

test('a postmaster.pid that names a dead process, a foreign one, a zombie or nothing is no obstacle', async () => {
  const dataDir = await madeDataDir()
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid')
  const first = await start(dataDir)
  const written = readFileSync(pidFile, 'utf8').split('\n')
  await client(first.url)`create table kept as select 1 as one`
  await first.close()

  const dead = spawnSync('true').pid
  // As PostgreSQL sees it the foreign process must run as its own user.
  const foreign = spawn('sleep', ['60'], accountOf(join(dataDir, 'postgres/cluster')))
  onTestFinished(() => {
    foreign.kill('SIGKILL')
  })
  const zombie = await makeZombie()
  for (const pid of [dead, foreign.pid, zombie, undefined]) {
    writeFileSync(pidFile, pid === undefined ? '' : [pid, ...written.slice(1)].join('\n'))
    const running = await start(dataDir)
    expect(await client(running.url)`select one from kept`).toEqual([{ one: 1 }])
    await running.close()
  }
  expect(isRunning(foreign.pid!)).toBe(true)
})

/** A process that has ended, whose parent never asks how. */
async function makeZombie(): Promise<number> {
  const parent = spawn('sh', ['-c', 'true & exec sleep 60'])
  onTestFinished(() => {
    parent.kill('SIGKILL')
  })
  return eventually(() => children(parent.pid!).find(pid => !isRunning(pid)))
}

function watchersOf(postgresPid: number): number[] {
  const shell = parentOf(postgresPid)
  return [...children(shell).filter(pid => pid !== postgresPid), shell]
}

function parentOf(pid: number): number {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

function children(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid!)
}

function accountOf(path: string): { uid?: number; gid?: number } {
  const [uid, gid] = spawnSync('stat', ['-c', '%u %g', path], { encoding: 'utf8' }).stdout.split(' ').map(Number)
  return process.getuid?.() === 0 ? { uid: uid!, gid: gid! } : {}
}
