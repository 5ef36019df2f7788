import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeDown } from '../../schema/wire/codec.ts'
import { Config } from '../../schema/wire/down.ts'
import { type RawDevice, report, upOf } from '../support/raw-device.ts'
import { type Bank, hear, openBank } from './bank.ts'

let bank: Bank
beforeEach(async () => {
  bank = await openBank()
})
afterEach(() => bank.close())

const heard = (device: RawDevice, kind: string) => device.link.messages.filter(each => each.topic.endsWith(`/${kind}`))

test('the settings come as one message with every one of them and their version [CONFIG-1]', async () => {
  const device = await bank.connect()
  const config = await hear(device, 'config')
  expect(Object.keys(config).sort()).toEqual(Object.keys(Config.properties).sort())
  expect(decodeDown('config', heard(device, 'config')[0]!.payload as Buffer)).toMatchObject({ ok: true })
  expect(config).toMatchObject({ siteName: 'Conciergerie', timeZone: 'Europe/Paris', language: 'fr' })
  await report(device, { type: 'config-applied', version: config.version })
  const { version } = config
  expect((await bank.controller()).configVersion).toEqual({ made: version, known: version })
  expect(heard(device, 'config')).toHaveLength(1)
})

test('a controller that keeps no list, `grants` −1, gets none and asks for every code [STATUS-9]', async () => {
  const device = await bank.connect(bank.newDevice(), { grants: -1 })
  await hear(device, 'welcome')
  const [door] = await bank.sql<{ id: string }[]>`select id from doors where door = 1`
  const span = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 3600_000) }
  const grant = { doorId: door!.id, ...span, uses: 1, means: 'code', reason: 'test' }
  const made = await bank.landlord('POST', '/api/grants', grant)
  expect(made.status).toBe(201)
  const { code } = made.body
  const ask = { ask: 'a-1', boot: device.boot, up: upOf(device), keypad: 1, code }
  await device.link.publish(`v1/${device.id}/up/code`, ask)
  expect(await hear(device, 'order', message => message.ask === 'a-1')).toMatchObject({ type: 'open', door: 1 })
  expect(heard(device, 'grants')).toEqual([])

  // the same controller with a list gets it
  const listing = await bank.connect()
  expect((await hear(listing, 'grants')).grants).toMatchObject([{ grant: made.body.id }])
})
