import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorBody } from '../../schema/api/shared.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'

type Log = Context['log']

type Answer = readonly [status: number, message: string]

/** Every "the rules say no" with its HTTP status; one that is not listed is a conflict with the present state. */
const table: Record<string, Answer> = {
  invalid: [400, 'The request is not as it should be.'],
  'not-http': [400, 'This is no whole HTTP/1.1 request.'],
  'not-websocket': [400, 'This is no handshake of a WebSocket of version 13.'],
  'not-json': [400, 'The body must be JSON.'],
  'not-on-grid': [400, 'Bookings start and end on the quarter of an hour.'],
  'ends-before-start': [400, 'That ends before it starts.'],
  'span-too-long': [400, 'That is a longer time than can be asked for at once; the most days are in the details.'],
  'not-signed-in': [401, 'Sign in first.'],
  'wrong-sign-in': [401, 'Those do not match any account.'],
  'otp-needed': [401, 'This account has a second factor: send its code as otp.'],
  'otp-wrong': [401, 'That code is not the right one, or was used already: wait for the next.'],
  'wrong-password': [403, 'That is not the password of this account.'],
  'not-allowed': [403, 'Your role may not do this.'],
  'wrong-origin': [403, 'This page may not call this server.'],
  'not-found': [404, 'There is no such thing here.'],
  'wrong-method': [405, 'This path is not called that way; see the header Allow.'],
  'code-unknown': [404, 'No parcel of this bank has this code.'],
  'link-unknown': [404, 'This is not the newest set-up link: the server prints a new one at each start.'],
  'link-used': [410, 'The first account was made already, so this link is void: sign in.'],
  'link-too-old': [410, 'This link is older than 24 hours: start the server again, it prints a new one.'],
  'too-late': [408, 'The request took too long to arrive.'],
  'none-free': [409, 'No free compartment of this size.'],
  'not-reachable': [409, 'The controller is not connected now, so nothing can be opened from here.'],
  doubtful: [409, 'The last events of this controller are not in yet; try again in a moment.'],
  'already-shown': [409, 'This was done and its secret was shown once; ask for new credentials.'],
  'box-shared': [409, 'Another parcel lies in the same box under the same code.'],
  'no-box-to-share': [409, 'There is no box of this flat that a second parcel may share.'],
  'not-overdue': [409, 'The deadline of this parcel has not passed, or it is no longer here.'],
  'not-heard': [409, 'The bank is not connected now and has not told yet that the door was opened and shut.'],
  'not-opened': [409, 'The box was not opened for this yet.'],
  'door-open': [409, 'The door is still open: close it first.'],
  'not-seen': [409, 'The sensor sees nothing in the box: is the parcel really inside?'],
  'not-placing': [409, 'This deposit has ended already.'],
  'on-shelf': [409, 'This parcel lies on the shelf of the conciergerie, in no box.'],
  'not-on-shelf': [409, 'This parcel lies in a box: it is not handed over at the counter.'],
  'parcels-here': [409, 'Something lies here for them: hand it over, reassign it or give it back first.'],
  'carrier-ended': [409, 'This carrier comes here no more.'],
  'moved-out': [409, 'They do not live here any more.'],
  'rows-wrong': [409, 'Some rows of the file are wrong; nothing was written.'],
  'no-columns': [400, 'The first row must name the columns: flat and name are needed.'],
  'too-many-rows': [400, 'The file has too many rows; how many it may have is in the details.'],
  'quote-open': [400, 'A quotation mark is never closed; its row is in the details.'],
  'parcel-ended': [409, 'This parcel is not here any more.'],
  'no-second-factor': [409, 'This account has no second factor: leave the code out.'],
  'second-factor-on': [409, 'The second factor is on already: turn it off first.'],
  'last-landlord': [409, 'This is the last landlord: make another one first.'],
  'own-account': [409, 'For your own account this is done with its password and a code, on your own page.'],
  'already-there': [409, 'That exists already.'],
  'extended-already': [409, 'This parcel was extended as often as the site allows; ask at the counter.'],
  'held-too-long': [409, 'A parcel cannot be held for that long; the last day possible is in the details.'],
  'not-dead': [409, 'This notice was sent, or will be by itself.'],
  'no-alarm': [409, 'This door has no alarm: somebody looked already, or it was shut.'],
  'not-a-room': [409, 'Only a room can be held open or shut.'],
  'retired-already': [409, 'This box is out of service already.'],
  'not-retired': [409, 'This box is in service.'],
  'being-used': [409, 'A courier is using this box now; try again in a few minutes.'],
  'parcel-inside': [409, 'A parcel should lie in this box: hand it over, or look into the box first.'],
  'place-taken': [409, 'Two doors cannot stand at the same place; which is in the details.'],
  'not-a-box': [409, 'This is not a box in service.'],
  'not-waiting': [409, 'This parcel is not waiting in its box.'],
  'not-in-a-box': [409, 'This parcel lies in no box now.'],
  'delegate-there': [409, 'Somebody may collect this parcel already; take that back first.'],
  'badge-there': [409, 'A badge opens for this parcel already; take it back first.'],
  'already-used': [409, 'This code was used already.'],
  'taken-already': [409, 'Somebody is looking after this already.'],
  'over-already': [409, 'This needs nobody any more.'],
  'not-yours': [409, 'Somebody else sees to this.'],
  'no-code': [409, 'There is no code for this now.'],
  'same-resident': [409, 'This parcel is for that resident already.'],
  'not-from-here': [409, 'The state cannot be corrected from what it is now to that.'],
  'box-taken': [409, 'Its box is used for something else now: look into the box first.'],
  'audit-running': [409, 'An audit of this bank is under way: go on with it.'],
  'audit-ended': [409, 'This audit has ended.'],
  'settled-already': [409, 'Somebody settled this already.'],
  taken: [409, 'Somebody has booked that already; what is free next is in the details.'],
  'in-the-past': [409, 'That time is over.'],
  'too-long': [409, 'That is longer than this room can be booked for; the longest is in the details.'],
  'too-far-ahead': [409, 'This room cannot be booked that far ahead; the last moment possible is in the details.'],
  'closed-day': [409, 'The room is closed on that day.'],
  'outside-hours': [409, 'The room is not open for all of that time; its hours are in the details.'],
  'caretaker-books': [409, 'This room is booked at the counter.'],
  'booking-ended': [409, 'This booking has ended, was cancelled or given to somebody else.'],
  'badge-needed': [409, 'This opens by a badge, which has to be read again: book anew at the counter.'],
  'over-capacity': [409, 'The room is not made for so many people.'],
  'own-workshop': [409, 'You are the host of this workshop.'],
  'signed-up-already': [409, 'You have a seat in this workshop.'],
  'not-signed-up': [409, 'You have no seat in this workshop.'],
  'workshop-full': [409, 'Every seat of this workshop is taken.'],
  'workshop-over': [409, 'This workshop is over or was cancelled.'],
  'room-retired': [409, 'This room cannot be booked any more.'],
  'still-booked': [409, 'There are bookings to come: cancel them first.'],
  'no-rooms': [409, 'This site has no room doors.'],
  'proof-too-large': [409, 'Too much was recorded about this parcel for one file; the history has all of it.'],
  retired: [409, 'This controller is retired.'],
  'too-large': [413, 'The body is too large.'],
  'wrong-type': [415, 'The body must be sent as application/json.'],
  'key-used-for-another-request': [422, 'This Idempotency-Key was used for another request.'],
  'headers-too-large': [431, 'The headers are too large.'],
  locked: [429, 'Too many wrong tries; wait before the next one.'],
  'seen-enough': [429, 'Enough residents were shown here for now; until when is in the details.'],
  'too-many': [429, 'Too many requests; wait a moment.'],
  'not-ready': [503, 'The server is not ready yet.'],
  unavailable: [503, 'The database cannot be reached now.'],
}

