import { defaultConfig } from '../../firmware-sim/machine/state.ts'
import { checkOf } from '../../schema/wire/codes.ts'
import { pagesOf } from '../../server/devices/outbox.ts'
import { opensFrom } from '../../server/domain/grants.ts'
import { type ForList, grantsList } from '../../server/domain/grants-list.ts'
import { toBase32, totpByHand } from '../support/one-time-codes.ts'
import { codeKey, type Device, makeDevice, minute, second } from './device.ts'

export type Means = 'code' | 'totp' | 'badge'
/** Somebody's booking as its book knows it; `from` is when the door opens for it. Never changed, only replaced. */
export type Booking = {
  id: string
  number: number
  door: number
  from: number
  until: number
  means: Means
  once: boolean
}
type Span = { startMin: number; lenMin: number }

const stepMs = 30 * second
const codeOf = ({ number }: Booking) => String(10_000_000 + number)
const badgeOf = ({ number }: Booking) => `04a2b9${String(number).padStart(4, '0')}`
const secretOf = ({ number }: Booking) => toBase32(Buffer.from(`secret of grant ${String(number).padStart(4, '0')}`))

/**
 * A controller of two rooms, the book of who may enter, and the list made of it by the server's own functions. Beside it the
 * test's own idea of what the door knows and what its clock says, from which alone `mayEnter` judges.
 */
