import { once } from 'node:events'
import { connect } from 'node:net'
import { generate, type IConnectPacket } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../firmware-sim/scenarios.ts'
import { events, up } from '../../schema/wire/golden.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { makeSite } from '../support/api.ts'
import { connectDevice, newDevice, type RawDevice, report } from '../support/raw-device.ts'
import { connectRaw, type RawClient } from '../support/raw-mqtt.ts'
import { startHostileServer } from './hostile-server.ts'
import { below, mutatePacket, mutatePayload, pick, type Random } from './mutate.ts'

/** HOSTILE_SEED=… plays another one, or again the one that was printed. */
const seed = Number(process.env.HOSTILE_SEED ?? 20_261_125)
const packets = 6_000
const payloads = 14_000
const lanes = 8
/** An answer that is late on a busy machine is late; what it took is shown and judged at the end. */
const withinMs = 60_000
/** What a typed code and a badge are here, to be found nowhere afterwards. */
const secrets = { code: '73519264', badge: 'c0de4badc0de' }

let server: Awaited<ReturnType<typeof startHostileServer>>
let site: Awaited<ReturnType<typeof makeSite>>
const decoys: { id: string; password: string }[] = []
beforeAll(async () => {
  server = await startHostileServer()
  site = await makeSite(server.url, { controllerId: 'healthy', doors: 2 })
  const door = { door: 1, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }
  for (let lane = 0; lane < lanes; lane++) {
    const body = { id: `decoy-${lane}`, siteId: site.siteId, name: 'Decoy', doors: [door] }
    const made = await site.landlord('POST', '/api/controllers', body)
    decoys.push({ id: body.id, password: String(made.body.password) })
  }
})
afterAll(() => server?.close())

const packetOf = (packet: Parameters<typeof generate>[0]): Buffer => generate(packet, { protocolVersion: 4 })
const connectPacket = ({ id, password }: { id: string; password: string }): IConnectPacket =>
  ({
    ...{
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: id,
      username: id,
      clean: true,
      keepalive: 30,
    },
    password: Buffer.from(password),
    will: { topic: `v1/${id}/up/status`, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: false },
  }) as unknown as IConnectPacket

/** What a controller says after its sign-in. */
function goodPackets(id: string): Buffer[] {
  const publish = {
    cmd: 'publish',
    topic: `v1/${id}/up/status`,
    qos: 1,
    retain: false,
    dup: false,
    messageId: 9,
  } as const
  return [
    packetOf({ ...publish, payload: up['status, a beat'][1] }),
    packetOf({ ...publish, topic: `v1/${id}/up/events`, payload: up['events, live'][1] }),
    packetOf({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic: `v1/${id}/down/+`, qos: 1 }] }),
    packetOf({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: [`v1/${id}/down/+`] }),
    packetOf({ cmd: 'pingreq' }),
    packetOf({ cmd: 'puback', messageId: 3 }),
    ...(['pubrec', 'pubrel', 'pubcomp'] as const).map(cmd => packetOf({ cmd, messageId: 3 })),
    packetOf({ cmd: 'disconnect' }),
  ]
}

