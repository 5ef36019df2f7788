import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { afterAll, afterEach, expect, onTestFinished, test } from 'vitest'
import { type ControllerOptions, startController } from '../../firmware-sim/controller.ts'
import { startFleet } from '../../firmware-sim/fleet.ts'
import { makeCertificate, makeTls } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { codeKey, password, type SmallServer, startSmallServer } from './small-server.ts'

const tls = makeTls()
const { ca } = tls
afterAll(() => rmSync(tls.folder, { recursive: true }))
let server: SmallServer
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await server.close()
})

async function start(more: Partial<ControllerOptions>) {
  let attempts = 0
  const random = () => {
    attempts++
    return 0.05
  }
  const own = { id: 'bank-1', password, codeKey, mqttUrl: server.mqttUrl, doors: 2, random }
  const sim = await startController({ ...own, ...more })
  stops.push(() => sim.stop())
  return { sim, attempts: () => attempts, isUp: () => eventually(() => sim.state().connected, { withinMs: 15_000 }) }
}

test('by password or by certificate, the server proven', async () => {
  server = await startSmallServer(0, tls.files)
  const one = await start({ tls: { ca } })
  const two = await start({ id: 'bank-2', password: '', tls: { ca, ...tls.client('bank-2') } })
  await Promise.all([one.isUp(), two.isUp()])
  two.sim.openDoor(1)
  await eventually(() => server.events.some(each => each.type === 'opened'))
})

test('a fleet too', async () => {
  server = await startSmallServer(0, tls.files)
  const credentials = (index: number) => ({ id: `bank-${index}`, password, codeKey, doors: 1 })
  const fleet = await startFleet({ count: 5, mqttUrl: server.mqttUrl, tls: { ca }, credentials })
  stops.push(() => fleet.stop())
  await eventually(() => fleet.connected() === 5, { withinMs: 15_000 })
})

/** A server with a certificate that our own broker would not start with. */
async function behind(shown: { cert: string; key: string }): Promise<string> {
  server = await startSmallServer()
  const front = createServer({ cert: shown.cert, key: shown.key }, socket => {
    const inner = connect(server.broker.port, '127.0.0.1')
    socket.on('error', () => inner.destroy()).pipe(inner)
    inner.on('error', () => socket.destroy()).pipe(socket)
  })
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void front.close())
  const address = front.address()
  return `mqtts://127.0.0.1:${typeof address === 'object' && address?.port}`
}

const hosts = ['127.0.0.1']
const past = { from: new Date(Date.now() - 9 * 86_400_000), until: new Date(Date.now() - 86_400_000) }
const future = { from: new Date(Date.now() + 86_400_000) }

test.each([
  ['expired', past],
  ['not valid yet', future],
])('a certificate %s is let pass as long as the device has no time, and no longer [LINK-5]', async (_what, dates) => {
  const mqttUrl = await behind(makeCertificate({ name: 'doors', by: tls.authority, hosts, ...dates }))
  const { sim, attempts, isUp } = await start({ mqttUrl, tls: { ca } })
  expect(sim.state().clock.kind).toBe('none')
  await isUp()
  await eventually(() => sim.state().clock.kind === 'synced')
  sim.cutNetwork()
  const before = attempts()
  sim.restoreNetwork()
  await eventually(() => attempts() >= before + 3, { withinMs: 15_000 })
  expect(sim.state().connected).toBe(false)
})

const nobody = makeCertificate({ name: 'Servers', authority: true })
const middle = makeCertificate({ name: 'Middle', by: tls.authority, authority: true })
const plain = makeCertificate({ name: 'Plain', by: tls.authority })
test.each([
  ['of an authority it does not trust', { by: nobody, hosts }],
  ['of another name', { by: tls.authority, hosts: ['doors.example.org'] }],
  ['it signed itself', { hosts }],
  ['that a certificate of no authority signed', { by: plain, hosts }],
])('a certificate %s is refused, expired or not, and no password is sent', async (_what, wanted) => {
  for (const dates of [{}, past]) {
    const mqttUrl = await behind(makeCertificate({ name: 'doors', ...wanted, ...dates }))
    const { sim, attempts } = await start({ mqttUrl, tls: { ca } })
    await eventually(() => attempts() >= 3, { withinMs: 15_000 })
    expect(sim.state().connected).toBe(false)
    expect(server.statuses).toEqual([])
    for (const stop of stops.splice(0)) await stop()
    if (dates === past) return
    await server.close()
  }
})

test('a chain over an authority between is followed, dates or not', async () => {
  const own = makeCertificate({ name: 'doors', by: middle, hosts, ...past })
  const mqttUrl = await behind({ cert: own.cert + middle.cert, key: own.key })
  await (await start({ mqttUrl, tls: { ca } })).isUp()
})
