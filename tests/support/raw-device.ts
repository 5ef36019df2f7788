import { createHmac, randomBytes } from 'node:crypto'
import type { IPublishPacket } from 'mqtt-packet'
import { connectRaw, type RawClient } from './raw-mqtt.ts'

/** A controller written from the contract's page alone: MQTT packets and JSON, nothing from schema/ or firmware-sim/. */
export type RawDevice = {
  id: string
  journal: string
  boot: string
  bootAt: number
  seq: number
  acked: number
  linkId: string
  link: RawClient
}

export const newDevice = (id: string) => ({
  id,
  journal: randomBytes(8).toString('hex'),
  boot: randomBytes(8).toString('hex'),
  bootAt: Date.now() - 60_000,
  seq: 0,
  acked: 0,
})

export const upOf = (device: { bootAt: number }): number => Date.now() - device.bootAt
export const checkByHand = (codeKey: string, code: string): string =>
  createHmac('sha256', Buffer.from(codeKey, 'hex')).update(code).digest('hex').slice(0, 32)

/** A payload as it came: the tests look into it member by member. */
export type Message = ReturnType<typeof JSON.parse>
export const readJson = (packet: IPublishPacket): Message => JSON.parse(packet.payload.toString())
export const isOn =
  (topic: string, fits: (message: Message) => boolean = () => true) =>
  (packet: { cmd: string }) => {
    const publish = packet as IPublishPacket
    return publish.cmd === 'publish' && publish.topic === topic && fits(readJson(publish))
  }

type Online = { doors: number; grants?: number; more?: object }

/** What it says of itself; `more` for what a test wants said otherwise. */
export const statusOf = (
  device: ReturnType<typeof newDevice> & { linkId: string },
  { doors, grants = 0, more }: Online,
): object => ({
  state: 'online',
  link: device.linkId,
  boot: device.boot,
  up: upOf(device),
  journal: device.journal,
  first: 1,
  last: device.seq,
  firmware: 'raw',
  protocol: 1,
  time: Date.now(),
  clock: 'synced',
  grants,
  config: 0,
  doors: Array.from({ length: doors }, (_, i) => ({
    door: i + 1,
    kind: 'compartment',
    size: 'S',
    doorSensor: true,
    occupancySensor: true,
  })),
  keypads: [{ keypad: 1, doors: Array.from({ length: doors }, (_, i) => i + 1) }],
  ...more,
})

export async function connectDevice(
  device: ReturnType<typeof newDevice>,
  { port, password, withinMs = 10_000, ...online }: Online & { port: number; password: string; withinMs?: number },
): Promise<RawDevice> {
  const { id, boot } = device
  const linkId = randomBytes(8).toString('hex')
  const will = {
    topic: `v1/${id}/up/status`,
    payload: JSON.stringify({ state: 'offline', link: linkId, boot }),
    qos: 1 as const,
  }
  const link = await connectRaw({ port, clientId: id, username: id, password, keepalive: 30, will, withinMs })
  if (link.connack?.returnCode !== 0) throw new Error(`CONNACK ${link.connack?.returnCode}`)
  await link.subscribe(`v1/${id}/down/+`, 1)
  await link.publish(`v1/${id}/up/status`, statusOf({ ...device, linkId }, online))
  return { ...device, linkId, link }
}

export const sendEvents = (device: RawDevice, events: object[]): Promise<void> =>
  device.link.publish(`v1/${device.id}/up/events`, { journal: device.journal, live: true, events })

/** Numbers the events, sends them as one message and waits for the server's own ack. */
export async function report(
  device: RawDevice,
  ...events: { type: string; [member: string]: unknown }[]
): Promise<void> {
  const numbered = events.map(event => ({ seq: ++device.seq, at: Date.now(), clock: 'synced', ...event }))
  await sendEvents(device, numbered)
  const acked = isOn(
    `v1/${device.id}/down/ack`,
    message => message.journal === device.journal && message.seq >= device.seq,
  )
  device.acked = readJson(await device.link.next<IPublishPacket>(acked)).seq
}