/** One packet to a connection, signed in before for two of three; it is over when the server has ended it. */
async function sendPacket(random: Random, decoy: (typeof decoys)[number]): Promise<void> {
  const socket = connect({ port: server.mqttPort, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const first = packetOf(connectPacket(decoy))
  if (random() < 1 / 3) socket.end(mutatePacket(first, random))
  else {
    socket.write(first)
    await Promise.race([once(socket, 'data'), closed])
    socket.end(mutatePacket(pick(random, goodPackets(decoy.id)), random))
  }
  socket.resume()
  await closed
}

const status = (id: string) =>
  JSON.stringify({ ...JSON.parse(up['status, first of a connection'][1]), link: `l-${id}` })

function goodPayload(random: Random): [kind: string, payload: string] {
  const one = below(random, 10)
  if (one < 3)
    return pick(
      random,
      Object.values(up).filter(([kind]) => kind === 'status'),
    ) as [string, string]
  if (one < 5) {
    const asked = `{"ask":"a-${below(random, 1e9)}","boot":"b-19","up":48900,"keypad":1,`
    return ['code', `${asked}${random() < 0.5 ? `"code":"${secrets.code}"` : `"badge":"${secrets.badge}"`}}`]
  }
  const event = pick(random, Object.values(events).flat()).replace('"seq":18', `"seq":${17 + below(random, 60)}`)
  return ['events', `{"journal":"j-03","live":${random() < 0.5},"events":[${event}]}`]
}

/** Messages of an enrolled controller, some at once, until `count` are answered or have cost it the connection. */
async function sendPayloads(random: Random, decoy: (typeof decoys)[number], count: number): Promise<void> {
  let link: RawClient | null = null
  for (let sent = 0; sent < count; ) {
    if (!link) {
      link = await connectRaw({
        port: server.mqttPort,
        clientId: decoy.id,
        username: decoy.id,
        password: decoy.password,
      })
      await link.subscribe(`v1/${decoy.id}/down/+`)
      await link.publish(`v1/${decoy.id}/up/status`, status(decoy.id))
    }
    const at: RawClient = link
    const batch = Array.from({ length: Math.min(10, count - sent) }, () => {
      const [kind, payload] = goodPayload(random)
      return at.publish(`v1/${decoy.id}/up/${kind}`, mutatePayload(Buffer.from(payload), random))
    })
    sent += batch.length
    const done = await Promise.allSettled(batch)
    if (done.some(each => each.status === 'rejected')) link = null
  }
  link?.destroy()
}

/** Every lane has numbers of its own, so that the same seed sends the same whatever overtakes what. */
async function attack(phase: number, share: number): Promise<void> {
  await Promise.all(
    decoys.map(async (decoy, lane) => {
      const random = seededRandom(seed + phase * lanes + lane)
      const each = Math.ceil((packets * share) / lanes)
      for (let n = 0; n < each; n++) await sendPacket(random, decoy)
      await sendPayloads(random, decoy, Math.ceil((payloads * share) / lanes))
    }),
  )
}

/** Reports one thing after the other until told to stop; how long each ack took. */
function keepReporting(device: RawDevice) {
  const waits: number[] = []
  let going = true
  const done = (async () => {
    while (going) {
      const begun = performance.now()
      await report(device, { type: waits.length % 2 === 0 ? 'opened' : 'closed', door: 1 })
      waits.push(performance.now() - begun)
    }
  })()
  // told when it is stopped
  done.catch(() => {})
  return {
    async stop() {
      going = false
      await done
      return waits.sort((a, b) => a - b)
    },
  }
}

test(`${packets} packets and ${payloads} payloads, mutated from seed ${seed}`, { timeout: 240_000 }, async () => {
  console.log(`HOSTILE_SEED=${seed}`)
  const device = await connectDevice(newDevice('healthy'), {
    port: server.mqttPort,
    password: site.password,
    doors: 2,
    withinMs,
  })
  const healthy = keepReporting(device)
  // what is made once, pools and compiled code, is made in here
  await attack(0, 0.1)
  const before = await server.heap()
  const begun = Date.now()
  await attack(1, 0.9)
  const took = Date.now() - begun
  const waits = await healthy.stop()
  const after = await server.heap()
  const ms = (share: number) => Math.round(waits[Math.floor(waits.length * share)]!)
  const heap = `heap ${(before / 2 ** 20).toFixed(1)} → ${(after / 2 ** 20).toFixed(1)} MiB`
  console.log(`${took} ms, ${heap}; healthy: ${waits.length} acks, p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms`)

  expect(server.isUp()).toBe(true)
  expect(after - before).toBeLessThan(16 * 2 ** 20)
  // everybody may still sign in, and is answered
  for (const decoy of decoys) {
    const link = await connectRaw({
      port: server.mqttPort,
      clientId: decoy.id,
      username: decoy.id,
      password: decoy.password,
    })
    expect(link.connack?.returnCode).toBe(0)
    link.destroy()
  }

  const own = await server.sql<{ seq: number; suspect: string | null }[]>`
    select seq, suspect from history where controller_id = 'healthy' and journal = ${device.journal} order by n`
  expect(own.map(row => row.seq)).toEqual(waits.map((_, n) => n + 1))
  expect(own.every(row => row.suspect === null)).toBe(true)
  device.link.destroy()

  const counted = await server.sql<{ id: string; malformed: number; rows: number }[]>`
    select id, malformed, (select count(*)::int from history h where h.controller_id = c.id and type = 'malformed') as rows
    from controllers c order by id`
  for (const { id, malformed, rows } of counted) expect([id, malformed]).toEqual([id, rows])
  expect(counted.reduce((sum, each) => sum + each.rows, 0)).toBeGreaterThan(payloads / 10)
  expect(await brokenAt(server.sql, site.siteId)).toBe(null)

  const unclear = await server.sql`
    select facts from history where type = 'malformed' and facts->>'kind' <> 'code' and coalesce(facts->>'problem', '') = ''`
  expect(unclear).toEqual([])
  const lines = server
    .log()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { level: number; msg: string; detail?: string })
  expect(lines.filter(line => line.level > 40)).toEqual([])
  expect(lines.some(line => line.msg === 'refused' && line.detail)).toBe(true)
  expect(lines.length).toBeLessThan(200)
  await nowhere(Object.values(secrets))
})

/** In no table and in no line of the log, as itself, in hex or in base64. */
async function nowhere(words: string[]): Promise<void> {
  const tables = await server.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`
  const forms = words.flatMap(word => [word, Buffer.from(word).toString('hex'), Buffer.from(word).toString('base64')])
  for (const form of forms) {
    expect(server.log()).not.toContain(form)
    for (const { name } of tables) {
      const found = await server.sql`
        select left(to_jsonb(t)::text, 2000) as row from ${server.sql(name)} t where strpos(to_jsonb(t)::text, ${form}) > 0 limit 1`
      expect(found, name).toEqual([])
    }
  }
}
