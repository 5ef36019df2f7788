import type { Role } from '../../schema/api/shared.ts'
import { newId } from '../../server/domain/ids.ts'
import type { Sample } from './routes.ts'
import { landlord, type Server } from './server-for-tests.ts'

/** One's own account, and those of others; asked last by a landlord without a second factor. */
export async function accountRoutes(server: Server, siteId: string): Promise<Record<string, Sample>> {
  const roles: Role[] = ['landlord', 'caretaker', 'volunteer', 'technician']
  const { password } = landlord
  const spare = await server.signedIn(landlord)
  const listed = await spare.ask<{ items: { id: string; isThis: boolean }[] }>('GET', '/api/account/sessions')
  const spareSession = listed.body.items.find(({ isThis }) => isThis)!.id
  const { id } = await server.worker('volunteer', [siteId], 'changed')
  const about = { roles: ['landlord'] as Role[], params: { id }, foreign: { id: newId() } }
  return {
    'GET /api/account': { roles },
    'GET /api/account/sessions': { roles },
    'DELETE /api/account/sessions/{id}': {
      ...{ roles, params: { id: spareSession }, foreign: { id: newId() }, status: 204 },
    },
    'POST /api/account/sessions/end-others': { roles },
    'POST /api/account/password': { roles, body: { password, newPassword: password } },
    'POST /api/account/second-factor': { roles, body: { password }, status: 201 },
    'POST /api/account/second-factor/confirm': { roles, body: { code: '000000' }, refused: 401 },
    'POST /api/account/second-factor/off': { roles, body: { password, otp: '000000' }, refused: 409 },
    'POST /api/account/recovery-codes': { roles, body: { password, otp: '000000' }, refused: 409 },
    'POST /api/accounts/{id}/change': { ...about, body: { name: 'Ana', role: 'caretaker', siteIds: [siteId] } },
    'POST /api/accounts/{id}/password': { ...about, body: { password: 'a given long one', reason: 'forgotten' } },
    'POST /api/accounts/{id}/reset-second-factor': { ...about, body: { reason: 'lost' }, refused: 409 },
    'POST /api/accounts/{id}/close': { ...about, body: { reason: 'moved away' } },
  }
}
