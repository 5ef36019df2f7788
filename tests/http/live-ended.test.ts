import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { closeCodes, liveBeatMs } from '../../schema/api/live.ts'
import { makeSite, type Server, type Site, startForTests, type Worker } from './server-for-tests.ts'

let server: Server
let site: Site
beforeAll(async () => {
  // the beat of the live view, which looks at the sessions again, is in the test's hands
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  server = await startForTests()
  site = await makeSite(server)
})
afterAll(async () => {
  await server.close()
  vi.useRealTimers()
})

async function watch({ token }: { token: string }) {
  const url = `${server.url.replace('http', 'ws')}/live?siteId=${site.siteId}`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  await new Promise(resolve => socket.once('message', resolve))
  return { socket, closed }
}

const asked = (path: string, body: object) => site.admin.ask('POST', path, body)
const endings: [string, (worker: Worker) => Promise<{ status: number }>][] = [
  ['signed out', ({ ask }) => ask('DELETE', '/api/sessions/me')],
  [
    'signed out from elsewhere',
    async ({ email, password }) =>
      (await server.signedIn({ email, password })).ask('POST', '/api/account/sessions/end-others'),
  ],
  [
    'given another password',
    ({ id }) => asked(`/api/accounts/${id}/password`, { password: 'given a new one', reason: 'x' }),
  ],
  ['without an account now', ({ id }) => asked(`/api/accounts/${id}/close`, { reason: 'moved away' })],
  [
    'of another role now',
    ({ id }) => asked(`/api/accounts/${id}/change`, { name: 'X', role: 'technician', siteIds: [site.siteId] }),
  ],
  [
    'no longer at this site',
    ({ id }) => asked(`/api/accounts/${id}/change`, { name: 'X', role: 'volunteer', siteIds: [] }),
  ],
]

test.each(endings)('whoever is %s watches no longer, and who else watches still does', async (name, end) => {
  const worker = await server.worker('volunteer', [site.siteId], name.replaceAll(' ', '-'))
  const [gone, still] = [await watch(worker), await watch(site.caretaker)]
  expect((await end(worker)).status).toBeLessThan(300)
  vi.advanceTimersByTime(3 * liveBeatMs)
  expect(await gone.closed).toBe(closeCodes.signedOut)
  expect(still.socket.readyState).toBe(WebSocket.OPEN)
  still.socket.close()
  await still.closed
})
