import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { readTlsFiles } from '../broker/tls-files.ts'
import { type Config, type ReadConfig, readConfig, type TlsFiles } from './config.ts'
import { keyFits, wrongKey } from './keys.ts'
import { keptKey, keptKeyProblem } from './master-key.ts'
import { inUse, otherServerAt } from './postgres/home.ts'
import { databaseProblem, probeDatabase } from './postgres/probe.ts'

/**
 * Everything that stands against a start, found before anything is begun: bad variables, taken ports, the data
 * directory, the database. Nothing is kept open, so the start itself can still meet one of them: `plainProblem`.
 */
export async function readAndProbe(env: NodeJS.ProcessEnv): Promise<{ config: Config } | { problems: string[] }> {
  const read = readConfig(env)
  const found = await probe('config' in read ? read.config : read.rest)
  const problems = [...('problems' in read ? read.problems : []), ...found]
  return problems.length > 0 ? { problems } : (read as Extract<ReadConfig, { config: Config }>)
}

async function probe(given: Partial<Config>) {
  const { host, dataDir, databaseUrl, masterKey, tlsFiles } = given
  const wanted = [
    ['HTTP_PORT', given.httpPort] as const,
    ['MQTT_PORT', given.mqttPort] as const,
    ['MQTTS_PORT', given.mqttsPort] as const,
  ]
  const ports = host === undefined ? [] : wanted
  const found = await Promise.all([
    ...ports.map(([name, port]) => probePort(name, host!, port)),
    probeDataDir(dataDir!, databaseUrl === null),
    masterKey === null ? keptKeyProblem(dataDir!) : undefined,
    databaseUrl ? probeGivenDatabase(databaseUrl, masterKey === null ? keptKey(dataDir!) : masterKey) : undefined,
  ])
  return [...new Set(found.filter(problem => problem !== undefined)), ...(tlsFiles ? tlsProblems(tlsFiles) : [])]
}

/** What the start itself ran into, when the operator can put it right; undefined for everything else. */
export function plainProblem(error: unknown, { host, httpPort, mqttsPort, databaseUrl }: Config): string | undefined {
  for (let next = error as NodeJS.ErrnoException | undefined; next; next = next.cause as typeof next) {
    const { code, syscall, port } = next as NodeJS.ErrnoException & { port?: number }
    if (code === 'WRONG_MASTER_KEY' || code === 'DATA_DIR_IN_USE') return next.message
    if (syscall === 'listen' || syscall === 'getaddrinfo') {
      const mqtt = port === mqttsPort ? 'MQTTS_PORT' : 'MQTT_PORT'
      const name = port === undefined || port === httpPort ? 'HTTP_PORT' : mqtt
      return listenProblem(next, name, host, port ?? httpPort)
    }
  }
  return databaseUrl === null ? undefined : databaseProblem(error)
}

function tlsProblems(files: TlsFiles): string[] {
  const read = readTlsFiles(files, new Date())
  return 'problems' in read ? read.problems : []
}

function probePort(name: string, host: string, port: number | null | undefined): Promise<string | undefined> {
  if (port === undefined || port === null) return Promise.resolve(undefined)
  // A controller that happens to call in this very moment is sent away and calls again.
  const server = createServer(socket => socket.destroy())
  return new Promise(answer => {
    server.once('error', error => answer(listenProblem(error, name, host, port)))
    server.listen({ host, port }, () => server.close(() => answer(undefined)))
  })
}

function listenProblem({ code, message }: NodeJS.ErrnoException, name: string, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `${name} ${port} is already in use on ${host}: stop the program that has it, or set ${name} to another port`
  if (code === 'EACCES')
    return `${name} ${port} needs more rights than this user has: set ${name} to a port from 1024 on`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `HOST ${host} is no address of this machine: set HOST to one, or to 0.0.0.0 for all of them`
  return `${name} ${port} cannot be listened on at ${host}: ${message}`
}

/** `embedded`: the database is in it too, and only one server may have that. */
async function probeDataDir(dataDir: string, embedded: boolean): Promise<string | undefined> {
  const remedy = 'give its user the right to write there, or set DATA_DIR to another directory'
  try {
    const existing = nearestExisting(resolve(dataDir))
    if (!statSync(existing).isDirectory())
      return `DATA_DIR ${dataDir}: ${existing} is no directory: set DATA_DIR to one`
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch (error) {
    return `DATA_DIR ${dataDir} is not writable for this server (${(error as NodeJS.ErrnoException).code}): ${remedy}`
  }
  const other = embedded ? await otherServerAt(dataDir) : undefined
  return other && inUse(dataDir, other.pid)
}

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)))

/** `masterKey`: null when there is none yet, undefined when what was given is bad. */
async function probeGivenDatabase(url: string, masterKey: Buffer | null | undefined): Promise<string | undefined> {
  const probed = await probeDatabase(url)
  if ('problem' in probed) return probed.problem
  if (masterKey === undefined || !probed.key) return undefined
  return masterKey && keyFits(masterKey, probed.key) ? undefined : wrongKey
}