const statusOf = (reason: string): number => table[reason]?.[0] ?? 409

export const answerOf = (refusal: Refusal): { status: number; body: ErrorBody } => ({
  status: statusOf(refusal.reason),
  body: refusalBody(refusal),
})

function refusalBody(refusal: Refusal): ErrorBody {
  const message = table[refusal.reason]?.[1] ?? refusal.message
  return {
    error: {
      reason: refusal.reason,
      message,
      ...(refusal.field === undefined ? {} : { field: refusal.field }),
      ...(refusal.details === undefined ? {} : { details: refusal.details }),
    },
  }
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  if (error instanceof Refusal) return reply.code(statusOf(error.reason)).send(refusalBody(error))
  // it left in the middle of its body, which has the same code as a lost database
  if (request.raw.errored === error) return reply.code(400).send(refusalBody(new Refusal('not-http')))
  const seen = databaseRefusal(error)
  if (seen) {
    log.warn({ code: (error as { code?: string }).code, route: request.routeOptions.url }, 'database')
    return reply.code(statusOf(seen.reason)).send(refusalBody(seen))
  }
  const known = error as Partial<FastifyError>
  if (known.validation) return reply.code(400).send(invalid(known as FastifyError))
  const status = known.statusCode ?? 500
  if (status >= 400 && status < 500) return reply.code(status).send(refusalBody(outerRefusal(status, known.code)))
  // Never the request's body or headers, nor the driver's `parameters`: they may hold a secret.
  const { name, message, stack, code } = error as Error & { code?: string }
  log.error({ err: { name, message, stack, code }, method: request.method, route: request.routeOptions.url }, 'failed')
  return reply.code(500).send({ error: { reason: 'failed', message: 'Something went wrong on our side.' } })
}

