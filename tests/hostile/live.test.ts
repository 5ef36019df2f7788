import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../firmware-sim/scenarios.ts'
import { may } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import { admin, makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { type Watcher, watchLive } from '../support/live.ts'
import { closing, hostileFrames, ping, readFrames, type Sent } from './frames.ts'
import { startHostileServer } from './hostile-server.ts'
import { healthyBank, sessionsOf } from './http-site.ts'
import { pick, type Random } from './mutate.ts'

/** HOSTILE_SEED=… plays another one, or again the one that was printed. */
const seed = Number(process.env.HOSTILE_SEED ?? 20_261_125)
const frames = 2_000
const lanes = 8
/** so many hostile connections of the first lane between two deposits */
const between = 8

let server: Awaited<ReturnType<typeof startHostileServer>>
let home: Awaited<ReturnType<typeof makeSite>>
let bank: Awaited<ReturnType<typeof healthyBank>>
let watcher: Watcher
let tokens: Record<Role, string[]>
let port = 0

beforeAll(async () => {
  server = await startHostileServer()
  port = Number(new URL(server.url).port)
  home = await makeSite(server.url, { controllerId: 'healthy', doors: 60 })
  bank = await healthyBank(home, { controllerId: 'healthy', port: server.mqttPort, doors: 60 })
  watcher = await watchLive(server.url, { siteId: home.siteId, who: admin })
  tokens = await sessionsOf(server.sql, home.siteId, 1)
})
afterAll(async () => {
  bank?.leave()
  watcher?.socket.terminate()
  await server?.close()
})

const seen = { frames: 0, connections: 0, outcomes: new Map<string, number>() }
const problems: string[] = []
const roles = may.signedIn
const marker = Buffer.from('still there?')

function handshakeOf(random: Random): string {
  const resume = pick(random, ['', '', '&resume=000000000000.0', '&resume=x', `&resume=${'9'.repeat(500)}`])
  const lines = [
    `GET /live?siteId=${home.siteId}${resume} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    pick(random, ['x: y', 'sec-websocket-extensions: permessage-deflate', 'sec-websocket-protocol: a, b']),
    `authorization: Bearer ${pick(random, tokens[pick(random, roles)])}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** What became of a connection: `listens` when it answered a ping behind it all, the code of its close, or `ends`. */
function outcomeOf(bytes: Buffer): { accepted: boolean; outcome: string } {
  const bodyAt = bytes.indexOf('\r\n\r\n') + 4
  if (bodyAt < 4 || !bytes.toString('latin1', 0, 12).endsWith(' 101'))
    return { accepted: false, outcome: bytes.toString('latin1', 0, 100) }
  const heard = readFrames(bytes.subarray(bodyAt))
  const close = heard.find(each => each.opcode === 8)
  if (heard.some(each => each.opcode === 10 && each.payload.equals(marker)))
    return { accepted: true, outcome: 'listens' }
  if (!close) return { accepted: true, outcome: 'ends' }
  return { accepted: true, outcome: String(close.payload.length < 2 ? 1005 : close.payload.readUInt16BE()) }
}

/** Says it all at once, `early` right behind the handshake, and ends when it is answered. */
function play(handshake: string, { bytes, expected }: Sent, early: boolean) {
  return new Promise<{ got: Buffer; hung: boolean }>(resolve => {
    let got = Buffer.alloc(0)
    let hung = false
    let said = early
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const whole = expected === 'listens' ? Buffer.concat([bytes, ping(marker)]) : bytes
    const say = () => (expected === 'ends' || expected === 'anything' ? socket.end(whole) : socket.write(whole))
    socket.on('error', () => {})
    socket.setTimeout(20_000, () => {
      hung = true
      socket.destroy()
    })
    socket.once('close', () => resolve({ got, hung }))
    socket.on('data', data => {
      got = Buffer.concat([got, data])
      if (!said && got.includes('\r\n\r\n')) {
        said = true
        say()
      }
      const { outcome } = outcomeOf(got)
      if (outcome === 'listens' && !socket.writableEnded) socket.end(closing(1000))
      else if (outcome !== 'ends' && !socket.writableEnded) socket.end()
    })
    socket.write(handshake)
    if (early) say()
  })
}

async function sendOne(random: Random): Promise<number> {
  const sent = hostileFrames(random)
  // who has left before it was accepted is not accepted
  const early = sent.expected !== 'ends' && sent.expected !== 'anything' && random() < 0.5
  const { got, hung } = await play(handshakeOf(random), sent, early)
  const { accepted, outcome } = outcomeOf(got)
  const about = `HOSTILE_SEED=${seed} ${sent.what} (${sent.bytes.subarray(0, 40).toString('hex')}) → ${outcome}`
  seen.outcomes.set(outcome, (seen.outcomes.get(outcome) ?? 0) + 1)
  seen.connections += 1
  seen.frames += sent.frames
  if (!accepted) problems.push(`not accepted: ${about}`)
  if (hung) problems.push(`never closed: ${about}`)
  if (sent.expected !== 'anything' && outcome !== String(sent.expected)) problems.push(`not ${sent.expected}: ${about}`)
  return sent.frames
}

/** Every lane has numbers of its own, so that the same seed sends the same whatever overtakes what. */
async function attack(phase: number, total: number): Promise<number> {
  let deposits = 0
  const work = Array.from({ length: lanes }, async (_, lane) => {
    const random = seededRandom(seed + phase * lanes + lane)
    for (let left = total / lanes, n = 0; left > 0; n++) {
      if (lane === 0 && n % between === 0) {
        await bank.deposit()
        deposits += 1
      }
      left -= await sendOne(random)
    }
  })
  await Promise.all(work)
  return deposits
}

const openViews = async () =>
  Number(/doors_watchers (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1])

test(`${frames} frames of watchers, mutated from seed ${seed}`, { timeout: 240_000 }, async () => {
  const begun = Date.now()
  // what is made once, pools and compiled code, is made in here
  const warm = await attack(0, frames / 10)
  const before = await server.heap()
  const deposits = warm + (await attack(1, (frames * 9) / 10))
  await eventually(async () => (await openViews()) === 1)
  const after = await server.heap()
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
  console.log(
    `HOSTILE_SEED=${seed}: ${seen.frames} frames on ${seen.connections} connections in ${Date.now() - begun} ms, heap ${mib(before)} → ${mib(after)} MiB, ${deposits} deposits watched`,
    Object.fromEntries(seen.outcomes),
  )

  expect(problems.slice(0, 20)).toEqual([])
  expect(server.isUp()).toBe(true)
  expect(seen.frames).toBeGreaterThanOrEqual(frames)
  expect(after - before).toBeLessThan(4 * 2 ** 20)
  expect(server.log()).toBe('')
  // the one that behaves heard all of it, in order, on the connection it had from the start
  const waiting = () =>
    watcher.changes().flatMap(({ parcels = [] }) => parcels.filter(each => each.state === 'waiting'))
  await eventually(() => new Set(waiting().map(({ id }) => id)).size === deposits)
  const numbers = watcher.changes().map(({ n }) => n)
  expect(numbers).toEqual(numbers.map((_, at) => numbers[0]! + at))
  expect(watcher.messages.filter(({ type }) => type === 'snapshot')).toHaveLength(1)
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN)
})
