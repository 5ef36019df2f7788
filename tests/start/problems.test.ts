import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openKeys } from '../../server/keys.ts'
import { connect, type Sql } from '../../server/postgres/connect.ts'
import { probeDatabase } from '../../server/postgres/probe.ts'
import { plainProblem } from '../../server/probe.ts'
import { startServer as startHere } from '../../server/server.ts'
import { makeCertificate, makeTls } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { databaseUrl, freshDatabase } from '../support/postgres.ts'
import { folder, startServer, takenPort } from './support.ts'

const anyPorts = { HTTP_PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'error' }
const oneKey = '8f1d0c5be27a4936b0d1f8e3c7a25946130be9d4f8527c6aa1e0b3d9574f6c28'
const otherKey = oneKey.split('').reverse().join('')
const isRoot = process.getuid?.() === 0

test('two taken ports, a directory in use and a bad level in one start are four lines', async () => {
  const dataDir = folder()
  const first = startServer({ ...anyPorts, DATA_DIR: dataDir })
  await eventually(() => first.heard.text.includes('mqtt://'), { withinMs: 60_000 })

  const env = { DATA_DIR: dataDir, HTTP_PORT: await takenPort(), MQTT_PORT: await takenPort(), LOG_LEVEL: 'loud' }
  const { code, text, problems } = await startServer(env).ended
  expect(code, text).toBe(2)
  expect(problems).toEqual([
    expect.stringMatching(/^LOG_LEVEL must be one of debug, .*, not "loud"/),
    `HTTP_PORT ${env.HTTP_PORT} is already in use on 127.0.0.1: stop the program that has it, or set HTTP_PORT to another port`,
    `MQTT_PORT ${env.MQTT_PORT} is already in use on 127.0.0.1: stop the program that has it, or set MQTT_PORT to another port`,
    `DATA_DIR ${dataDir} is in use by another server (process ${first.child.pid}): stop it, or set DATA_DIR to another directory`,
  ])
  expect(text).not.toMatch(/^ +at /m)
  expect(first.child.exitCode).toBe(null)
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
})

test('a start that is refused leaves nothing behind', async () => {
  const dataDir = join(folder(), 'data')
  expect((await startServer({ ...anyPorts, DATA_DIR: dataDir, LOG_LEVEL: 'loud' }).ended).code).toBe(2)
  expect(existsSync(dataDir)).toBe(false)
})

test('a data directory that is a file, or closed to this user', async () => {
  const parent = folder()
  writeFileSync(join(parent, 'file'), '')
  const inFile = await startServer({ ...anyPorts, DATA_DIR: join(parent, 'file', 'data') }).ended
  expect(inFile, inFile.text).toMatchObject({
    code: 2,
    problems: [expect.stringMatching(/^DATA_DIR .* is no directory: set DATA_DIR/)],
  })
  const closed = join(parent, 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0o555)
  const notOurs = await startServer({ ...anyPorts, DATA_DIR: closed }, isRoot ? { uid: 65_534 } : {}).ended
  expect(notOurs, notOurs.text).toMatchObject({
    ...{
      code: 2,
      problems: [expect.stringMatching(/^DATA_DIR .* is not writable for this server \(EACCES\): give its user/)],
    },
  })
})

test('an address that is not of this machine is said once', async () => {
  const away = await startServer({ HTTP_PORT: '0', MQTT_PORT: '0', HOST: '192.0.2.7', DATA_DIR: folder() }).ended
  expect(away, away.text).toMatchObject({
    ...{ code: 2, problems: [expect.stringMatching(/^HOST 192\.0\.2\.7 is no address of this machine: set HOST/)] },
  })
})

