import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import statics from '@fastify/static'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import { asyncApi, type MqttServers } from '../../schema/wire/asyncapi.ts'
import type { Changes, Context } from '../context.ts'
import { makeFirstLandlord } from '../domain/accounts.ts'
import { startLive } from '../live/live.ts'
import { anyoneRoutes } from './anyone.ts'
import type { App } from './app.ts'
import { caretakerRoutes } from './caretaker.ts'
import { controllerRoutes } from './controllers.ts'
import { courierRoutes } from './courier.ts'
import { answerError } from './errors.ts'
import { historyRoutes } from './history.ts'
import { landlordRoutes } from './landlord.ts'
import { bearerOf, cookieName, keepRoles, originCheck } from './permission.ts'
import { residentRoutes } from './resident.ts'

export type HttpConfig = {
  host: string
  httpPort: number
  adminEmail?: string | null | undefined
  adminPassword?: string | null | undefined
  publicUrl?: string | null | undefined
  trustProxy?: boolean | string | undefined
}

type Parts = {
  isReady(): boolean
  /** where devices connect, once it is known */
  mqttServers(): MqttServers
}

const dashboardFolder = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

export type Http = { url: string; announce(changes: Changes): void; close(): Promise<void> }

export async function startHttp(ctx: Context, config: HttpConfig, parts: Parts): Promise<Http> {
  await makeFirstLandlord(ctx, { email: config.adminEmail, password: config.adminPassword })
  const ownOrigin = originCheck(config.publicUrl)
  const app: App = fastify({
    logger: false,
    trustProxy: config.trustProxy ?? false,
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
    requestTimeout: 30_000,
  }).withTypeProvider() as unknown as App
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, ctx.log))
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { reason: 'not-found', message: 'There is no such route.' } }),
  )
  await addPlugins(app, config)
  keepRoles(app, ctx, ownOrigin)
  addRoutes(app, ctx, config, parts)
  await app.listen({ host: config.host, port: config.httpPort })
  const live = startLive(ctx, app.server, {
    ownOrigin,
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

async function addPlugins(app: App, config: HttpConfig): Promise<void> {
  const https = config.publicUrl?.startsWith('https:') ?? false
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https,
  })
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Conciergerie doors', version: '1' } } })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  if (existsSync(dashboardFolder)) await app.register(statics, { root: dashboardFolder, prefix: '/' })
}

function addRoutes(app: App, ctx: Context, config: HttpConfig, parts: Parts): void {
  app.get('/health', async () => ({ status: 'alive' }))
  app.get('/ready', async (_request, reply) => {
    const ready = parts.isReady()
    return reply.code(ready ? 200 : 503).send({ ready })
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => asyncApi(parts.mqttServers()))
  anyoneRoutes(app, ctx, { secureCookie: config.publicUrl?.startsWith('https:') ?? false })
  landlordRoutes(app, ctx)
  controllerRoutes(app, ctx)
  caretakerRoutes(app, ctx)
  courierRoutes(app, ctx)
  residentRoutes(app, ctx)
  historyRoutes(app, ctx)
}

function urlOf(app: App, host: string): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
