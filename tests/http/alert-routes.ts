import type { Role } from '../../schema/api/shared.ts'
import type { Sample } from './routes.ts'
import type { Site } from './server-for-tests.ts'

const helper: Role[] = ['landlord', 'caretaker', 'volunteer']
const staff: Role[] = [...helper, 'technician']
type Things = Record<'code' | 'pickupCode' | 'alert' | 'spare', string>
type Both = { own: Things; away: Things; foreignSite: { siteId: string } }

/** What is said to be wrong: by residents, at the bank by anyone with the code, and seen to by who helps. */
export function alertRoutes(site: Site, { own, away, foreignSite }: Both): Record<string, Sample> {
  const { siteId, controllerId } = site
  const told = { kind: 'told', id: own.alert }
  return {
    'POST /api/parcels/{id}/alert': {
      ...{ roles: [...helper, 'resident'], params: { id: own.code }, foreign: { id: away.code }, status: 201 },
      body: { kind: 'damaged', says: 'wet' },
    },
    // open to anyone, but rooms are no banks
    'GET /api/banks/{id}': { params: { id: controllerId }, foreign: { id: away.spare } },
    'POST /api/banks/{id}/alerts': {
      ...{ params: { id: controllerId }, foreign: { id: away.spare }, status: 201 },
      body: { code: own.pickupCode, kind: 'door-shut' },
    },
    'GET /api/alerts': { roles: helper, query: { siteId, state: 'open' }, foreign: foreignSite },
    'POST /api/alerts/{id}/take': { roles: helper, params: { id: own.alert }, foreign: { id: away.alert } },
    'GET /api/attention': { roles: staff, query: { siteId }, foreign: foreignSite },
    'POST /api/attention/take': { roles: staff, body: { siteId, ...told, over: true }, foreign: foreignSite },
    'POST /api/attention/release': { roles: staff, body: { siteId, ...told }, foreign: foreignSite },
    'POST /api/alerts/{id}/settle': {
      ...{ roles: helper, params: { id: own.alert }, body: { note: 'seen' }, foreign: { id: away.alert } },
    },
  }
}
