import { createHash, randomBytes } from 'node:crypto'
import type { Role } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../postgres/connect.ts'
import { Refusal } from '../refusal.ts'
import { accountByEmail, carrierByCode, residentByMemberNumber } from '../store/accounts.ts'
import {
  addSession,
  countTry,
  dropEndedSessions,
  endSession,
  forgetTries,
  forgetTriesOf,
  liveSession,
  lockedUntil,
  takeBackTry,
  touchSession,
} from '../store/sessions.ts'
import { signInCodeFits } from './ask-sign-in.ts'
import { newId } from './ids.ts'
import { isOtpAsked, otpFits } from './otp.ts'
import { hashCarrierCode, nobodysHash, secretMatches } from './secret-hash.ts'
import { makeTurns } from './turns.ts'
import { readAgent } from './user-agent.ts'

export type Session = { id: string; role: Role; actorId: string; siteIds: string[] | null; expiresAt: Date }

export type SignInInput =
  | { type: 'account'; email: string; password: string; otp?: string | undefined }
  | { type: 'carrier'; siteId: string; carrierCode: string }
  | { type: 'resident'; memberNumber: string; pin: string }
  | { type: 'told'; memberNumber: string; oneTimeCode: string }

type Person = { role: Role; actorId: string; name: string; siteIds: string[] | null }

const hourMs = 3_600_000
const lifeMs: Record<Role, number> = {
  landlord: 12 * hourMs,
  caretaker: 12 * hourMs,
  volunteer: 12 * hourMs,
  technician: 12 * hourMs,
  courier: 12 * hourMs,
  resident: 7 * 24 * hourMs,
}

const tokenHashOf = (token: string) => createHash('sha256').update(token).digest()

/** The token is told once and only its hash is kept. `from` is the caller's address, `agent` its User-Agent. */
export function makeSignIn(ctx: Context) {
  const inTurn = makeTurns()
  return async ({ input, from, agent }: { input: SignInInput; from: string; agent?: string | undefined }) => {
    const subjects = subjectsOf(input, from)
    // A try counts until it proves right, so many right ones at once, as of couriers who share a code, would lock each other.
    const person = await inTurn(subjects.everywhere ?? subjects.here, () => judge(ctx, input, subjects))
    const now = ctx.now()
    await dropEndedSessions(ctx.sql, now)
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(now.getTime() + lifeMs[person.role])
    const about = { id: newId(), createdAt: now, expiresAt, ...readAgent(agent) }
    await addSession(ctx.sql, tokenHashOf(token), { ...person, ...about })
    const kept = await findSession(ctx, token)
    return { token, ...person, siteIds: kept?.siteIds ?? person.siteIds, expiresAt }
  }
}

async function judge(ctx: Context, input: SignInInput, { here, everywhere }: Subjects): Promise<Person> {
  const now = ctx.now()
  if (!(await countTry(ctx.sql, here, now))) throw await locked(ctx, here)
  if (everywhere && !(await countTry(ctx.sql, everywhere, now, mostEverywhere))) throw await locked(ctx, everywhere)
  const person = await recognise(ctx, input)
  if (!person) throw new Refusal('wrong-sign-in')
  if (input.type === 'account') {
    const problem = await otpProblem(ctx, person.actorId, input.otp)
    // not wrong, but no success either: it must not wipe out the wrong codes before it
    if (problem && problem.reason !== 'otp-wrong') {
      await takeBackTry(ctx.sql, here)
      if (everywhere) await takeBackTry(ctx.sql, everywhere)
    }
    if (problem) throw problem
  }
  await forgetTries(ctx.sql, here)
  if (everywhere) await takeBackTry(ctx.sql, everywhere)
  return person
}

async function otpProblem(ctx: Context, accountId: string, otp: string | undefined): Promise<Refusal | undefined> {
  const isAsked = await isOtpAsked(ctx.sql, accountId)
  if (!isAsked) return otp === undefined ? undefined : new Refusal('no-second-factor', { field: 'otp' })
  if (otp === undefined) return new Refusal('otp-needed', { field: 'otp' })
  return (await otpFits(ctx, ctx.sql, { accountId, otp })) ? undefined : new Refusal('otp-wrong', { field: 'otp' })
}

