import { createHash, randomBytes } from 'node:crypto'
import type { IPublishPacket } from 'mqtt-packet'
import type { Role } from '../../schema/api/shared.ts'
import { newId } from '../../server/domain/ids.ts'
import type { Sql } from '../../server/postgres/connect.ts'
import { addAccount, setAccountSites } from '../../server/store/accounts.ts'
import { addSession } from '../../server/store/sessions.ts'
import type { makeSite } from '../support/api.ts'
import { connectDevice, isOn, newDevice, readJson, report } from '../support/raw-device.ts'

type Site = Awaited<ReturnType<typeof makeSite>>
type Bank = { controllerId: string; port: number; doors: number }

/** The people of a site, each as many sessions as wanted: the long way costs a hash for each. */
export async function sessionsOf(sql: Sql, siteId: string, count: number): Promise<Record<Role, string[]>> {
  const [members] = await sql<Record<'landlord' | 'courier' | 'resident', string>[]>`
    select (select id from accounts where role = 'landlord' limit 1) as landlord,
      (select id from carriers where site_id = ${siteId} limit 1) as courier,
      (select id from residents where site_id = ${siteId} limit 1) as resident`
  const at = new Date()
  const session = { createdAt: at, expiresAt: new Date(at.getTime() + 3_600_000) }
  const ids = { ...members, ...(await workersOf(sql, siteId)) }
  const made = Object.entries(ids).map(async ([role, actorId]) => {
    const siteIds = role === 'courier' || role === 'resident' ? [siteId] : null
    const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
    for (const token of tokens)
      await addSession(sql, createHash('sha256').update(token).digest(), {
        ...session,
        id: newId(),
        role: role as Role,
        actorId,
        siteIds,
      })
    return [role, tokens]
  })
  return Object.fromEntries(await Promise.all(made))
}

/** One of each, with a password that nothing fits. */
async function workersOf(sql: Sql, siteId: string) {
  const made = (['caretaker', 'volunteer', 'technician'] as const).map(async role => {
    const id = newId()
    const email = `${id}@example.org`
    await addAccount(sql, { id, email, name: role, role, passwordHash: 'none', createdAt: new Date() })
    await setAccountSites(sql, id, [siteId])
    return [role, id]
  })
  return Object.fromEntries(await Promise.all(made)) as Record<'caretaker' | 'volunteer' | 'technician', string>
}

/** A bank whose device does all it is ordered; each call is a deposit by the courier, with what it took. */
export async function healthyBank(site: Site, { controllerId, port, doors }: Bank) {
  const about = { port, password: site.password, doors, withinMs: 60_000 }
  const device = await connectDevice(newDevice(controllerId), about)
  const orders: string[] = []
  async function deposit(): Promise<number> {
    const begun = performance.now()
    const asked = { controllerId, residentId: site.resident.id, size: 'S' }
    const { status, body } = await site.courier('POST', '/api/parcels', asked)
    if (status !== 201) throw new Error(`a deposit answered ${status} ${JSON.stringify(body)}`)
    orders.push(String(body.orderId))
    const door = Number(body.door)
    const told = isOn(`v1/${controllerId}/down/order`, message => message.order === body.orderId)
    const order = readJson(await device.link.next<IPublishPacket>(told))
    const cause = { grant: order.grant, order: order.order }
    await report(device, { type: 'accepted', door, cause }, { type: 'unlocked', door, cause }, { type: 'opened', door })
    await report(device, { type: 'closed', door }, { type: 'occupied', door })
    await site.courier('POST', `/api/parcels/${body.id}/placed`)
    const seen = await site.asResident('GET', `/api/parcels/${body.id}`)
    if (seen.body.state !== ('waiting' as never)) throw new Error(`the parcel is ${JSON.stringify(seen.body)}`)
    return performance.now() - begun
  }
  return { deposit, orders, leave: () => device.link.destroy() }
}
