import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../support/eventually.ts'
import { connectRaw } from '../support/raw-mqtt.ts'

/** A broker that is not ours, in a process of its own. */
export type OtherBroker = {
  port: number
  /** for the server: with its account */
  url: string
  /** what its operator does after an enrolment */
  addAccount(id: string, password: string): Promise<void>
  kill(): Promise<void>
  /** again on the same port */
  restart(): Promise<void>
  /** the server's account may hear and write, or nothing */
  permit(allowed: boolean): Promise<void>
  stop(): Promise<void>
}
export type Opener = () => Promise<OtherBroker>

const serverPassword = 'a password of 40 letters, with % and @ !'
export const serverUrl = (port: number, password = serverPassword) =>
  `mqtt://_server:${encodeURIComponent(password)}@127.0.0.1:${port}`

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

type Plain = { wanted?: number; tls?: { TLS_CERT: string; TLS_KEY: string } | object }

export async function openPlain({ wanted = 0, tls = {} }: Plain = {}): Promise<OtherBroker> {
  const script = fileURLToPath(new URL('plain-broker.ts', import.meta.url))
  async function start(port: number) {
    const env = { PATH: process.env.PATH, PORT: String(port), SERVER_PASSWORD: serverPassword, ...tls }
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const [told] = (await once(child, 'message')) as [{ port: number }]
    return { child, port: told.port }
  }
  let { child, port } = await start(wanted)
  return {
    port,
    url: serverUrl(port),
    async addAccount() {},
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      child = (await start(port)).child
    },
    stop: () => end(child, 'SIGTERM'),
    async permit(allowed) {
      child.send({ deaf: !allowed })
      await once(child, 'message')
    },
  }
}

const mosquittoPath = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync)

/** Mosquitto as README.md tells an operator to set it up; only paths and port are ours. */
async function openMosquitto(): Promise<OtherBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'doors-mosquitto-'))
  // started by root, it runs as a user of its own
  chmodSync(folder, 0o755)
  const port = await freePort()
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const block = (first: string) => {
    const found = readme.split('```').find(each => each.startsWith(`\n# ${first}\n`))
    if (!found) throw new Error(`README.md has no ${first}`)
    return found.replaceAll('/etc/mosquitto/doors', join(folder, 'doors'))
  }
  const config = block('/etc/mosquitto/conf.d/doors.conf').replace(/^listener .*$/m, `listener ${port} 127.0.0.1`)
  if (!config.includes(String(port))) throw new Error('README.md opens no listener')
  writeFileSync(join(folder, 'doors.conf'), config)
  const rules = block('/etc/mosquitto/doors.acl')
  writeFileSync(join(folder, 'doors.acl'), rules)
  writeFileSync(join(folder, 'doors.passwords'), '')
  const account = (name: string, password: string) =>
    execFileSync('mosquitto_passwd', ['-b', join(folder, 'doors.passwords'), name, password], { stdio: 'pipe' })
  account('_server', serverPassword)

  async function start() {
    const started = spawn(mosquittoPath!, ['-c', join(folder, 'doors.conf')], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', bytes => appendFileSync(join(folder, 'log'), bytes))
    await eventually(async () => {
      if (started.exitCode !== null) throw new Error(readFileSync(join(folder, 'log'), 'utf8'))
      ;(await connectRaw({ port, clientId: 'nobody' })).destroy()
      return true
    })
    return started
  }
  let child = await start()
  return {
    port,
    url: serverUrl(port),
    async addAccount(id, password) {
      account(id, password)
      child.kill('SIGHUP')
      await eventually(async () => {
        const link = await connectRaw({ port, clientId: `${id}-probe`, username: id, password })
        link.destroy()
        return link.connack?.returnCode === 0
      })
    },
    kill: () => end(child, 'SIGKILL'),
    async permit(allowed) {
      writeFileSync(join(folder, 'doors.acl'), allowed ? rules : rules.replaceAll(/^topic .*$/gm, ''))
      child.kill('SIGHUP')
    },
    async restart() {
      child = await start()
    },
    async stop() {
      await end(child, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(done => server.close(done))
  return port
}

/** Aedes always, Mosquitto where it is installed. */
export const brokers: [string, Opener][] = [
  ['plain Aedes', () => openPlain()],
  ...(mosquittoPath ? [['Mosquitto', openMosquitto] as [string, Opener]] : []),
]
