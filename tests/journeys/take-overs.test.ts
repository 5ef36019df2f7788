import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../server/server.ts'
import { admin, makeSite } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { connectDevice, newDevice, type RawDevice, report } from '../support/raw-device.ts'

const controllers = 30
const rounds = 30

test(`${controllers * rounds} quick take-overs under load: the wall shows every controller online`, {
  timeout: 120_000,
}, async () => {
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  const server = await startServer({
    ...{ host: '127.0.0.1', httpPort: 0, mqttPort: 0, dataDir: '', databaseUrl: database.url, logLevel: 'silent' },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
  })
  onTestFinished(() => server.close())
  const { landlord, siteId, password } = await makeSite(server.url, { controllerId: 'busy', doors: 1 })
  const port = Number(new URL(server.mqttUrl).port)
  const open: RawDevice[] = []
  const door = { door: 1, kind: 'compartment', size: 'S', doorSensor: true, occupancySensor: true }
  const passwords = new Map<string, string>()
  for (let n = 0; n < controllers; n++) {
    const id = `north-${n}`
    const made = await landlord('POST', '/api/controllers', { id, siteId, name: id, doors: [door] })
    passwords.set(id, String(made.body.password))
  }

  let loading = true
  const busy = await connectDevice(newDevice('busy'), { port, password, doors: 1 })
  open.push(busy)
  const load = (async () => {
    while (loading) await report(busy, { type: 'opened', door: 1 }, { type: 'closed', door: 1 })
  })()
  await Promise.all(
    [...passwords].map(async ([id, secret], n) => {
      const identity = newDevice(id)
      const connect = () => connectDevice(identity, { port, password: secret, doors: 1 })
      let current = await connect()
      for (let round = 0; round < rounds; round++) {
        const old = current
        // half of them break at that moment, the others are replaced while alive; the will of both comes late
        if ((n + round) % 2 === 0) old.link.destroy()
        current = await connect()
        await old.link.closed
        // an external broker may send the old will only now
        const late = { state: 'offline', link: old.linkId, boot: old.boot }
        await current.link.publish(`v1/${id}/up/status`, late)
      }
      open.push(current)
    }),
  )
  loading = false
  await load

  // the ack finds its way to every one of them, so the broker knows them all
  await Promise.all(open.map(device => device !== busy && report(device, { type: 'opened', door: 1 })))
  const shown = await eventually(async () => {
    const { body } = await landlord('GET', `/api/controllers?siteId=${siteId}`)
    const items = body.items as unknown as { id: string; online: boolean }[]
    expect(items.filter(each => !each.online).map(each => each.id)).toEqual([])
    return items
  })
  expect(shown).toHaveLength(controllers + 1)
  const rows = await database.sql`select id from controllers where not online`
  expect(rows).toEqual([])
  for (const device of open) device.link.destroy()
})