test('TLS files that cannot serve and a taken MQTTS_PORT stand in the same list; right ones start', async () => {
  const tls = makeTls()
  onTestFinished(() => rmSync(tls.folder, { recursive: true }))
  const other = tls.write('other.pem', makeCertificate({ name: 'doors' }).key)
  const env = { HTTP_PORT: '0', LOG_LEVEL: 'error', DATA_DIR: folder(), DATABASE_URL: await fresh() }
  const paths = { TLS_CERT: tls.files.cert, TLS_KEY: other, TLS_CLIENT_CA: join(tls.folder, 'none.pem') }
  const port = await takenPort()
  const bad = await startServer({ ...env, ...paths, MQTTS_PORT: port }).ended
  expect(bad, bad.text).toMatchObject({
    code: 2,
    problems: [
      `MQTTS_PORT ${port} is already in use on 127.0.0.1: stop the program that has it, or set MQTTS_PORT to another port`,
      `TLS_CLIENT_CA ${paths.TLS_CLIENT_CA}: there is no such file`,
      `TLS_KEY ${other}: does not belong to the certificate`,
    ],
  })
  const right = { TLS_CERT: tls.files.cert, TLS_KEY: tls.files.key, TLS_CLIENT_CA: tls.files.clientCa }
  const good = startServer({ ...env, ...right, MQTTS_PORT: '0' })
  await eventually(() => /Controllers +mqtts:\/\/127\.0\.0\.1:\d+\n/.test(good.heard.text), { withinMs: 60_000 })
  expect(good.heard.text).not.toContain('mqtt://')
  good.child.kill('SIGTERM')
  expect((await good.ended).code).toBe(0)
})

test('DATABASE_URL: unreachable, wrong password, no such database', async () => {
  const wrong = new URL(inject('clusterUrl'))
  wrong.password = 'not-the-password'
  const cases: [string, RegExp][] = [
    [
      'postgres://doors:secret-word@127.0.0.1:1/doors',
      /^DATABASE_URL: the database is unreachable at 127\.0\.0\.1:1 .*check host and port/,
    ],
    [wrong.href, /^DATABASE_URL: the database refused the password: check the user and password/],
    [databaseUrl(inject('clusterUrl'), 'nowhere'), /^DATABASE_URL: the database does not exist \(nowhere\): create it/],
  ]
  await Promise.all(
    cases.map(async ([url, sentence]) => {
      const { code, text, problems } = await startServer({ ...anyPorts, DATA_DIR: folder(), DATABASE_URL: url }).ended
      expect(code, text).toBe(2)
      expect(problems).toEqual([expect.stringMatching(sentence)])
      expect(text).not.toMatch(/secret-word|not-the-password/)
    }),
  )
})

test('DATABASE_URL: too old, a standby, another encoding, a user without rights', async () => {
  // The database's own functions answer in the place of PostgreSQL's, as an old server or a standby would.
  const old = await database(sql => [
    sql`create function fake.current_setting(name text) returns text language sql as
      $$ select case name when 'server_version_num' then '140011' when 'server_version' then '14.11' else 'UTF8' end $$`,
  ])
  const standby = await database(sql => [
    sql`create function fake.pg_is_in_recovery() returns boolean language sql as $$ select true $$`,
  ])
  const cases: [string, RegExp][] = [
    [old, /^DATABASE_URL: PostgreSQL 14\.11 is too old: 15 or later is needed/],
    [standby, /^DATABASE_URL: this PostgreSQL is a read-only standby: name the primary/],
    [
      await database(() => [], { encoding: 'LATIN1' }),
      /^DATABASE_URL: the database's encoding is LATIN1: create one with/,
    ],
    [
      await asStranger(await database(() => [])),
      /^DATABASE_URL: its user may not create anything in this database: make it the/,
    ],
  ]
  for (const [url, sentence] of cases)
    expect(await probeDatabase(url)).toEqual({ problem: expect.stringMatching(sentence) })
  const { code, text, problems } = await startServer({ ...anyPorts, DATA_DIR: folder(), DATABASE_URL: old }).ended
  expect(code, text).toBe(2)
  expect(problems).toEqual([expect.stringMatching(cases[0]![1])])
})

