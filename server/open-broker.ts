import { startBroker } from '../broker/broker.ts'
import type { MqttServers } from '../schema/wire/asyncapi.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { type ExternalBroker, startExternalBroker } from './devices/external-broker.ts'
import type { Received } from './devices/inbox.ts'
import { makeControllerSignIn } from './domain/controller-sign-in.ts'
import { mqttServers, shownHost } from './mqtt-servers.ts'
import { enrolledControllers } from './store/rows.ts'

export type OpenBroker = {
  broker: Omit<ExternalBroker, 'problem'>
  /** plain TCP, or TLS when there is nothing else */
  mqttUrl: string
  mqttsUrl: string | null
  /** where devices connect, for the contract's page */
  servers: MqttServers
  problem(): string | null
}
type Receive = (message: Received) => Promise<void>

/** Ours, or with MQTT_URL the link to somebody else's. */
export async function openBroker(config: Config, ctx: Context, receive: Receive): Promise<OpenBroker> {
  return config.externalBroker ? openExternal(config, ctx, receive) : openOwn(config, ctx, receive)
}

function openExternal({ externalBroker, mqttCa = null }: Config, { log, sql }: Context, receive: Receive): OpenBroker {
  const address = externalBroker!
  const enrolled = () => enrolledControllers(sql)
  const broker = startExternalBroker({ address, ca: mqttCa, receive, enrolled, log })
  const { url, tls } = address
  return {
    broker,
    mqttUrl: url,
    mqttsUrl: tls ? url : null,
    servers: { [tls ? 'mqtts' : 'mqtt']: `${address.host}:${address.port}` },
    problem: broker.problem,
  }
}

async function openOwn(config: Config, ctx: Context, receive: Receive): Promise<OpenBroker> {
  const broker = await startBroker({
    host: config.host,
    port: config.mqttPort,
    tls: tlsOf(config),
    log: ctx.log,
    signIn: makeControllerSignIn(ctx),
    receive,
  })
  const { port, tlsPort } = broker
  const host = shownHost(config.host)
  const mqttsUrl = tlsPort ? `mqtts://${host}:${tlsPort}` : null
  return {
    broker,
    mqttUrl: config.mqttPort === null && mqttsUrl ? mqttsUrl : `mqtt://${host}:${port}`,
    mqttsUrl,
    servers: mqttServers(config, broker),
    problem: () => null,
  }
}

const tlsOf = ({ mqttsPort, tlsFiles }: Config) =>
  typeof mqttsPort === 'number' && tlsFiles ? { port: mqttsPort, files: tlsFiles } : null
