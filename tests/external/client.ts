import { onTestFinished } from 'vitest'
import { readBrokerAddress } from '../../server/broker-address.ts'
import { startExternalBroker } from '../../server/devices/external-broker.ts'
import type { Received } from '../../server/devices/inbox.ts'
import { connectRaw } from '../support/raw-mqtt.ts'
import { openPlain, serverUrl } from './brokers.ts'

type Options = Parameters<typeof startExternalBroker>[0]

/** The server's side of an external broker alone, with short times, and what it handed on. */
export function clientOf(port: number, own: Partial<Options> & { password?: string } = {}) {
  const received: Received[] = []
  const said: { about: Record<string, unknown>; message: string }[] = []
  const say = (about: object, message: string) => void said.push({ about: about as Record<string, unknown>, message })
  const address = readBrokerAddress(serverUrl(port, own.password))!
  const client = startExternalBroker({
    address,
    ca: null,
    receive: async message => void received.push(message),
    enrolled: async () => ['north-1', 'north-2'],
    log: { info: say, warn: say, error: say },
    timing: { probeEveryMs: 200, probeWithinMs: 1_000, retryFirstMs: 100, retryMostMs: 300 },
    ...own,
  })
  onTestFinished(() => client.close())
  const ids = () => received.map(each => each.controllerId)
  return { client, received, said, ids }
}

export async function plainForTest(options: Parameters<typeof openPlain>[0] = {}) {
  const broker = await openPlain(options)
  onTestFinished(() => broker.stop())
  const connect = async (id: string) => {
    const link = await connectRaw({ port: broker.port, clientId: id, username: id, password: 'x' })
    onTestFinished(() => link.destroy())
    return link
  }
  return { broker, connect }
}
