import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import statics from '@fastify/static'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { pagePaths } from '../../schema/api/pages.ts'
import { asyncApi, type MqttServers } from '../../schema/wire/asyncapi.ts'
import type { Changes, Context } from '../context.ts'
import { makeFirstLandlord } from '../domain/first-landlord.ts'
import { startLive } from '../live/live.ts'
import type { Metrics } from '../metrics.ts'
import { Refusal } from '../refusal.ts'
import { accountRoutes } from './account.ts'
import { alertRoutes } from './alerts.ts'
import { anyoneRoutes } from './anyone.ts'
import type { App } from './app.ts'
import { attentionRoutes } from './attention.ts'
import { bankRoutes } from './bank.ts'
import { codeRoutes, doorRoutes } from './caretaker.ts'
import { bookingRoutes } from './caretaker-bookings.ts'
import { boxRoutes } from './caretaker-boxes.ts'
import { counterRoutes } from './caretaker-parcels.ts'
import { carrierRoutes } from './carriers.ts'
import { addContract } from './contract.ts'
import { controllerRoutes } from './controllers.ts'
import { courierRoutes } from './courier.ts'
import { deadlineRoutes } from './deadlines.ts'
import { answerError, answerNoRoute } from './errors.ts'
import { grantRoutes } from './grants.ts'
import { historyRoutes } from './history.ts'
import { landlordRoutes } from './landlord.ts'
import { metricsRoute } from './metrics.ts'
import { myRoomRoutes } from './my-rooms.ts'
import { myWorkshopRoutes } from './my-workshops.ts'
import { noticeRoutes } from './notices.ts'
import { methodsByPath } from './paths.ts'
import { bearerOf, cookieName, keepRoles, originCheck } from './permission.ts'
import { proofRoutes } from './proof.ts'
import { keepIdsSmall, keepTextPlain, keepTextStorable } from './read.ts'
import { databaseProbe } from './ready.ts'
import { refuseBroken, refuseSocket } from './refuse-socket.ts'
import { residentRoutes } from './resident.ts'
import { residentFileRoutes, residentsRoutes } from './residents.ts'
import { roomRoutes } from './rooms.ts'
import { shelfRoutes } from './shelf.ts'
import { statisticsRoutes } from './statistics.ts'
import { takeBackRoutes } from './take-back.ts'

export type HttpConfig = {
  host: string
  httpPort: number
  adminEmail?: string | null | undefined
  adminPassword?: string | null | undefined
  publicUrl?: string | null | undefined
  trustProxy?: boolean | string | undefined
}

type Parts = {
  metrics: Metrics
  isReady(): boolean
  /** where devices connect, once it is known */
  mqttServers(): MqttServers
  /** what does not work, one sentence that anyone may read, so without addresses */
  problem?(): string | null
}

const dashboardFolder = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

export type Http = { url: string; announce(changes: Changes): void; close(): Promise<void> }

export async function startHttp(ctx: Context, config: HttpConfig, parts: Parts): Promise<Http> {
  await makeFirstLandlord(ctx, { email: config.adminEmail, password: config.adminPassword })
  const ownOrigin = originCheck(config.publicUrl)
  const onError = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerError(error, request, reply, ctx.log)
  const app: App = fastify({
    logger: false,
    trustProxy: config.trustProxy ?? false,
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: onError,
    clientErrorHandler: refuseBroken,
    // refused below, in the form of errors
    http: { requireHostHeader: false },
  }).withTypeProvider() as unknown as App
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.removeContentTypeParser('text/plain')
  // Answers go out as they are: the default serialiser would bend what does not fit its shape, unseen.
  app.setSerializerCompiler(() => answer => JSON.stringify(answer))
  app.setErrorHandler(onError)
  // RFC 9110 10.1.1: an expectation that is not known may be passed over
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  const methodsOf = methodsByPath(app)
  app.setNotFoundHandler((request, reply) => answerNoRoute(reply, methodsOf(request.url.split('?', 1)[0]!)))
  app.addHook('onRequest', async (request, reply) => {
    // RFC 9112 3.2
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      throw new Refusal('invalid', { field: 'host' })
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  await addPlugins(app, config)
  keepRoles(app, ctx, ownOrigin)
  keepTextStorable(app)
  keepTextPlain(app)
  keepIdsSmall(app)
  metricsRoute(app, ctx, { metrics: parts.metrics, watchers: () => live.watchers() })
  addRoutes(app, ctx, config, parts)
  await app.listen({ host: config.host, port: config.httpPort })
  const live = startLive(ctx, app.server, {
    ownOrigin,
    refuse: refuseSocket,
    tokenOf: request =>
      bearerOf(request.headers.authorization) ?? app.parseCookie(request.headers.cookie ?? '')[cookieName],
  })
  return {
    url: urlOf(app, config.host),
    announce: live.announce,
    async close() {
      live.close()
      await app.close()
    },
  }
}

const contentPolicy = (scriptSrc: string[]) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc,
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
})