test('MASTER_KEY that is not the one the data was made with, given, kept and lost', async () => {
  const database = await freshDatabase()
  onTestFinished(database.drop)
  await openKeys(database.sql, Buffer.from(oneKey, 'hex'))
  const env = { ...anyPorts, DATABASE_URL: database.url }
  const given = await startServer({ ...env, DATA_DIR: folder(), MASTER_KEY: otherKey, LOG_LEVEL: 'loud' }).ended
  expect(given.code, given.text).toBe(2)
  expect(given.problems.map(problem => problem.split(' ')[0])).toEqual(['LOG_LEVEL', 'MASTER_KEY'])
  const empty = folder()
  const lost = await startServer({ ...env, DATA_DIR: empty }).ended
  expect(lost, lost.text).toMatchObject({
    code: 2,
    problems: [expect.stringMatching(/^MASTER_KEY does not fit the data/)],
  })
  expect(readdirSync(empty)).toEqual([])
})

test('a wrong key of the embedded database, found only when it runs; a broken key file', async () => {
  const dataDir = folder()
  const first = startServer({ ...anyPorts, DATA_DIR: dataDir })
  await eventually(() => first.heard.text.includes('mqtt://'), { withinMs: 60_000 })
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
  const file = join(dataDir, 'master-key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)

  const wrong = await startServer({ ...anyPorts, DATA_DIR: dataDir, MASTER_KEY: otherKey }).ended
  expect(wrong, wrong.text).toMatchObject({
    code: 2,
    problems: [expect.stringMatching(/^MASTER_KEY does not fit the data/)],
  })
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false)

  writeFileSync(file, 'half a ke')
  const broken = await startServer({ ...anyPorts, DATA_DIR: dataDir }).ended
  expect(broken, broken.text).toMatchObject({
    code: 2,
    problems: [expect.stringMatching(/^MASTER_KEY: .*master-key does not hold 32 random bytes/)],
  })
})

test.each([
  ['httpPort', 'HTTP_PORT'],
  ['mqttPort', 'MQTT_PORT'],
  ['mqttsPort', 'MQTTS_PORT'],
])('a %s taken after the probe is said just as plainly', async (name, variable) => {
  const tls = makeTls()
  onTestFinished(() => rmSync(tls.folder, { recursive: true }))
  const database = await freshDatabase()
  onTestFinished(database.drop)
  const port = Number(await takenPort())
  const config = {
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: folder(), databaseUrl: database.url, masterKey: null },
    ...{ publicUrl: null, trustProxy: false, adminEmail: null, adminPassword: null, logLevel: 'silent' as const },
    ...(name === 'mqttsPort' ? { tlsFiles: tls.files } : {}),
    [name]: port,
  }
  const error = await startHere(config).then(
    server => server.close(),
    (thrown: Error) => thrown,
  )
  expect(plainProblem(error, config)).toMatch(new RegExp(`^${variable} ${port} is already in use on 127.0.0.1: stop`))
  expect(plainProblem(new Error('something else'), config)).toBe(undefined)
})

async function fresh(): Promise<string> {
  const { url, drop } = await freshDatabase()
  onTestFinished(drop)
  return url
}

async function database(fill: (sql: Sql) => PromiseLike<unknown>[], { encoding = 'UTF8' } = {}): Promise<string> {
  const name = `start_${randomBytes(6).toString('hex')}`
  const admin = connect(inject('clusterUrl'), { max: 1 })
  await admin.unsafe(
    `create database ${name} template template0 encoding '${encoding}' locale_provider libc locale 'C'`,
  )
  onTestFinished(async () => {
    await admin`drop database ${admin(name)} with (force)`
    await admin.end()
  })
  await admin.unsafe(`alter database ${name} set search_path = fake, pg_catalog, public`)
  const sql = connect(databaseUrl(inject('clusterUrl'), name), { max: 1 })
  await sql`create schema fake`
  for (const one of fill(sql)) await one
  await sql.end()
  return databaseUrl(inject('clusterUrl'), name)
}

async function asStranger(url: string): Promise<string> {
  const role = `stranger_${randomBytes(4).toString('hex')}`
  const admin = connect(inject('clusterUrl'), { max: 1 })
  await admin.unsafe(`create role ${role} login password 'p'`)
  onTestFinished(async () => {
    await admin.unsafe(`drop role ${role}`)
    await admin.end()
  })
  return Object.assign(new URL(url), { username: role, password: 'p' }).href
}
