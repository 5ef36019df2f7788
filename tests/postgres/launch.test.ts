import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { client, madeDataDir, newDataDir, start, startElsewhere } from './support.ts'

const isRoot = process.getuid?.() === 0

test('a cold start makes the cluster, a warm start keeps what was written', async () => {
  const dataDir = newDataDir()
  const first = await start(dataDir)
  await client(first.url)`create table kept as select 'parcel' as what`
  await first.close()

  const second = await start(dataDir)
  expect(second.url).toBe(first.url)
  expect(await client(second.url)`select what from kept`).toEqual([{ what: 'parcel' }])
})

test('the cluster is durable, checked and closed to others', async () => {
  const dataDir = await madeDataDir()
  const { url, socketDir } = await start(dataDir)
  const sql = client(url)
  const [row] = await sql`select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
    current_setting('password_encryption') as passwords, current_setting('listen_addresses') as addresses,
    current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commits`
  expect(row).toEqual({
    fsync: 'on',
    checksums: 'on',
    passwords: 'scram-sha-256',
    addresses: '',
    pages: 'on',
    commits: 'on',
  })
  const password = statSync(join(dataDir, 'postgres/cluster/doors-password'))
  expect(password.mode & 0o777).toBe(0o600)
  expect(statSync(socketDir).mode & 0o777).toBe(0o700)
  await expect(client(url.replace(/:[^:@]+@/, ':wrong@'))`select 1`).rejects.toMatchObject({ code: '28P01' })
})

test('a second server on the same data directory is refused, from this process and from another', async () => {
  const dataDir = await madeDataDir()
  const first = await start(dataDir)
  const refusal = `DATA_DIR ${dataDir} is in use by another server (process ${process.pid}): stop it, or set DATA_DIR to another directory`
  await expect(start(dataDir)).rejects.toThrow(refusal)
  expect((await startElsewhere(dataDir)).problem).toBe(refusal)
  expect(await client(first.url)`select 1 as one`).toEqual([{ one: 1 }])

  await first.close()
  await start(dataDir)
})

test('two servers starting together on an empty directory: one wins, the other is refused', async () => {
  const dataDir = newDataDir()
  const both = await Promise.allSettled([start(dataDir), start(dataDir)])
  expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a cluster of another PostgreSQL version is refused in plain words and left as it is', async () => {
  const dataDir = await madeDataDir()
  const first = await start(dataDir)
  await first.close()
  const versionFile = join(dataDir, 'postgres/cluster/PG_VERSION')
  writeFileSync(versionFile, '12\n')
  await expect(start(dataDir)).rejects.toThrow(/was made by PostgreSQL 12, but this is PostgreSQL 18\.4/)
  writeFileSync(versionFile, '18\n')
  await start(dataDir)
})

test('a start that was cut short during initdb leaves nothing in the way', async () => {
  const dataDir = newDataDir()
  mkdirSync(join(dataDir, 'postgres/cluster.draft-0000/base'), { recursive: true })
  await start(dataDir)
  expect(existsSync(join(dataDir, 'postgres/cluster.draft-0000'))).toBe(false)
})

test('a path too long for a socket gets a socket directory elsewhere', async () => {
  const dataDir = join(newDataDir(), 'long'.repeat(25))
  const running = await start(dataDir)
  expect(running.socketDir.startsWith('/tmp/doors-')).toBe(true)
  expect(await client(running.url)`select 1 as one`).toEqual([{ one: 1 }])
  await running.close()
  expect(existsSync(running.socketDir)).toBe(false)
})

test.runIf(isRoot)('under /root the files are in /var/lib, and a moved data directory finds them', async () => {
  const dataDir = newDataDir('/root')
  const first = await start(dataDir)
  const home = readFileSync(join(dataDir, 'postgres-is-at'), 'utf8').trim()
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  expect(home).toMatch(/^\/var\/lib\/conciergerie-doors\/[0-9a-f]{16}$/)
  const sql = client(first.url)
  await sql`create table kept as select 1 as one`
  expect(await sql`show data_directory`).toEqual([{ dataDirectory: join(home, 'cluster') }])
  await sql.end()
  await first.close()

  const moved = newDataDir('/root')
  writeFileSync(join(moved, 'postgres-is-at'), home)
  const second = await start(moved)
  expect(await client(second.url)`select one from kept`).toEqual([{ one: 1 }])
  await second.close()

  rmSync(home, { recursive: true })
  await expect(start(dataDir)).rejects.toThrow(/which is gone/)
})

test.runIf(isRoot)('a user without a name is told to set DATABASE_URL', async () => {
  const { problem } = await startElsewhere(newDataDir(), { uid: 54_321, gid: 54_321 })
  expect(problem).toMatch(/^user 54321 has no entry in \/etc\/passwd.*set DATABASE_URL/)
})
