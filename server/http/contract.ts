import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { RouteOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { App } from './app.ts'
import { cookieName } from './permission.ts'

const Key = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,128}$',
      description: 'The request is done once for it: a repeat gets the same answer.',
    }),
  ),
})

const description =
  'Characters that nobody sees, those that turn the direction of text among them, are taken out of what is sent, and control ' +
  'characters become a space; so do line breaks, but in reasons and notes. Then its length counts. Passwords and files are ' +
  'taken as they are; the cells of a file of residents are read as other names.'

/** /openapi.json and its pages at /docs, made from the routes' own shapes; who may call a route stands with it. */
export async function addContract(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Conciergerie doors', version: '1', description },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: cookieName },
        },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: { ...schema, ...said(route as RouteOptions) }, url }),
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, { routePrefix: '/docs' })
}

function said({ config, method }: RouteOptions): { headers?: TSchema; security?: Record<string, string[]>[] } {
  const roles = config?.roles
  if (!roles) return {}
  const words = { description: `For: ${roles.join(', ')}.`, 'x-roles': roles }
  return { ...words, security: [{ bearer: [] }, { cookie: [] }], ...(method === 'POST' ? { headers: Key } : {}) }
}