/** What fastify itself refuses before a route sees it. */
function outerRefusal(status: number, code = ''): Refusal {
  if (status === 429) return new Refusal('too-many')
  if (status === 413) return new Refusal('too-large', { field: 'body' })
  if (status === 415) return new Refusal('wrong-type', { field: 'content-type' })
  if (/^FST_ERR_(BAD_URL|MAX_PARAM)/.test(code)) return new Refusal('invalid', { field: 'path' })
  return new Refusal('not-json', { field: 'body' })
}

/** RFC 9110 15.5.6: a path that is there, called with another method, names the ones it knows. */
export function answerNoRoute(reply: FastifyReply, methods: string[]): FastifyReply {
  if (methods.length === 0)
    return reply.code(404).send({ error: { reason: 'not-found', message: 'There is no such route.' } })
  return reply
    .code(405)
    .header('allow', methods.join(', '))
    .send(refusalBody(new Refusal('wrong-method')))
}

/** A reference to a row that is not there, and a database that is away, are no faults of ours. */
function databaseRefusal(error: unknown): Refusal | undefined {
  const { code = '' } = error as { code?: string }
  if (code === '23503') return new Refusal('not-found')
  const away = /^(CONNECTION_|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|ENOENT$|08|57P0|53300)/.test(code)
  return away ? new Refusal('unavailable') : undefined
}

function invalid(error: FastifyError): ErrorBody {
  const first = error.validation?.[0] as { instancePath?: string; message?: string; params?: Record<string, unknown> }
  const path = (first?.instancePath ?? '').split('/').filter(Boolean)
  const named = [first?.params?.requiredProperties, first?.params?.additionalProperties]
    .flat()
    .find(n => typeof n === 'string')
  if (typeof named === 'string') path.push(named)
  const field = path.join('.') || error.validationContext || ''
  const words = first?.message?.startsWith('must match pattern') ? 'is not of the right form' : first?.message
  return { error: { reason: 'invalid', message: words ?? error.message, ...(field ? { field } : {}) } }
}
