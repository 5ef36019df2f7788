import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { folder, startServer } from './support.ts'

test('each start without a landlord prints a new link; with one, none', { timeout: 60_000 }, async () => {
  const database = await freshDatabase()
  onTestFinished(database.drop)
  const env = { HTTP_PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'info', DATA_DIR: folder(), DATABASE_URL: database.url }
  const start = async (more: Record<string, string> = {}) => {
    const server = startServer({ ...env, ...more })
    const link = await eventually(() => /^(http\S+)\/setup#([\w-]{43})$/m.exec(server.heard.text) ?? undefined, {
      withinMs: 20_000,
    })
    return { ...server, base: link[1]!, token: link[2]! }
  }
  const stop = async ({ child, ended }: Awaited<ReturnType<typeof start>>) => {
    child.kill('SIGTERM')
    return (await ended).text
  }
  const first = await start()
  await stop(first)
  const second = await start()
  expect(second.token).not.toBe(first.token)
  const ask = (token: string) =>
    fetch(`${second.base}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, email: 'odile@example.org', password: 'twelve or more' }),
    })
  expect((await ask(first.token)).status).toBe(404)
  expect((await ask(second.token)).status).toBe(201)
  expect((await database.sql`select password_hash from accounts`)[0]!.passwordHash).toMatch(/^scrypt\$16384\$8\$5\$/)
  const said = await stop(second)
  expect(said.split(second.token)).toHaveLength(2)

  const third = startServer(env)
  await eventually(() => third.heard.text.includes('mqtt://'), { withinMs: 20_000 })
  third.child.kill('SIGTERM')
  const { code, text } = await third.ended
  expect(code).toBe(0)
  expect(text).not.toContain('/setup#')
})
