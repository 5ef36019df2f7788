import { randomUUID } from 'node:crypto'

export type Answer = { status: number; body: Record<string, never> & Record<string, unknown> }
export type Api = (method: string, path: string, body?: object) => Promise<Answer>

/** Speaks HTTP as one person; every POST carries a key of its own. */
export const asPerson =
  (url: string, token?: string): Api =>
  async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : {} }
  }

export async function signIn(url: string, who: object): Promise<Api> {
  const { status, body } = await asPerson(url)('POST', '/api/sessions', who)
  if (status !== 201) throw new Error(`sign-in answered ${status} ${JSON.stringify(body)}`)
  return asPerson(url, String(body.token))
}

export const admin = { email: 'landlord@example.org', password: 'a long demo password' }

type SiteParts = { controllerId: string; doors: number; carrierCode?: string }

/** A site with one bank, a resident and a carrier, all made through HTTP. */
export async function makeSite(url: string, { controllerId, doors, carrierCode = 'RAPIDE-2026' }: SiteParts) {
  const landlord = await signIn(url, admin)
  const made = async (path: string, body: object) => {
    const answer = await landlord('POST', path, body)
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as Record<string, string>
  }
  const site = await made('/api/sites', { name: 'Conciergerie' })
  const bank = await made('/api/controllers', {
    id: controllerId,
    siteId: site.id,
    name: 'Banc',
    doors: Array.from({ length: doors }, (_, i) => ({
      door: i + 1,
      kind: 'compartment',
      size: 'S',
      doorSensor: true,
      occupancySensor: true,
    })),
  })
  const resident = await made('/api/residents', { siteId: site.id, name: 'Jeanne Petit', flat: '12' })
  await made('/api/carriers', { siteId: site.id, name: 'Rapide', code: carrierCode })
  const courier = await signIn(url, { siteId: site.id, carrierCode })
  const asResident = await signIn(url, { memberNumber: resident.memberNumber, pin: resident.pin })
  return { landlord, courier, asResident, siteId: site.id!, resident, password: bank.password!, codeKey: bank.codeKey! }
}
