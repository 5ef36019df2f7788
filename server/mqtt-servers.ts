import type { MqttServers } from '../schema/wire/asyncapi.ts'
import type { Config } from './config.ts'

export const shownHost = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host

type Named = Pick<Config, 'publicUrl' | 'host' | 'tlsFiles'>

/** Where devices connect, for the contract: by the public name if there is one. Port 0 is a listener that there is not. */
export function mqttServers(
  { publicUrl, host, tlsFiles }: Named,
  ports: { port: number; tlsPort: number },
): MqttServers {
  const name = publicUrl ? new URL(publicUrl).hostname : shownHost(host)
  return {
    ...(ports.port ? { mqtt: `${name}:${ports.port}` } : {}),
    ...(ports.tlsPort ? { mqtts: `${name}:${ports.tlsPort}`, clientCertificates: Boolean(tlsFiles?.clientCa) } : {}),
  }
}