export const findSession = (ctx: Context, token: string): Promise<(Session & { lastSeenAt: Date }) | undefined> =>
  liveSession(ctx.sql, tokenHashOf(token), ctx.now())

const seenEveryMs = 60_000

/** That somebody is here is worth one write a minute. */
export async function noteSeen(ctx: Context, { id, lastSeenAt }: { id: string; lastSeenAt: Date }): Promise<void> {
  const now = ctx.now()
  if (now.getTime() - lastSeenAt.getTime() > seenEveryMs) await touchSession(ctx.sql, id, now)
}

export const signOut = (ctx: Context, token: string): Promise<void> => endSession(ctx.sql, tokenHashOf(token))

/** Is this session allowed at the site? A landlord is allowed at all. */
export const worksAt = (session: Pick<Session, 'siteIds'>, siteId: string): boolean =>
  session.siteIds === null || session.siteIds.includes(siteId.toLowerCase())

const locked = async (ctx: Context, subject: string): Promise<Refusal> =>
  new Refusal('locked', { details: { until: (await lockedUntil(ctx.sql, subject))?.toISOString() } })

type Subjects = { here: string; everywhere: string | null }

/** Tries on one name from all addresses together: 200 an hour at most, 0.5 % a day of a PIN of 6 digits. */
const mostEverywhere = 50

/**
 * Five wrong tries lock a name for the address they came from, so that nobody locks another person out from afar; the
 * count over all addresses is the backstop against many of them. Hashed, since what people type into a sign-in field is
 * sometimes another secret.
 */
function subjectsOf(input: SignInInput, from: string): Subjects {
  const name =
    input.type === 'account'
      ? nameOfAccount(input.email)
      : input.type === 'carrier'
        ? ['carrier', input.siteId.toLowerCase()]
        : ['member', input.memberNumber.trim()]
  const everywhere = subjectOf(name)
  // a site's carriers have no names, only codes: wrong ones from elsewhere must not lock all of them
  return { here: `${everywhere}/${hashed([...name, from])}`, everywhere: input.type === 'carrier' ? null : everywhere }
}

const hashed = (parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
const subjectOf = (name: string[]) => `sign-in:${hashed(name)}`
const nameOfAccount = (email: string) => ['email', normalEmail(email)]

/** What was tried before was not this password: whoever is given one must not find the door locked by the wrong ones. */
export const forgetAccountTries = (tx: Tx, email: string): Promise<void> =>
  forgetTriesOf(tx, subjectOf(nameOfAccount(email)))

export const normalEmail = (email: string): string => email.trim().toLowerCase()

async function recognise(ctx: Context, input: SignInInput): Promise<Person | undefined> {
  switch (input.type) {
    case 'account': {
      const account = await accountByEmail(ctx.sql, normalEmail(input.email))
      if (!(await secretMatches(input.password, account?.passwordHash ?? nobodysHash())) || !account) return undefined
      // The sites of the others are read with each request.
      const siteIds = account.role === 'landlord' ? null : []
      return { role: account.role, actorId: account.id, name: account.name, siteIds }
    }
    case 'carrier': {
      const hash = await hashCarrierCode(input.siteId, input.carrierCode)
      const carrier = await carrierByCode(ctx.sql, input.siteId, hash)
      return carrier && { role: 'courier', actorId: carrier.id, name: carrier.name, siteIds: [carrier.siteId] }
    }
    case 'resident': {
      const resident = await residentByMemberNumber(ctx.sql, input.memberNumber.trim())
      if (!(await secretMatches(input.pin, resident?.pinHash ?? nobodysHash())) || !resident) return undefined
      return { role: 'resident', actorId: resident.id, name: resident.name, siteIds: [resident.siteId] }
    }
    case 'told': {
      const resident = await residentByMemberNumber(ctx.sql, input.memberNumber.trim())
      if (!resident || !(await signInCodeFits(ctx, resident, input.oneTimeCode))) return undefined
      return { role: 'resident', actorId: resident.id, name: resident.name, siteIds: [resident.siteId] }
    }
    default:
      input satisfies never
      return undefined
  }
}
