import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SimController, startController } from '../../firmware-sim/controller.ts'
import { type Server, startServer } from '../../server/server.ts'
import { admin, makeSite, signIn } from '../support/api.ts'
import { deposit, handsOf, listIsKnown, type Site } from '../support/deposit.ts'
import { eventually } from '../support/eventually.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { type Smtp, startSmtp } from '../support/smtp.ts'
import { startWebhook, type Webhook } from '../support/webhook.ts'

const controllerId = 'bank-1'
const dayMs = 24 * 3_600_000
let database: FreshDatabase
let server: Server
let site: Site
let sim: SimController
let smtp: Smtp
let webhook: Webhook
let shiftMs = 0

beforeAll(async () => {
  database = await freshDatabase()
  smtp = await startSmtp()
  webhook = await startWebhook()
  const config = {
    ...{
      host: '127.0.0.1',
      httpPort: 0,
      mqttPort: 0,
      dataDir: '',
      databaseUrl: database.url,
      logLevel: 'error' as const,
    },
    ...{ masterKey: randomBytes(32), publicUrl: null, trustProxy: false },
    ...{ adminEmail: admin.email, adminPassword: admin.password },
    smtp: { url: smtp.url, from: 'colis@conciergerie.example' },
    smsWebhook: { url: webhook.url, secret: 'of the operator, 32 characters at least' },
  }
  server = await startServer(config, { now: () => new Date(Date.now() + shiftMs) })
  site = await makeSite(server.url, { controllerId, doors: 2 })
  const door = { kind: 'compartment' as const, size: 'S' as const, doorSensor: true, occupancySensor: true }
  sim = await startController({
    ...{ id: controllerId, password: site.password, codeKey: site.codeKey, mqttUrl: server.mqttUrl },
    doors: [1, 2].map(number => ({ door: number, ...door })),
    now: () => performance.timeOrigin + performance.now() + shiftMs,
  })
  const none = { quietFrom: '00:00', quietUntil: '00:00' }
  expect(await site.landlord('POST', `/api/sites/${site.siteId}/rules`, none)).toMatchObject({ status: 200 })
  const contact = { email: 'jeanne@example.org', phone: '06 12 34 56 78', tellBy: ['email', 'sms'], language: 'fr' }
  await site.landlord('POST', `/api/residents/${site.resident.id}/contact`, contact)
  await eventually(async () => {
    const { body } = await site.landlord('GET', `/api/controllers/${controllerId}`)
    return body.online === (true as never) && sim.state().connected
  })
})
afterAll(async () => {
  await sim?.stop()
  await server?.close()
  await smtp?.close()
  await webhook?.close()
  await database?.drop()
})

const subjects = () => smtp.mails.map(each => each.headers.subject!.split(' · ')[0])
const told = (subject: string) => eventually(() => subjects().at(-1) === subject, { withinMs: 15_000 })

/** Both clocks go on to that long before, or after, the deadline of the parcel. */
async function goTo(id: string, beforeMs: number) {
  const [row] = await database.sql<{ deadlineAt: Date }[]>`select deadline_at from parcels where id = ${id}`
  shiftMs = row!.deadlineAt.getTime() - beforeMs - Date.now()
}

test('8 deadlines of 48 h to the minute, paid extensions: told, reminded, extended for nothing, and the code still opens', {
  timeout: 60_000,
}, async () => {
  const { id, door, code } = await deposit(site, { controllerId, hands: handsOf(sim) })
  const apart = `${code.slice(0, 4)} ${code.slice(4)}`
  await told('Un colis vous attend')
  await eventually(() => webhook.calls.length === 1, { withinMs: 15_000 })
  for (const text of [smtp.mails[0]!.text, webhook.calls[0]!.said.text]) {
    expect(text).toMatch(new RegExp(`bo[iî]te ${door}\\b`))
    expect(text).toContain(apart)
  }
  await goTo(id, 2 * dayMs)
  await told('Encore deux jours pour votre colis')
  await goTo(id, 8 * 3_600_000)
  await told('Dernier jour pour votre colis')

  const resident = await signIn(server.url, { memberNumber: site.resident.memberNumber, pin: site.resident.pin })
  const extended = await resident('POST', `/api/parcels/${id}/extend`, {})
  expect(extended).toMatchObject({ status: 200, body: { state: 'waiting', extensions: 1 } })
  await goTo(id, 2 * dayMs)
  await told('Encore deux jours pour votre colis')
  await goTo(id, -1_000)
  await told('Le délai de votre colis est passé')
  expect((await resident('GET', `/api/parcels/${id}`)).body.state).toBe('expired')

  await goTo(id, -20 * dayMs)
  await listIsKnown(await again(), controllerId)
  expect(await sim.typeCode(1, code)).toMatchObject({ result: 'open', door })
  const hands = handsOf(sim)
  hands.take(door)
  hands.shut(door)
  await eventually(async () => {
    const [parcel] = await database.sql`select state from parcels where id = ${id}`
    return parcel!.state === 'collected'
  })
  expect(subjects()).toEqual([
    'Un colis vous attend',
    'Encore deux jours pour votre colis',
    'Dernier jour pour votre colis',
    'Encore deux jours pour votre colis',
    'Le délai de votre colis est passé',
  ])
  expect(webhook.calls).toHaveLength(5)
})

/** Whoever signed in a month ago signs in again. */
async function again(): Promise<Site> {
  return { ...site, landlord: await signIn(server.url, admin) }
}
