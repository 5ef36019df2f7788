import WebSocket from 'ws'
import type { Change, LiveMessage } from '../../schema/api/live.ts'
import { asPerson } from './api.ts'
import { eventually } from './eventually.ts'

export type Watcher = { socket: WebSocket; messages: LiveMessage[]; changes(): Change[]; closed: Promise<number> }

type Options = { siteId: string; who: object; resume?: string }

/** A watcher of the site's live stream, who has been told where it stands. */
export async function watchLive(url: string, { siteId, who, resume }: Options): Promise<Watcher> {
  const { body } = await asPerson(url)('POST', '/api/sessions', who)
  const from = resume ? `&resume=${resume}` : ''
  const headers = { authorization: `Bearer ${body.token}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?siteId=${siteId}${from}`, { headers })
  const messages: LiveMessage[] = []
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  socket.on('error', () => {})
  socket.on('message', data => messages.push(JSON.parse(String(data))))
  await eventually(() => messages.length > 0)
  return { socket, messages, closed, changes: () => messages.filter(each => each.type === 'change') }
}