export function makeRooms() {
  const device = makeDevice({
    ...{ id: 'rooms-1', journalSize: 20_000 },
    doors: [
      { door: 1, kind: 'room' },
      { door: 2, kind: 'room', withoutPower: 'fail-safe' },
    ],
  })
  const rows: ForList[] = []
  let book: Booking[] = []
  let version = 0
  const all: Booking[] = []
  const saidBy = new Map<number, Booking[]>()
  const modes = new Map<number, { mode: string; until: number }>()
  const rooms = {
    device,
    /** every booking ever made, also those cancelled since */
    all,
    /** what the door knows: the last list of which every page arrived */
    known: [] as Booking[],
    clock: { kind: 'none' as 'synced' | 'guessed' | 'none', error: 0, lastKnown: 0, worst: 0 },
    get connected() {
      return device.state.uplink.phase !== 'down'
    },
    book(door: number, span: Span, more: { means: Means; once: boolean }, pages?: number) {
      changed([...book, made(door, timesOf(span), more)], pages)
    },
    /** to another time: the same grant at another time, or this one revoked and another made */
    change(booking: Booking, span: Span, inPlace: boolean, pages?: number) {
      if (!book.some(each => each.id === booking.id)) return
      const times = timesOf(span)
      const moved = inPlace ? { ...booking, ...times } : made(booking.door, times, booking)
      if (inPlace) Object.assign(rowOf(booking), { from: new Date(times.from), until: new Date(times.until) })
      else revoke(booking)
      changed([...without(booking), moved], pages)
    },
    cancel(booking: Booking, pages?: number) {
      if (!book.some(each => each.id === booking.id)) return
      revoke(booking)
      changed(without(booking), pages)
    },
    connect() {
      if (rooms.connected) return
      device.online()
      Object.assign(rooms.clock, { kind: 'synced', error: 0 })
      deliver()
    },
    pass(ms: number) {
      device.pass(ms)
      if (!rooms.connected) return
      // the server answers the next beat
      device.pass(Math.max(0, device.state.uplink.nextStatusUp - device.up))
      device.online()
      Object.assign(rooms.clock, { kind: 'synced', error: 0 })
    },
    booted(kind: 'guessed' | 'none') {
      modes.clear()
      Object.assign(rooms.clock, { kind, lastKnown: device.store.load().flash?.lastTime ?? 0 })
    },
    drift(ms: number) {
      const { clock } = rooms
      if (clock.kind === 'none') return
      device.does({ type: 'clock-drifted', by: ms })
      clock.error += ms
      clock.worst = Math.max(clock.worst, Math.abs(clock.error))
    },
    mode(door: number, mode: string, forMs: number) {
      if (!rooms.connected) return
      device.order({ type: 'mode', mode, forMs, door })
      modes.set(door, { mode, until: device.up + forMs })
      device.ackAll()
    },
    /** Types or holds up what the booking's holder has, its phone some steps of 30 s away from the truth. */
    use(booking: Booking, away: number) {
      if (booking.means === 'badge') device.badge(badgeOf(booking))
      else if (booking.means === 'code') device.type(codeOf(booking))
      else device.type(totpByHand(secretOf(booking), device.now + away * stepMs))
      // the real server knows no more than the list it has just sent
      const asked = Object.values(device.state.asks)[0]
      if (asked) device.hear('order', { ask: asked.ask, type: 'refuse', reason: 'unknown' })
      if (rooms.connected) device.ackAll()
    },
    /** what the device's clock says, as far as it may trust it */
    believed: () => (rooms.clock.kind === 'none' ? rooms.clock.lastKnown + device.up : device.now + rooms.clock.error),
    mayEnter(booking: Booking, away: number): boolean {
      const grant = rooms.known.find(each => each.id === booking.id)
      const { kind, lastKnown } = rooms.clock
      const time = rooms.believed()
      if (!grant || time < grant.from || time > grant.until) return false
      const mode = modes.get(grant.door)
      if (mode?.mode === 'locked' && device.up < mode.until) return false
      const uses = device.written.filter(({ type, cause }) => type === 'unlocked' && causeOf(cause) === grant.id)
      if (grant.once && uses.length > 0) return false
      if (kind === 'none' && (grant.means === 'totp' || grant.from > lastKnown)) return false
      if (grant.means !== 'totp') return true
      const step = Math.floor(device.now / stepMs) + away
      return Math.abs(step - Math.floor(time / stepMs)) <= 1 && !burnt.has(`${grant.id} ${step}`)
    },
    entered(booking: Booking, away: number) {
      burnt.add(`${booking.id} ${Math.floor(device.now / stepMs) + away}`)
    },
  }
  const burnt = new Set<string>()

  const causeOf = (cause: unknown) => (cause as { grant: string }).grant
  const nextVersion = () => Math.max(version + 1, device.now)
  const timesOf = ({ startMin, lenMin }: Span) => {
    const from = device.now + startMin * minute
    return { from: opensFrom('room', new Date(from)).getTime(), until: from + lenMin * minute }
  }

  const rowOf = ({ id }: Booking) => rows.find(each => each.id === id)!
  const without = ({ id }: Booking) => book.filter(each => each.id !== id)
  const revoke = (booking: Booking) =>
    Object.assign(rowOf(booking), { revokedAt: new Date(device.now), revokedVersion: nextVersion() })

  function made(
    door: number,
    times: Pick<Booking, 'from' | 'until'>,
    { means, once }: Pick<Booking, 'means' | 'once'>,
  ) {
    const number = rows.length + 1
    const booking = { id: `g-${number}`, number, door, ...times, means, once }
    put(booking)
    all.push(booking)
    return booking
  }

  function put(booking: Booking) {
    const { id, door, from, until, means, once } = booking
    const check = means === 'totp' ? null : checkOf(codeKey, means === 'badge' ? badgeOf(booking) : codeOf(booking))
    const times = { from: new Date(from), until: new Date(until), madeAt: new Date(device.now), usedAt: null }
    const totp = means === 'totp' ? { totp: { secret: secretOf(booking), digits: 8, period: 30 } } : {}
    const about = { id, door, means, uses: once ? 1 : 0, reopenMs: 0, check, revokedAt: null, revokedVersion: null }
    rows.push({ ...about, ...times, ...totp } as unknown as ForList)
  }

  function changed(next: Booking[], pages?: number) {
    version = nextVersion()
    book = next
    saidBy.set(version, book)
    if (rooms.connected) deliver(pages)
  }

  /** The list as the server sends it; the network goes after so many pages. */
  function deliver(pages = Number.POSITIVE_INFINITY) {
    const list = pagesOf(grantsList(rows, version), version)
    for (const page of list.slice(0, pages)) device.hear('grants', page)
    if (pages >= list.length) rooms.known = saidBy.get(version) ?? []
    if (pages < list.length) device.disconnect()
    else device.ackAll()
  }

  // so many that a list takes several pages, none of them near
  const far = timesOf({ startMin: 100_000, lenMin: 60 })
  book = Array.from({ length: 40 }, () => made(2, far, { means: 'code', once: false }))
  all.length = 0
  device.boot()
  rooms.connect()
  // tries and lock-outs have tests of their own
  device.hear('config', { ...defaultConfig, version: 2, wrongTries: 1_000_000 })
  for (const means of ['code', 'totp', 'badge'] as const)
    for (const door of [1, 2]) rooms.book(door, { startMin: 0, lenMin: 240 }, { means, once: door === 1 })
  return rooms
}
export type Rooms = ReturnType<typeof makeRooms>

/** Whoever is inside leaves; `button`: the device itself must let them out. */
export function leave(device: Device, door: number): { out: boolean; button: boolean; forced: boolean } {
  const forced = () => device.written.filter(each => each.type === 'forced').length
  const before = forced()
  device.does({ type: 'exit', door })
  const button = device.hardware.door(door).bolt === 'unlocked'
  if (!button) device.senses(device.hardware.handle(door))
  const out = device.hardware.door(door).bolt === 'unlocked'
  device.senses(device.hardware.open(door))
  device.senses(device.hardware.shut(door))
  return { out, button, forced: forced() > before }
}
