import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { addAccount, hasLandlord, lockFirstLandlord, replaceSetupLink, setupLinkExpiry } from '../store/accounts.ts'
import { newId } from './ids.ts'
import { hashSecret } from './secret-hash.ts'
import { forgetAccountTries, normalEmail } from './sessions.ts'

type Person = { email: string; password: string; name?: string | undefined }

const linkLifeMs = 24 * 3_600_000
const tokenHashOf = (token: string) => createHash('sha256').update(token).digest()

/** The landlord named in the settings, when there is none yet; changes nothing later. */
export async function makeFirstLandlord(
  ctx: Context,
  { email, password }: { email?: string | null | undefined; password?: string | null | undefined },
): Promise<boolean> {
  if (!email || !password || (await hasLandlord(ctx.sql))) return false
  const passwordHash = await hashSecret(password)
  return ctx.sql.begin(async tx => {
    await lockFirstLandlord(tx)
    if (await hasLandlord(tx)) return false
    return addLandlord(ctx, tx, { email, passwordHash })
  })
}

/** A new link's token, told once, only its hash is kept; older links are void. Null once there is a landlord. */
export async function makeSetupLink(ctx: Context): Promise<string | null> {
  const token = randomBytes(32).toString('base64url')
  return ctx.sql.begin(async tx => {
    await lockFirstLandlord(tx)
    const isDone = await hasLandlord(tx)
    const expiresAt = new Date(ctx.now().getTime() + linkLifeMs)
    await replaceSetupLink(tx, isDone ? undefined : { tokenHash: tokenHashOf(token), expiresAt })
    return isDone ? null : token
  })
}

/** Refusals: link-used (there is a landlord), link-unknown (none, or not the newest), link-too-old, already-there. */
export async function setUp(ctx: Context, { token, ...person }: Person & { token: string }): Promise<void> {
  const tokenHash = tokenHashOf(token)
  const mustHold = async (sql: Parameters<typeof hasLandlord>[0]) => {
    const expiresAt = await setupLinkExpiry(sql, tokenHash)
    // asked in this order: who becomes the landlord meanwhile takes the link away with it, and it is used, not unknown
    if (await hasLandlord(sql)) throw new Refusal('link-used')
    if (!expiresAt) throw new Refusal('link-unknown')
    if (expiresAt <= ctx.now()) throw new Refusal('link-too-old')
  }
  // Looked at before as well: a password's hash is costly, and anyone may ask.
  await mustHold(ctx.sql)
  const passwordHash = await hashSecret(person.password)
  await ctx.sql.begin(async tx => {
    await lockFirstLandlord(tx)
    await mustHold(tx)
    if (!(await addLandlord(ctx, tx, { ...person, passwordHash })))
      throw new Refusal('already-there', { field: 'email' })
  })
  ctx.log.info({}, 'the first landlord was made by the set-up link')
}

type NewLandlord = { email: string; name?: string | undefined; passwordHash: string }

async function addLandlord(ctx: Context, tx: Tx, { email, name, passwordHash }: NewLandlord): Promise<boolean> {
  const account = { id: newId(), email: normalEmail(email), name: name ?? email, passwordHash, createdAt: ctx.now() }
  const id = await addAccount(tx, { ...account, role: 'landlord' })
  if (id === undefined) return false
  await replaceSetupLink(tx)
  await forgetAccountTries(tx, account.email)
  return true
}
