/** Why there is no link to the external broker: a sentence anyone may read, and what the system said, for the log. */
export type BrokerProblem = { text: string; detail: string | null }

const texts = {
  connecting: 'the external broker has not been reached yet',
  silent: 'the external broker does not answer as an MQTT broker',
  lost: 'the connection to the external broker was lost',
  closed: 'the server is stopping',
  subscription: 'the external broker refuses the subscription to v1/+/up/+: permit it to the account in MQTT_URL',
  qos: 'the external broker grants the subscription with QoS 0 only; QoS 1 is needed',
  deaf:
    'messages do not come back through the external broker: the account in MQTT_URL must be permitted to read ' +
    'v1/+/up/+ and to write v1/+/up/probe and v1/+/down/+',
} as const

/** CONNACK return codes, MQTT 3.1.1 §3.2.2.3; Mosquitto answers a wrong password with 5. */
const refusals: Record<number, string> = {
  1: 'the external broker does not speak MQTT 3.1.1',
  2: 'the external broker refuses our client id',
  3: 'the external broker says that it is unavailable',
  4: 'the external broker refuses user name or password: look at MQTT_URL and at its accounts',
  5: 'the external broker refuses user name or password: look at MQTT_URL and at its accounts',
}
const systemTexts: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at the external broker’s address',
  ENOTFOUND: 'the external broker’s host name is not known',
  EAI_AGAIN: 'the external broker’s host name cannot be looked up',
  ECONNRESET: texts.lost,
  EPIPE: texts.lost,
  ETIMEDOUT: 'the external broker does not answer',
  EHOSTUNREACH: 'there is no way to the external broker’s host',
  ENETUNREACH: 'there is no way to the external broker’s host',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the external broker’s certificate is for another name than the host in MQTT_URL',
  CERT_HAS_EXPIRED: 'the external broker’s certificate has expired',
}
const untrusted = /CERT|SIGNATURE|ISSUER/

export function brokerProblem(kind: keyof typeof texts | 'error', error?: Error & { code?: unknown }): BrokerProblem {
  if (kind !== 'error') return { text: texts[kind], detail: null }
  const { code, message } = error ?? { message: '' }
  return { text: textOf(code) ?? 'the external broker cannot be reached', detail: message }
}

function textOf(code: unknown): string | undefined {
  if (typeof code === 'number') return refusals[code]
  if (typeof code !== 'string') return undefined
  if (Object.hasOwn(systemTexts, code)) return systemTexts[code]
  if (untrusted.test(code)) return 'the external broker’s certificate is not trusted: name its authority in MQTT_CA'
  return undefined
}
