import WebSocket from 'ws'
import type { Change, LiveMessage } from '../../schema/api/live.ts'
import { asPerson } from './api.ts'
import { eventually } from './eventually.ts'

export type Watcher = { socket: WebSocket; messages: LiveMessage[]; changes(): Change[]; closed: Promise<number> }

/** A watcher of the site's live stream, who has got the snapshot. */
export async function watchLive(url: string, { siteId, who }: { siteId: string; who: object }): Promise<Watcher> {
  const { body } = await asPerson(url)('POST', '/api/sessions', who)
  const headers = { authorization: `Bearer ${body.token}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?siteId=${siteId}`, { headers })
  const messages: LiveMessage[] = []
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  socket.on('error', () => {})
  socket.on('message', data => messages.push(JSON.parse(String(data))))
  await eventually(() => messages.some(each => each.type === 'snapshot'))
  return { socket, messages, closed, changes: () => messages.filter(each => each.type === 'change') }
}