// Labels are read in WebAssembly where the browser cannot by itself.
const courierPolicy = { helmet: { contentSecurityPolicy: contentPolicy(["'self'", "'wasm-unsafe-eval'"]) } }

async function addPlugins(app: App, config: HttpConfig): Promise<void> {
  const https = config.publicUrl?.startsWith('https:') ?? false
  await app.register(helmet, {
    contentSecurityPolicy: contentPolicy(["'self'"]),
    strictTransportSecurity: https,
  })
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await addContract(app)
  if (!existsSync(dashboardFolder)) return
  await app.register(statics, { root: dashboardFolder, prefix: '/', preCompressed: true })
  for (const page of pagePaths) {
    const more = page === '/courier' ? courierPolicy : {}
    app.get(page, { schema: { hide: true }, ...more }, (_request, reply) => reply.sendFile('index.html'))
  }
}

function addRoutes(app: App, ctx: Context, config: HttpConfig, parts: Parts): void {
  app.get('/health', { schema: { response: { 200: Type.Object({ status: Type.String() }) } } }, async () => ({
    status: 'alive',
  }))
  const Ready = Type.Object({ ready: Type.Boolean(), reason: Type.Optional(Type.String()) })
  const databaseAnswers = databaseProbe(ctx.sql)
  app.get('/ready', { schema: { response: { 200: Ready, 503: Ready } } }, async (_request, reply) => {
    const reason = parts.problem?.() ?? null
    const ready = parts.isReady() && reason === null && (await databaseAnswers())
    return reply.code(ready ? 200 : 503).send(reason === null ? { ready } : { ready, reason })
  })
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => asyncApi(parts.mqttServers()))
  anyoneRoutes(app, ctx, { secureCookie: config.publicUrl?.startsWith('https:') ?? false })
  landlordRoutes(app, ctx)
  accountRoutes(app, ctx)
  controllerRoutes(app, ctx)
  doorRoutes(app, ctx)
  boxRoutes(app, ctx)
  counterRoutes(app, ctx)
  codeRoutes(app, ctx)
  carrierRoutes(app, ctx)
  residentsRoutes(app, ctx)
  residentFileRoutes(app, ctx)
  grantRoutes(app, ctx)
  courierRoutes(app, ctx)
  takeBackRoutes(app, ctx)
  shelfRoutes(app, ctx)
  residentRoutes(app, ctx)
  alertRoutes(app, ctx)
  attentionRoutes(app, ctx)
  bankRoutes(app, ctx)
  roomRoutes(app, ctx)
  bookingRoutes(app, ctx)
  myRoomRoutes(app, ctx)
  myWorkshopRoutes(app, ctx)
  deadlineRoutes(app, ctx)
  noticeRoutes(app, ctx)
  historyRoutes(app, ctx)
  proofRoutes(app, ctx)
  statisticsRoutes(app, ctx)
}

function urlOf(app: App, host: string): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
