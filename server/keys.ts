import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { Sql } from './postgres/connect.ts'

export type Keys = {
  siteCodeKey(siteId: string): Promise<Buffer>
  passwordMac(password: Buffer): Promise<Buffer>
  /** For secrets kept in a row: a controller's code key, a TOTP secret. */
  wrap(name: string, bytes: Buffer): Promise<Buffer>
  unwrap(name: string, wrapped: Buffer): Promise<Buffer>
}

export const wrongKey =
  'MASTER_KEY does not fit the data, which was made with another key: bring that one back ' +
  '(in MASTER_KEY, or as the file master-key in DATA_DIR); without it no code and no password of a controller can be read'

/** One wrapped key is enough to tell. */
export function keyFits(masterKey: Buffer, { name, wrapped }: { name: string; wrapped: Buffer }): boolean {
  try {
    open(masterKey, name, wrapped)
    return true
  } catch {
    return false
  }
}

/** The master key wraps random data keys only, so it can be changed without touching what they protect. Another one fails with code WRONG_MASTER_KEY. */
export async function openKeys(sql: Sql, masterKey: Buffer): Promise<Keys> {
  if (masterKey.length !== 32) throw new Error('the master key must have 32 bytes')
  const known = new Map<string, Buffer>()
  for (const { name, wrapped } of await sql<{ name: string; wrapped: Buffer }[]>`select name, wrapped from data_keys`)
    known.set(name, openDataKey(name, wrapped))

  function openDataKey(name: string, wrapped: Buffer): Buffer {
    if (!keyFits(masterKey, { name, wrapped })) throw Object.assign(new Error(wrongKey), { code: 'WRONG_MASTER_KEY' })
    return open(masterKey, name, wrapped)
  }

  async function dataKey(name: string): Promise<Buffer> {
    const held = known.get(name)
    if (held) return held
    const fresh = seal(masterKey, name, randomBytes(32))
    await sql`insert into data_keys (name, wrapped, created_at) values (${name}, ${fresh}, now()) on conflict do nothing`
    const [row] = await sql<{ wrapped: Buffer }[]>`select wrapped from data_keys where name = ${name}`
    const key = openDataKey(name, row!.wrapped)
    known.set(name, key)
    return key
  }
  await dataKey('passwords')
  await dataKey('secrets')

  return {
    siteCodeKey: siteId => dataKey(`site-codes:${siteId}`),
    passwordMac: async password =>
      createHmac('sha256', await dataKey('passwords'))
        .update(password)
        .digest(),
    wrap: async (name, bytes) => seal(await dataKey('secrets'), name, bytes),
    unwrap: async (name, wrapped) => open(await dataKey('secrets'), name, wrapped),
  }
}

function seal(key: Buffer, name: string, bytes: Buffer): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function open(key: Buffer, name: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(name))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}
