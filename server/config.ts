import { isIP } from 'node:net'
import { type BrokerAddress, readAuthority, readBrokerAddress } from './broker-address.ts'
import { readWays, type SmtpWay, type WebhookWay } from './delivery/ways.ts'
import { isStrong, keyForm } from './master-key.ts'

export type Config = {
  host: string
  httpPort: number
  /** of plain TCP; null: none */
  mqttPort: number | null
  /** both or neither */
  mqttsPort?: number | null
  tlsFiles?: TlsFiles | null
  /** a broker of somebody else's; then none of our ports is opened */
  externalBroker?: BrokerAddress | null
  /** PEM, for an external broker over TLS; null: the authorities that Node knows */
  mqttCa?: Buffer | null
  dataDir: string
  databaseUrl: string | null
  /** 32 bytes; null: the one kept in dataDir, made there when there is none */
  masterKey: Buffer | null
  publicUrl: string | null
  trustProxy: boolean
  adminEmail: string | null
  adminPassword: string | null
  smtp?: SmtpWay | null
  smsWebhook?: WebhookWay | null
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Paths of PEM files; `clientCa` null = no client certificates. */
export type TlsFiles = { cert: string; key: string; clientCa: string | null }

type Env = Record<string, string | undefined>
/** `rest` is what could be read all the same, so that ports, directory and database can be looked at in the same start. */
export type ReadConfig = { config: Config } | { problems: string[]; rest: Partial<Config> }

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** Reads every variable and reports every problem at once, each naming its variable; no secret is repeated. */
export function readConfig(env: Env): ReadConfig {
  const problems: string[] = []
  const text = (name: string) => env[name]?.trim() || null
  function read<T, F>(name: string, fallback: F, parse: (given: string) => T | undefined, must: string) {
    const given = text(name)
    if (given === null) return fallback
    const value = parse(given)
    if (value === undefined) problems.push(`${name} must be ${must}`)
    return value
  }
  const shown = (name: string) => `, not "${text(name)}"`
  const port = (name: string, fallback: number) =>
    read(name, fallback, asPort, `a port number from 0 (any free one) to 65535${shown(name)}`)

  const found = {
    host: read('HOST', '127.0.0.1', asHost, `an address or host name of this machine, without port${shown('HOST')}`),
    httpPort: port('HTTP_PORT', 8080),
    externalBroker: read(
      'MQTT_URL',
      null,
      readBrokerAddress,
      'like mqtt://user:password@host:port or mqtts://…, without a path; a % or @ in a password is written %25 or %40',
    ),
    mqttCa: read('MQTT_CA', null, readAuthority, `a file with a certificate in PEM${shown('MQTT_CA')}`),
    // who gives both wants both, on a closed network; who gives only TLS gets no passwords in the clear beside it
    mqttPort: text('MQTTS_PORT') && !text('MQTT_PORT') ? null : port('MQTT_PORT', 1883),
    mqttsPort: text('MQTTS_PORT') ? port('MQTTS_PORT', 8883) : null,
    tlsFiles: readTlsFiles(text, problems),
    dataDir: text('DATA_DIR') ?? './data',
    databaseUrl: read('DATABASE_URL', null, asDatabase, 'like postgres://user:password@host:5432/name'),
    masterKey: read('MASTER_KEY', null, given => (isStrong(given) ? Buffer.from(given, 'hex') : undefined), keyForm),
    publicUrl: read(
      'PUBLIC_URL',
      null,
      asOrigin,
      `like https://doors.example.org, without a path${shown('PUBLIC_URL')}`,
    ),
    trustProxy: read('TRUST_PROXY', false, asBoolean, `true or false${shown('TRUST_PROXY')}`),
    adminEmail: read('ADMIN_EMAIL', null, asEmail, `an e-mail address${shown('ADMIN_EMAIL')}`),
    adminPassword: read('ADMIN_PASSWORD', null, asPassword, '12 to 200 characters long'),
    ...readWays(text, problems),
    logLevel: read(
      'LOG_LEVEL',
      'info' as const,
      given => levels.find(level => level === given),
      `one of ${levels.join(', ')}${shown('LOG_LEVEL')}`,
    ),
  }
  const missing = text('ADMIN_EMAIL') === null ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD'
  if ((text('ADMIN_EMAIL') === null) !== (text('ADMIN_PASSWORD') === null))
    problems.push(`${missing} is missing: ADMIN_EMAIL and ADMIN_PASSWORD are needed together`)
  if (found.mqttCa && !found.externalBroker?.tls) problems.push('MQTT_CA is for an MQTT_URL that begins with mqtts://')
  // the broker of MQTT_URL has the controllers
  if (text('MQTT_URL') !== null) Object.assign(found, { mqttPort: null, mqttsPort: null })
  keepPortsApart(found, problems)
  const good = Object.entries(found).filter(([, value]) => value !== undefined)
  const rest = Object.fromEntries(good) as Partial<Config>
  return problems.length > 0 ? { problems, rest } : { config: rest as Config }
}

type Text = (name: string) => string | null

/** Paths only: what is in the files is looked at by the probe, and again when they change. */
function readTlsFiles(text: Text, problems: string[]): TlsFiles | null {
  const [cert, key, clientCa] = [text('TLS_CERT'), text('TLS_KEY'), text('TLS_CLIENT_CA')]
  if (text('MQTTS_PORT') === null) {
    const given = Object.entries({ TLS_CERT: cert, TLS_KEY: key, TLS_CLIENT_CA: clientCa })
    for (const [name, path] of given) if (path) problems.push(`${name} must be left out, or MQTTS_PORT be given too`)
    return null
  }
  if (!cert) problems.push('TLS_CERT is missing: MQTTS_PORT needs a certificate, a file in PEM')
  if (!key) problems.push('TLS_KEY is missing: MQTTS_PORT needs the key of its certificate, a file in PEM')
  return cert && key ? { cert, key, clientCa } : null
}

type Ports = { [name in 'httpPort' | 'mqttPort' | 'mqttsPort']?: number | null | undefined }

/** Of two that are the same the second is taken out, so that the probe does not find it taken by the first. */
function keepPortsApart(found: Ports, problems: string[]): void {
  const names = { httpPort: 'HTTP_PORT', mqttPort: 'MQTT_PORT', mqttsPort: 'MQTTS_PORT' } as const
  const seen = new Map<number, string>()
  for (const member of Object.keys(names) as (keyof typeof names)[]) {
    const port = found[member]
    if (!port) continue
    const other = seen.get(port)
    seen.set(port, names[member])
    if (!other) continue
    problems.push(`${other} and ${names[member]} must differ, both are ${port}`)
    found[member] = undefined
  }
}

const asPort = (given: string) => (/^\d{1,5}$/.test(given) && Number(given) <= 65_535 ? Number(given) : undefined)
const asHost = (given: string) => (isIP(given) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(given) ? given : undefined)
const asEmail = (given: string) => (/^[^@\s]+@[^@\s]+$/.test(given) && given.length <= 254 ? given : undefined)
const asPassword = (given: string) => (given.length >= 12 && given.length <= 200 ? given : undefined)
const asBoolean = (given: string) => ({ true: true, false: false })[given]
const asDatabase = (given: string) =>
  URL.canParse(given) && ['postgres:', 'postgresql:'].includes(new URL(given).protocol) ? given : undefined

function asOrigin(given: string): string | undefined {
  if (!URL.canParse(given)) return undefined
  const { protocol, origin, href } = new URL(given)
  return ['http:', 'https:'].includes(protocol) && href === `${origin}/` ? origin : undefined
}
