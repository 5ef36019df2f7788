import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { connectRaw } from '../support/raw-mqtt.ts'
import { brokerForTests, gate } from './broker-for-tests.ts'

test('a port in use is said plainly', async () => {
  const { broker } = await brokerForTests()
  await expect(brokerForTests({ port: broker.port })).rejects.toThrow(`MQTT port ${broker.port} is already in use`)
})

test('an address that is not of this machine is said plainly', async () => {
  await expect(brokerForTests({ host: '192.0.2.1' })).rejects.toThrow('192.0.2.1 is no address of this machine (MQTT)')
})

test('after close the port is free, and closing again does nothing', async () => {
  const { broker, connect } = await brokerForTests()
  await connect('north-1')
  await Promise.all([broker.close(), broker.close()])
  await expect(connectRaw({ port: broker.port, clientId: 'north-1' })).rejects.toThrow('ECONNREFUSED')
  const next = createServer()
  await new Promise<void>(resolve => next.listen(broker.port, '127.0.0.1', resolve))
  await new Promise(resolve => next.close(resolve))
})

test('close ends also those that have not signed in', async () => {
  const asked = gate()
  const { broker, connect } = await brokerForTests({
    signIn() {
      asked.open()
      return new Promise(() => {})
    },
  })
  const waiting = connect('north-1')
  await asked.opened
  await broker.close()
  expect((await waiting).connack).toBeNull()
})
