import { randomBytes } from 'node:crypto'
import { connectLight, onlineStatus } from './light-device.ts'
import type { BenchController } from './sites.ts'

/** One bank whose doors are opened and shut, one at a time. */
export type DoorHands = { turnOne(): void; allAcked(): boolean; leave(): void }

/** Resolves when the server knows that the bank is there. */
export async function bankOfDoors(port: number, account: BenchController, doors: number): Promise<DoorHands> {
  const journal = randomBytes(8).toString('hex')
  const device = await connectLight(port, account)
  const isOpen = new Set<number>()
  let seq = 0
  let acked = 0
  await new Promise<void>(resolve => {
    device.heard.message = (kind, payload) => {
      if (kind === 'ack') acked = Math.max(acked, JSON.parse(payload.toString()).seq)
      if (kind === 'welcome') resolve()
    }
    device.publish('status', onlineStatus({ journal, boot: journal }))
  })
  device.heard.closed = () => {
    throw new Error(`${account.id}: the connection ended`)
  }
  const pinging = setInterval(() => device.ping(), 15_000)
  return {
    turnOne() {
      seq += 1
      const door = 1 + Math.floor(Math.random() * doors)
      const type = isOpen.has(door) ? 'closed' : 'opened'
      if (!isOpen.delete(door)) isOpen.add(door)
      const event = { seq, at: Date.now(), clock: 'synced', type, door }
      device.publish('events', JSON.stringify({ journal, live: true, events: [event] }))
    },
    allAcked: () => acked === seq,
    leave() {
      clearInterval(pinging)
      device.heard.closed = () => {}
      device.socket.destroy()
    },
  }
}
