import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { admin } from './api.ts'

export type ServerProcess = {
  url: string
  mqttPort: number
  child: ChildProcess
  /** what it wrote to stderr so far, line by line */
  log(): string[]
  kill(): Promise<void>
  stop(): Promise<number>
}

export const processMasterKey = '8f1d0c5be27a4936b0d1f8e3c7a25946130be9d4f8527c6aa1e0b3d9574f6c28'

/** The real server in a process of its own, so that it can really be killed. */
export async function startProcess(env: {
  databaseUrl?: string
  dataDir: string
  mqttPort?: number
  mqttUrl?: string
  logLevel?: string
  nodeFlags?: string[]
  /** other variables of the configuration */
  more?: Record<string, string>
}): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...(env.nodeFlags ?? []), 'server/main.ts'], {
    env: {
      PATH: process.env.PATH,
      // without one it starts its own
      ...(env.databaseUrl ? { DATABASE_URL: env.databaseUrl } : {}),
      DATA_DIR: env.dataDir,
      MASTER_KEY: processMasterKey,
      HTTP_PORT: '0',
      MQTT_PORT: String(env.mqttPort ?? 0),
      ...(env.mqttUrl ? { MQTT_URL: env.mqttUrl } : {}),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      LOG_LEVEL: env.logLevel ?? 'error',
      ...env.more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let problems = ''
  child.stderr!.on('data', data => {
    problems += data
  })
  const addresses = await new Promise<{ url: string; mqtt: string }>((resolve, reject) => {
    child.stdout!.on('data', data => {
      out += data
      const url = /http:\/\/\S+/.exec(out)?.[0]
      const mqtt = /mqtt:\/\/\S+/.exec(out)?.[0]
      if (url && mqtt && out.includes('\n', out.indexOf(mqtt))) resolve({ url, mqtt })
    })
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${out}${problems}`)))
  })
  const gone = once(child, 'exit')
  return {
    url: addresses.url,
    mqttPort: Number(new URL(addresses.mqtt).port),
    child,
    log: () => problems.split('\n').filter(Boolean),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await gone
      return code as number
    },
  }
}
