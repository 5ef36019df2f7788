import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { folder, startServer } from './support.ts'

const goodKey = '8f1d0c5be27a4936b0d1f8e3c7a25946130be9d4f8527c6aa1e0b3d9574f6c28'

/** Every variable of the configuration that can be wrong by itself; DATA_DIR can only be so on a disk: problems.test.ts. */
const bad: Record<string, string[]> = {
  HOST: ['http://localhost', '127.0.0.1:8080', 'two words', '-x', '::gg'],
  HTTP_PORT: ['65536', '-1', '80.5', '0x50', '1e3', 'eighty', '８０'],
  MQTT_PORT: ['65536', '-1', '1883/tcp', 'mqtt'],
  MQTTS_PORT: ['65536', '-1', 'mqtts'],
  TLS_CERT: ['cert.pem'],
  TLS_KEY: ['key.pem'],
  TLS_CLIENT_CA: ['ca.pem'],
  MQTT_URL: [
    'broker',
    'http://u:hidden-word@host',
    'mqtt://:1883',
    'mqtt://u:hidden-word@host:port',
    'mqtt://u:hidden-word@host/path',
    'mqtt://u:hidden-word@host?a=1',
    'mqtt://u:hidden%word@host',
    'mqtt://:hidden-word@host',
  ],
  MQTT_CA: ['/nowhere/ca.pem', 'package.json'],
  DATABASE_URL: ['localhost', 'mysql://u:p@localhost/d', 'postgres://u:p@host:port/d', 'doors'],
  MASTER_KEY: [
    'short',
    goodKey.slice(1),
    `${goodKey}0`,
    'g'.repeat(64),
    '0'.repeat(64),
    '0123456789abcdef'.repeat(4),
    '01'.repeat(32),
  ],
  PUBLIC_URL: ['doors.example.org', 'ftp://doors.example.org', 'https://doors.example.org/doors', 'https://'],
  TRUST_PROXY: ['yes', '1', 'TRUE'],
  ADMIN_EMAIL: ['landlord', 'a b@example.org', `${'a'.repeat(250)}@x.fr`],
  ADMIN_PASSWORD: ['elevenchars', 'x'.repeat(201)],
  LOG_LEVEL: ['verbose', 'INFO', '30'],
  SMTP_URL: [
    'x',
    'mail.example.org',
    'http://u:hidden-word@mail.example.org',
    'smtp:///mail',
    'smtp://u:hidden-word@host:port',
    'smtp://u:hidden%word@host',
    'smtps://u:hidden-word@host:465/path',
  ],
  SMTP_FROM: [
    'conciergerie',
    'Conciergerie <colis@example.org>',
    'a@b.fr,c@d.fr',
    'a b@example.org',
    `a@${'b'.repeat(253)}`,
  ],
  SMS_WEBHOOK_URL: [
    'x',
    'sms.example.org/send',
    'http://sms.example.org/send',
    'http://127.0.0.1.example.org/send',
    'ftp://sms.example.org/send',
    'https://u:hidden-word@sms.example.org/send',
    'https://',
  ],
  SMS_WEBHOOK_SECRET: ['short', 'x'.repeat(31)],
}
const partner: Record<string, Record<string, string>> = {
  MQTTS_PORT: { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' },
  MQTT_CA: { MQTT_URL: 'mqtts://host' },
  ADMIN_EMAIL: { ADMIN_PASSWORD: 'twelve chars at least' },
  ADMIN_PASSWORD: { ADMIN_EMAIL: 'land@example.org' },
  SMTP_URL: { SMTP_FROM: 'colis@example.org' },
  SMTP_FROM: { SMTP_URL: 'smtp://host' },
  SMS_WEBHOOK_URL: { SMS_WEBHOOK_SECRET: goodKey },
  SMS_WEBHOOK_SECRET: { SMS_WEBHOOK_URL: 'https://sms.example.org/send' },
}
const secret = ['MASTER_KEY', 'ADMIN_PASSWORD', 'DATABASE_URL', 'MQTT_URL', 'SMTP_URL', 'SMS_WEBHOOK_SECRET']
const problemsOf = (env: Record<string, string>) => {
  const read = readConfig(env)
  return 'problems' in read ? read.problems : []
}

describe.each(Object.entries(bad))('%s', (name, values) => {
  test.each(values)('%s is refused by name, alone, and no secret is repeated', value => {
    const problems = problemsOf({ ...partner[name], [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} (must be|is not supported)`))
    if (secret.includes(name)) expect(problems[0]).not.toContain(value)
    expect(problems[0]).not.toContain('hidden-word')
  })
})

test('what belongs together is said together', () => {
  expect(problemsOf({ ADMIN_EMAIL: 'land@example.org' })[0]).toMatch(/^ADMIN_PASSWORD is missing/)
  expect(problemsOf({ ADMIN_PASSWORD: 'twelve chars at least' })[0]).toMatch(/^ADMIN_EMAIL is missing/)
  expect(problemsOf({ HTTP_PORT: '1883' })[0]).toMatch(/^HTTP_PORT and MQTT_PORT must differ/)
  expect(problemsOf({ HTTP_PORT: '0', MQTT_PORT: '0' })).toEqual([])
  const tls = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' }
  expect(problemsOf({ ...tls, MQTTS_PORT: '8080' })[0]).toMatch(/^HTTP_PORT and MQTTS_PORT must differ/)
  expect(problemsOf({ ...tls, MQTT_PORT: '8883', MQTTS_PORT: '8883' })).toHaveLength(1)
  expect(problemsOf({ MQTTS_PORT: '8883' })).toEqual([
    expect.stringMatching(/^TLS_CERT is missing/),
    expect.stringMatching(/^TLS_KEY is missing/),
  ])
})

test('mail and webhook: what is missing beside what is given, and good ones as they are read', () => {
  const url = 'https://sms.example.org/send?account=7'
  expect(problemsOf({ SMTP_URL: 'smtp://host' })).toEqual([expect.stringMatching(/^SMTP_FROM is missing/)])
  expect(problemsOf({ SMTP_FROM: 'colis@example.org' })).toEqual([expect.stringMatching(/^SMTP_FROM is for SMTP_URL/)])
  expect(problemsOf({ SMS_WEBHOOK_URL: url })).toEqual([expect.stringMatching(/^SMS_WEBHOOK_SECRET is missing/)])
  expect(problemsOf({ SMS_WEBHOOK_SECRET: goodKey })).toEqual([expect.stringMatching(/^SMS_WEBHOOK_SECRET is for/)])
  expect(readConfig({})).toMatchObject({ config: { smtp: null, smsWebhook: null } })
  const smtp = 'smtps://colis%40example.org:a%3Ab@mail.example.org:465'
  expect(readConfig({ SMTP_URL: smtp, SMS_WEBHOOK_URL: url, SMS_WEBHOOK_SECRET: goodKey })).toMatchObject({
    config: { smtp: { url: smtp, from: 'colis@example.org' }, smsWebhook: { url, secret: goodKey } },
  })
  for (const local of ['http://localhost:9000/sms', 'http://127.0.0.1/sms', 'http://[::1]:9000/sms'])
    expect(problemsOf({ SMS_WEBHOOK_URL: local, SMS_WEBHOOK_SECRET: goodKey })).toEqual([])
})

test('with MQTT over TLS there is no plain port beside it, unless it is asked for [LINK-7]', () => {
  const tls = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem', MQTTS_PORT: '8883' }
  const tlsFiles = { cert: 'cert.pem', key: 'key.pem', clientCa: null }
  expect(readConfig(tls)).toMatchObject({ config: { mqttPort: null, mqttsPort: 8883, tlsFiles } })
  expect(readConfig({ ...tls, MQTT_PORT: '1883' })).toMatchObject({ config: { mqttPort: 1883, mqttsPort: 8883 } })
  expect(readConfig({})).toMatchObject({ config: { mqttPort: 1883, mqttsPort: null, tlsFiles: null } })
})

test('an external broker: taken apart, shown without credentials, no port of ours is opened, MQTT_CA is for TLS', () => {
  const read = readConfig({ MQTT_URL: 'mqtts://_server:a%25b%40c@[::1]:1999' })
  expect(read).toMatchObject({
    config: {
      externalBroker: {
        ...{ url: 'mqtts://[::1]:1999', host: '::1', port: 1999, tls: true },
        ...{ username: '_server', password: 'a%b@c' },
      },
      ...{ mqttCa: null, mqttPort: null, mqttsPort: null },
    },
  })
  expect(readConfig({ MQTT_URL: 'mqtt://host' })).toMatchObject({ config: { externalBroker: { port: 1883 } } })
  expect(problemsOf({ MQTT_URL: 'mqtt://host', HTTP_PORT: '1883', MQTT_PORT: '1883' })).toEqual([])
  const file = join(folder(), 'ca.pem')
  writeFileSync(file, '-----BEGIN CERTIFICATE-----')
  expect(problemsOf({ MQTT_URL: 'mqtt://host', MQTT_CA: file })[0]).toMatch(/^MQTT_CA is for an MQTT_URL/)
  expect(problemsOf({ MQTT_CA: file })[0]).toMatch(/^MQTT_CA is for an MQTT_URL/)
  expect(problemsOf({ MQTT_URL: 'mqtts://host', MQTT_CA: file })).toEqual([])
})

test('nothing given is a working server, an empty variable is one not given, good values are read', () => {
  const nothing = readConfig({})
  expect(nothing).toMatchObject({
    config: {
      host: '127.0.0.1',
      httpPort: 8080,
      mqttPort: 1883,
      dataDir: './data',
      masterKey: null,
      databaseUrl: null,
    },
  })
  expect(readConfig({ HTTP_PORT: '', LOG_LEVEL: ' ', MASTER_KEY: '' })).toEqual(nothing)
  const given = {
    HOST: '::1',
    MASTER_KEY: goodKey,
    PUBLIC_URL: 'https://doors.example.org/',
    TRUST_PROXY: 'true',
    HTTP_PORT: '0',
  }
  expect(readConfig(given)).toMatchObject({
    config: {
      ...{ host: '::1', masterKey: Buffer.from(goodKey, 'hex'), httpPort: 0 },
      ...{ publicUrl: 'https://doors.example.org', trustProxy: true },
    },
  })
})

test('all of them at once: one line each, exit code 2, no stack trace', async () => {
  const env = Object.fromEntries(Object.entries(bad).map(([name, values]) => [name, values[0]!]))
  const { code, text, problems } = await startServer(env).ended
  expect(code, text).toBe(2)
  expect(problems.map(problem => problem.split(' ')[0]).sort()).toEqual(Object.keys(bad).sort())
  expect(text.trim().split('\n')).toHaveLength(problems.length + 1)
})
