import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { answerParent } from './child.ts'
import { type Account, connectLight, type LightDevice, onlineStatus } from './light-device.ts'
import { sharedNow } from './numbers.ts'

/** Child process: thousands of controllers that sign in, subscribe, say that they are here, and are quiet then. */
type Join = { port: number; accounts: Account[]; until: 'welcome' | 'puback'; atOnce: number }
export type Joined = { startedAt: number; subscribedAt: number; backAt: number; again: number }

let devices: LightDevice[] = []
const boot = randomBytes(8).toString('hex')
let up = 60_000
setInterval(() => devices.forEach(device => void device.ping()), 20_000)

/** Times of the last of them, on the clock of all processes. `again`: how often a connection ended and was made anew. */
async function join({ port, accounts, until, atOnce }: Join): Promise<Joined> {
  const startedAt = sharedNow()
  up += 10_000
  let [subscribedAt, backAt, again, next] = [0, 0, 0, 0]

  async function joinOne(account: Account): Promise<void> {
    const device = await connectLight(port, account)
    subscribedAt = sharedNow()
    await new Promise<void>((resolve, reject) => {
      device.heard.closed = () => reject(new Error('ended'))
      if (until === 'puback') device.heard.puback = resolve
      else device.heard.message = kind => kind === 'welcome' && resolve()
      device.publish('status', onlineStatus({ journal: `${boot}-${account.id}`, boot, up }))
    })
    backAt = sharedNow()
    device.heard = {}
    devices.push(device)
  }

  async function lane(): Promise<void> {
    for (let at = next++; at < accounts.length; at = next++)
      while (
        !(await joinOne(accounts[at]!).then(
          () => true,
          () => false,
        ))
      ) {
        again += 1
        await delay(200)
      }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return { startedAt, subscribedAt, backAt, again }
}

/** All at once, without a word: a reset leaves no port waiting for a minute. */
function cut(): void {
  for (const { socket } of devices) socket.resetAndDestroy()
  devices = []
}

answerParent({
  join,
  cut,
  storm: (about: Join) => {
    cut()
    return join(about)
  },
})
