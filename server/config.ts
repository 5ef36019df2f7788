import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Config = {
  host: string
  httpPort: number
  mqttPort: number
  dataDir: string
  databaseUrl: string | null
  /** 32 bytes */
  masterKey: Buffer
  publicUrl: string | null
  trustProxy: boolean
  adminEmail: string | null
  adminPassword: string | null
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

type Env = Record<string, string | undefined>
const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** Reads every variable and reports every problem at once; `makeKey` is asked for the key when MASTER_KEY is not given. */
export function readConfig(
  env: Env,
  makeKey: (dataDir: string) => string,
): { config: Config } | { problems: string[] } {
  const problems: string[] = []
  const text = (name: string) => env[name]?.trim() || null
  const port = (name: string, fallback: number): number => {
    const given = text(name)
    if (given === null) return fallback
    if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given)
    problems.push(`${name} must be a port number from 0 (any free) to 65535, not "${given}"`)
    return fallback
  }
  const url = (name: string, protocols: string[]): string | null => {
    const given = text(name)
    if (given === null) return null
    if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given
    problems.push(`${name} must be an address that begins with ${protocols.map(p => `${p}//`).join(' or ')}`)
    return null
  }
  const dataDir = text('DATA_DIR') ?? './data'
  const logLevel = levels.find(level => level === (text('LOG_LEVEL') ?? 'info'))
  if (!logLevel) problems.push(`LOG_LEVEL must be one of ${levels.join(', ')}`)
  const trustProxy = text('TRUST_PROXY') ?? 'false'
  if (!['true', 'false'].includes(trustProxy)) problems.push('TRUST_PROXY must be true or false')
  const adminEmail = text('ADMIN_EMAIL')
  const adminPassword = text('ADMIN_PASSWORD')
  if ((adminEmail === null) !== (adminPassword === null))
    problems.push('ADMIN_EMAIL and ADMIN_PASSWORD are needed together')
  if (adminPassword !== null && adminPassword.length < 12)
    problems.push('ADMIN_PASSWORD must have at least 12 characters')
  const httpPort = port('HTTP_PORT', 8080)
  const mqttPort = port('MQTT_PORT', 1883)
  if (httpPort !== 0 && httpPort === mqttPort) problems.push('HTTP_PORT and MQTT_PORT must differ')
  const databaseUrl = url('DATABASE_URL', ['postgres:', 'postgresql:'])
  const publicUrl = url('PUBLIC_URL', ['http:', 'https:'])
  for (const name of ['MQTT_URL', 'MQTTS_PORT', 'TLS_CERT', 'TLS_KEY', 'TLS_CLIENT_CA', 'SMTP_URL', 'SMS_WEBHOOK_URL'])
    if (text(name) !== null) problems.push(`${name} is not supported by this version: remove it`)
  if (problems.length > 0) return { problems: [...problems, ...weakness(text('MASTER_KEY'))] }
  const key = text('MASTER_KEY') ?? makeKey(dataDir)
  const weak = weakness(key)
  if (weak.length > 0) return { problems: weak }
  return {
    config: {
      host: text('HOST') ?? '127.0.0.1',
      httpPort,
      mqttPort,
      dataDir,
      databaseUrl,
      masterKey: Buffer.from(key, 'hex'),
      publicUrl,
      trustProxy: trustProxy === 'true',
      adminEmail,
      adminPassword,
      logLevel: logLevel ?? 'info',
    },
  }
}

/** 64 hex digits that look random: at least 8 different ones, no short pattern over and over. */
function weakness(key: string | null): string[] {
  if (key === null) return []
  if (!/^[0-9a-f]{64}$/i.test(key))
    return ['MASTER_KEY must be 32 random bytes as 64 hex digits (openssl rand -hex 32)']
  const repeats = /^(.{1,16})\1+$/.test(key)
  return repeats || new Set(key.toLowerCase()).size < 8
    ? ['MASTER_KEY is too weak: make one with openssl rand -hex 32']
    : []
}

/** The key of a server that was given none: made once in its data directory, readable by its owner only. */
export function keyInDataDir(dataDir: string): string {
  const path = join(dataDir, 'master-key')
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(path, 0o600)
  return readFileSync(path, 'utf8').trim()
}
