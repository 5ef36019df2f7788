import { newId } from '../../server/domain/ids.ts'
import { bookable } from './room-routes.ts'
import { connectController, type Server, type Site } from './server-for-tests.ts'

const reason = 'because'
const at = (ms: number) => new Date(Date.now() + ms).toISOString()

/** Things to act on at a site: each parcel is for one route. */
export async function things(server: Server, site: Site) {
  const made = async (path: string, body: object) => {
    const answer = await site.admin.ask<{ id: string; orderId: string }>('POST', path, body)
    if (answer.status >= 300) throw new Error(`${path} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const parcel = async (size: string) =>
    (await made('/api/parcels', { controllerId: site.controllerId, flat: '12', size })).id
  const parcels = { placed: await parcel('S'), cancel: await parcel('S'), swap: await parcel('S') }
  const code = await parcel('L')
  await server.sql`update parcels set step = 'closed' where state = 'placing'`
  const shelved = await made('/api/shelf', { siteId: site.siteId, flat: '12', size: 'XL', shelf: 'A3' })
  const overdue = await overdueParcels(server, parcels.placed)
  await made(`/api/parcels/${code}/placed`, {})
  const pickupCode = (await site.admin.ask<{ code: string }>('POST', `/api/parcels/${code}/code`, { reason })).body.code
  const span = { from: at(0), until: at(3_600_000) }
  const grant = (await made('/api/grants', { doorId: site.doorId(5), ...span, means: 'code', reason })).id
  const spare = `${site.controllerId}-spare`
  const doors = [1, 2].map(door => ({ door, kind: 'room', doorSensor: true, occupancySensor: false }))
  await made('/api/controllers', { id: spare, siteId: site.siteId, name: 'Salle', doors })
  await connectController(server, spare)
  const order = (await made(`/api/doors/${site.doorId(5)}/open`, { reason })).orderId
  await server.sql`update doors set alarm = 'forced', alarm_at = now() where id = ${site.doorId(5)}`
  const neighbour = (await made('/api/residents', { siteId: site.siteId, name: 'Bo', flat: '14' })).id
  const newcomer = (await made('/api/residents', { siteId: site.siteId, name: 'Cy', flat: '14' })).id
  const carrier = (await made('/api/carriers', { siteId: site.siteId, name: 'Lent' })).id
  const resident = await server.signedIn({ memberNumber: site.resident.memberNumber, pin: site.resident.pin })
  const delegate = (await resident.ask<{ id: string }>('POST', `/api/parcels/${code}/delegate`, { name: 'Léa' })).body
    .id
  const alert = (await made(`/api/parcels/${code}/alert`, { kind: 'door-shut' })).id
  const audit = (await made('/api/audits', { controllerId: site.controllerId, reason })).id
  const dead = newId()
  const about = { siteId: site.siteId, residentId: site.resident.id, parcelId: code, kind: 'arrived', language: 'fr' }
  const when = { runAt: new Date(), madeAt: new Date() }
  await server.sql`insert into notices ${server.sql({ id: dead, ...about, channel: 'email', state: 'dead', ...when, key: dead })}`
  const spareDoors = await server.sql<
    { id: string }[]
  >`select id from doors where controller_id = ${spare} order by door`
  const rooms = await bookable(server, { site, neighbour, spareDoor: spareDoors[1]!.id })
  return {
    ...parcels,
    ...rooms,
    spareDoor: spareDoors[0]!.id,
    neighbour,
    newcomer,
    carrier,
    audit,
    alert,
    delegate,
    ...overdue,
    shelved: shelved.id,
    code,
    pickupCode,
    dead,
    grant,
    spare,
    order,
    door: site.doorId(1),
    room: site.doorId(5),
    resident: site.resident.id,
  }
}

/** Copies of a parcel, each in the state in which its route acts on it. */
async function overdueParcels(server: Server, like: string) {
  const copy = async (step: string) => {
    const id = newId()
    await server.sql`
      insert into parcels (id, site_id, door_id, resident_id, receipt, size, state, step, offer_before, made_at, deadline_at)
      select ${id}, site_id, door_id, resident_id, ${id}, size, 'expired', ${step}, 'free', made_at, now() from parcels where id = ${like}`
    return id
  }
  return { takeBack: await copy('nothing'), taken: await copy('took'), notThere: await copy('taking') }
}
