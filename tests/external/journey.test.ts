import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startController } from '../../firmware-sim/controller.ts'
import { startFleet } from '../../firmware-sim/fleet.ts'
import { brokenAt } from '../../server/store/chain.ts'
import { admin, makeSite, signIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { brokers, type OtherBroker } from './brokers.ts'
import { enrol, startWith, untilReady, type World } from './site.ts'

/** Processes are started and killed here while other tests use the machine; each wait is for a fact. */
const within = { withinMs: 40_000 }

describe.each(brokers)('with %s', { timeout: 120_000 }, (_name, open) => {
  let broker: OtherBroker
  let world: World
  let stops: (() => unknown)[] = []
  beforeEach(async () => {
    broker = await open()
    world = await startWith(broker.url)
    await untilReady(world.url)
  })
  afterEach(async () => {
    for (const stop of stops) await stop()
    stops = []
    await world?.close()
    await broker?.stop()
  })

  const mqttUrl = () => `mqtt://127.0.0.1:${broker.port}`

  async function siteWithBank() {
    const site = await makeSite(world.url, { controllerId: 'bank-1', doors: 2 })
    await broker.addAccount('bank-1', site.password)
    const { password, codeKey } = site
    const bank = await startController({ id: 'bank-1', password, codeKey, doors: 2, mqttUrl: mqttUrl() })
    stops.push(() => bank.stop())
    await eventually(() => bank.state().connected, within)
    return { site, bank }
  }

  const isOnline = async (id: string) =>
    (await world.sql`select online from controllers where id = ${id}`)[0]?.online === true

  test('a parcel is deposited and collected; the caretaker opens a door; a clean stop is known at once', async () => {
    const { site, bank } = await siteWithBank()
    const { courier, asResident, resident, landlord } = site
    const made = await courier('POST', '/api/parcels', { controllerId: 'bank-1', residentId: resident.id, size: 'S' })
    expect(made).toMatchObject({ status: 201 })
    const door = made.body.door as unknown as number
    const leaf = () => bank.state().doors.find(each => each.door === door)?.leaf
    await eventually(() => leaf() === 'open', within)
    bank.put(door)
    bank.shutDoor(door)
    await eventually(async () => (await courier('POST', `/api/parcels/${made.body.id}/placed`)).status === 200, within)
    const mine = await asResident('GET', '/api/me/parcels')
    const code = (mine.body.items as unknown as { code: string }[])[0]!.code.replaceAll(' ', '')
    await eventually(() => bank.state().grants === 1, within)
    await eventually(() => bank.state().doors.every(each => each.bolt === 'locked'), within)
    expect(await bank.typeCode(1, code)).toEqual({ result: 'open', door })
    await eventually(() => leaf() === 'open', within)
    bank.take(door)
    bank.shutDoor(door)
    await eventually(async () => {
      const [parcel] = await world.sql`select state from parcels where id = ${String(made.body.id)}`
      return parcel?.state === 'collected'
    }, within)

    const wall = await landlord('GET', `/api/doors?siteId=${site.siteId}`)
    const box = (wall.body.items as unknown as { id: string; door: number }[]).find(each => each.door === door)!
    expect((await landlord('POST', `/api/doors/${box.id}/open`, { reason: 'cleaning' })).status).toBe(202)
    await eventually(() => leaf() === 'open', within)
    await eventually(() => bank.state().journal.unacked === 0, within)
    expect(await brokenAt(world.sql, site.siteId)).toBeNull()

    await bank.stop()
    await eventually(async () => !(await isOnline('bank-1')), within)
  })

  test('kill -9 of the broker in mid-stream: nothing acked is lost, nothing is there twice, the order is kept', async () => {
    const site = await makeSite(world.url, { controllerId: 'bank-0', doors: 2 })
    const banks = [{ id: 'bank-0', password: site.password, codeKey: site.codeKey }]
    for (let i = 1; i < 6; i++) banks.push(await enrol(site.landlord, site.siteId, `bank-${i}`))
    for (const { id, password } of banks) await broker.addAccount(id, password)
    const acks: [number, number][] = []
    const fleet = await startFleet({
      count: banks.length,
      mqttUrl: mqttUrl(),
      credentials: index => ({ ...banks[index]!, doors: 2, journalSize: 5000 }),
      heard: (index, effect) => effect.type === 'acked' && acks.push([index, effect.seq]),
    })
    stops.push(() => fleet.stop())
    await eventually(() => fleet.connected() === banks.length, within)

    let made = 0
    const stream = setInterval(() => {
      const level = made++ % 101
      for (const index of banks.keys()) fleet.input(index, { type: 'power-source', source: 'battery', level })
    }, 5)
    stops.push(() => clearInterval(stream))
    const recorded = async () => {
      const [row] = await world.sql`select count(*)::int as n from history where type = 'power'`
      return row!.n as number
    }
    await eventually(async () => (await recorded()) > 300, within)
    await broker.kill()
    const ackedBefore = [...acks]
    expect(await recorded()).toBeLessThan(made * banks.length)
    await broker.restart()
    // also what is made after the restart gets through: the server is not deaf
    const atRestart = made
    await eventually(() => made > atRestart + 100, within)
    clearInterval(stream)
    await eventually(() => banks.every((_, i) => fleet.state(i).journal.acked === fleet.state(i).journal.last), within)

    for (const [index, { id }] of banks.entries()) {
      const rows = await world.sql<{ seq: number; type: string; level: number; suspect: string | null }[]>`
        select seq, type, (facts->>'level')::int as level, suspect from history
        where controller_id = ${id} and seq is not null order by n`
      expect(rows.map(row => row.seq)).toEqual(Array.from({ length: fleet.state(index).journal.last }, (_, i) => i + 1))
      const levels = rows.filter(row => row.type === 'power').map(row => row.level)
      expect(levels).toEqual(Array.from({ length: made }, (_, i) => i % 101))
      expect(rows.filter(row => row.suspect !== null)).toEqual([])
    }
    expect(ackedBefore.length).toBeGreaterThan(6)
    expect(await world.sql`select 1 from history where type = 'loss'`).toEqual([])
    expect(await brokenAt(world.sql, site.siteId)).toBeNull()
    await untilReady(world.url)
  })

  test('the server killed and started again: controllers stayed at the broker and are reached without a new greeting', async () => {
    const { site, bank } = await siteWithBank()
    await eventually(() => bank.state().journal.unacked === 0, within)
    const { link } = bank.state()
    await world.kill()
    bank.tamper()
    await world.restart()
    await untilReady(world.url)
    await eventually(async () => (await world.sql`select 1 from history where type = 'tampered'`).length === 1, {
      withinMs: 15_000,
    })
    const [door] = await world.sql`select id, door from doors where controller_id = 'bank-1' order by door limit 1`
    const landlord = await signIn(world.url, admin)
    expect((await landlord('POST', `/api/doors/${door!.id}/open`, { reason: 'look' })).status).toBe(202)
    await eventually(() => bank.state().doors[0]!.leaf === 'open', within)
    expect(bank.state().link).toBe(link)
    expect(await brokenAt(world.sql, site.siteId)).toBeNull()
  })
})
