import { connect as connectTcp } from 'node:net'
import { expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { brokerForTests } from './broker-for-tests.ts'

const { rates } = vi.hoisted(() => ({
  rates: {
    connections: { atOnce: 30, perSecond: 0 },
    wrongOfAddress: { atOnce: 8, perSecond: 0 },
    wrongOfId: { atOnce: 3, perSecond: 0 },
  },
}))
vi.mock('../../broker/settings.ts', async original => {
  const { settings } = await original<typeof import('../../broker/settings.ts')>()
  const own = { ...settings.rates, ...rates, loopbackIsFree: false }
  return { settings: { ...settings, rates: own, logLinesEach: 2, logSummaryMs: 300 } }
})
const stranger = { localAddress: '127.0.0.9' }
const wrong = { password: 'guess' }

test('who connects too often is ended before a byte is read; others, and those who sign in, come in', async () => {
  const { broker, connect, warnings } = await brokerForTests()
  const bytes = async () => {
    const socket = connectTcp({ port: broker.port, host: '127.0.0.1', ...stranger })
    socket.on('error', () => {})
    // no CONNECT is answered by itself, this one is: protocol 5 gets return code 1
    socket.write(Buffer.from([0x10, 15, 0, 4, ...Buffer.from('MQTT'), 5, 2, 0, 30, 0, 0, 2, 97, 98]))
    let read = 0
    socket.on('data', data => {
      read += data.length
    })
    await new Promise(resolve => socket.once('close', resolve))
    return read
  }
  const answers: number[] = []
  for (let n = 0; n < 50; n++) answers.push(await bytes())
  expect(answers.filter(read => read > 0)).toHaveLength(rates.connections.atOnce)
  expect(answers.slice(rates.connections.atOnce).every(read => read === 0)).toBe(true)
  for (let n = 0; n < 60; n++) expect((await connect(`north-${n}`)).connack?.returnCode).toBe(0)
  const sums = () => warnings as { total?: Record<string, number>; most?: { address: string }[] }[]
  const tooOften = () => sums().reduce((sum, line) => sum + (line.total?.['connection too often'] ?? 0), 0)
  await eventually(() => tooOften() === 20)
  expect(sums().length).toBeLessThan(20)
  for (const { most } of sums()) if (most) expect(most.map(each => each.address)).toEqual(['127.0.0.9'])
})

test('wrong passwords are soon not looked up any more, the right one from elsewhere or from home is', async () => {
  let lookedUp = 0
  const { connect, warnings, refused } = await brokerForTests({
    async signIn(_id, proof) {
      lookedUp++
      return proof.toString() === 'secret' ? 'ok' : 'refused'
    },
  })
  const codes: (number | undefined)[] = []
  for (let n = 0; n < 6; n++) codes.push((await connect('north-1', { ...wrong, ...stranger })).connack?.returnCode)
  expect(codes).toEqual([4, 4, 4, 3, 3, 3])
  expect(lookedUp).toBe(3)
  expect(refused).toHaveLength(3)
  expect(warnings.filter(line => 'detail' in line)).toHaveLength(2)
  // nor is the right one from there, it is told to come later
  expect((await connect('north-1', stranger)).connack?.returnCode).toBe(3)
  expect((await connect('north-1')).connack?.returnCode).toBe(0)
  for (let n = 2; n < 8; n++) await connect(`north-${n}`, { ...wrong, ...stranger })
  expect((await connect('north-9', stranger)).connack?.returnCode).toBe(3)
  // guessed at from its own address
  for (let n = 0; n < 12; n++) await connect(`south-${n}`, wrong)
  expect((await connect('south-1')).connack?.returnCode).toBe(3)
  expect((await connect('north-1')).connack?.returnCode).toBe(0)
})
