import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { closeCodes, liveBeatMs } from '../../schema/api/live.ts'
import type { Changes, Context } from '../context.ts'
import { findSession, noteSeen, type Session, worksAt } from '../domain/sessions.ts'
import { Refusal } from '../refusal.ts'
import { makeSiteFeed, type SiteFeed } from './site-feed.ts'
import { makeWatcher, type Watcher } from './watcher.ts'

type Outside = {
  tokenOf(request: IncomingMessage): string | undefined
  ownOrigin(request: IncomingMessage): boolean
  /** answers on the socket and ends it */
  refuse(socket: Duplex, refusal: Refusal): void
  mostBytes?: number
  /** a page that opens sockets without end, or a token handed around, is told 429 */
  mostPerSession?: number
  mostPerSite?: number
}

export type Live = { announce(changes: Changes): void; watchers(): number; close(): void }

/** `/live?siteId=…[&resume=epoch.n]`: who it is, where the page came from and the site are judged before it is accepted. */
export function startLive(
  ctx: Context,
  server: Server,
  { tokenOf, ownOrigin, refuse, mostBytes = 1_000_000, mostPerSession = 100, mostPerSite = 5_000 }: Outside,
): Live {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024,
    clientTracking: true,
  })
  const epoch = randomBytes(6).toString('hex')
  const feeds = new Map<string, SiteFeed>()
  const tokens = new Map<Watcher, string>()

  function feedOf(siteId: string): SiteFeed {
    const feed = feeds.get(siteId) ?? makeSiteFeed(ctx, siteId, epoch)
    feeds.set(siteId, feed)
    return feed
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = URL.canParse(`http://here${request.url}`) ? new URL(`http://here${request.url}`) : undefined
    if (url?.pathname !== '/live') throw new Refusal('not-found')
    if (!ownOrigin(request)) throw new Refusal('wrong-origin')
    const token = tokenOf(request)
    const session = token ? await findSession(ctx, token) : undefined
    if (!session || !token) throw new Refusal('not-signed-in')
    const siteId = (url.searchParams.get('siteId') ?? '').toLowerCase()
    if (!/^[0-9a-f-]{36}$/.test(siteId)) throw new Refusal('invalid', { field: 'siteId' })
    if (!worksAt(session, siteId)) throw new Refusal('not-found', { field: 'siteId' })
    const ofSession = [...tokens.values()].filter(each => each === token).length
    const ofSite = feeds.get(siteId)?.watchers.size ?? 0
    if (ofSession >= mostPerSession || ofSite >= mostPerSite) throw new Refusal('too-many')
    const resume = url.searchParams.get('resume')?.match(/^([0-9a-f]{12})\.(\d{1,15})$/)
    const from = resume ? { epoch: resume[1]!, n: Number(resume[2]) } : undefined
    sockets.handleUpgrade(request, socket, head, accepted => {
      const tooSlow = (waitingBytes: number) =>
        ctx.log.warn({ siteId, role: session.role, waitingBytes }, 'live: a watcher did not read and was closed')
      const watcher = makeWatcher(accepted, socket, { siteId, session, resume: from }, { mostBytes, tooSlow })
      tokens.set(watcher, token)
      accepted.on('error', () => accepted.terminate())
      accepted.on('close', () => {
        tokens.delete(watcher)
        feeds.get(siteId)?.leave(watcher)
      })
      feedOf(siteId).join(watcher)
    })
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    upgrade(request, socket, head).catch(error => {
      if (error instanceof Refusal) return refuse(socket, error)
      ctx.log.warn({ err: error }, 'live: not accepted')
      refuse(socket, new Refusal('unavailable'))
    })
  }
  sockets.on('wsClientError', (_error, socket) => refuse(socket, new Refusal('not-websocket')))
  server.on('upgrade', onUpgrade)

  let beats = 0
  const beating = setInterval(() => {
    beats += 1
    for (const feed of feeds.values()) feed.beat()
    if (beats % 3 === 0) void judgeAgain().catch(error => ctx.log.warn({ err: error }, 'live: sessions not read'))
  }, liveBeatMs)
  beating.unref()

  /** Signed out, ended, or no longer at this site: not watching either. */
  async function judgeAgain(): Promise<void> {
    const sessions = new Map<string, Session | undefined>()
    for (const token of new Set(tokens.values())) {
      const session = await findSession(ctx, token)
      sessions.set(token, session)
      if (session) await noteSeen(ctx, session)
    }
    for (const [watcher, token] of tokens) {
      // who joined meanwhile was judged then
      if (!sessions.has(token)) continue
      const session = sessions.get(token)
      if (!session || !worksAt(session, watcher.siteId)) watcher.close(closeCodes.signedOut, 'signed out')
    }
  }

  return {
    // A site nobody ever watched has no feed and so nothing to resume from.
    announce: changes => feeds.get(changes.siteId.toLowerCase())?.announce(changes),
    watchers: () => tokens.size,
    close() {
      clearInterval(beating)
      server.off('upgrade', onUpgrade)
      for (const client of sockets.clients) client.close(closeCodes.going, 'server is stopping')
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate()
      }, 300)
      sockets.close()
    },
  }
}
