import type { Way } from '../../schema/api/statistics.ts'
import type { Context } from '../../server/context.ts'
import { newId } from '../../server/domain/ids.ts'
import { createSite } from '../../server/domain/sites.ts'
import { inserting, runAll } from '../../server/store/bulk.ts'
import { appendHistory, type Fact } from '../../server/store/history.ts'

type Size = 'S' | 'M' | 'L' | 'XL'
export type PastBox = { size: Size; enrolledAt: Date; retiredAt?: Date; outSince?: Date }
export type PastParcel = {
  /** its place in the list of boxes; null: on the shelf */
  box: number | null
  size: Size
  state: 'placing' | 'waiting' | 'collected' | 'cancelled' | 'expired' | 'returned' | 'contested'
  madeAt: Date
  openedAt?: Date
  placedAt?: Date
  endedAt?: Date
  /** how it came to its resident, and ways by which its code was told besides */
  way: Way
  alsoTold?: ('voice' | 'sms' | 'email')[]
  /** laid beside the parcel before it in the list: opened by that one's code */
  joined?: boolean
}
export type PastFact = { type: 'none-free' | 'jammed' | 'forced' | 'held-open'; at: Date } & (
  | { size: Size }
  | { box: number; suspect?: boolean }
)
export type Past = { timeZone: string; boxes: PastBox[]; parcels: PastParcel[]; facts: PastFact[] }

/** A site to which all of that happened, written down as the server would have; each box is a bank of its own. */
export async function tellPast(ctx: Context, { timeZone, boxes, parcels, facts }: Past): Promise<string> {
  const { id: siteId } = await createSite(ctx, { name: 'Past', timeZone })
  const banks = boxes.map((box, at) => ({ ...box, id: `${siteId.slice(-12)}-${at}`, doorId: newId() }))
  const residentId = newId()
  const now = ctx.now()
  await ctx.sql.begin(async tx => {
    await tx`insert into residents (id, site_id, name, flat, member_number, created_at)
      values (${residentId}, ${siteId}, 'Ada', '1', ${siteId.slice(-12)}, ${now})`
    for (const { id, doorId, size, enrolledAt, retiredAt = null, outSince } of banks) {
      await tx`insert into controllers (id, site_id, name, password_mac, code_key_wrapped, enrolled_at, retired_at)
        values (${id}, ${siteId}, 'Bank', '', '', ${enrolledAt}, ${retiredAt})`
      await tx`insert into doors (id, controller_id, site_id, door, kind, size, door_sensor, occupancy_sensor, offer, since)
        values (${doorId}, ${id}, ${siteId}, 1, 'compartment', ${size}, true, false, ${outSince ? 'retired' : 'free'}, ${outSince ?? now})`
    }
    const rows = parcels.map(each => rowsOf(each, { siteId, residentId, bank: banks[each.box ?? 0]! }))
    const withFirst = rows.map(({ parcel }, at) => {
      if (!parcels[at]!.joined) return parcel
      return { ...parcel, joinedTo: rows[at - 1]!.parcel.id, usedGrantId: null }
    })
    await runAll(tx, [
      ...inserting('parcels', withFirst),
      ...inserting(
        'grants',
        rows.flatMap(each => each.grants),
      ),
      ...inserting(
        'orders',
        rows.flatMap(each => each.orders),
      ),
    ])
    for (const each of rows.flatMap(({ notices }) => notices)) await tx`insert into notices ${tx(each)}`
    await appendHistory(
      tx,
      siteId,
      facts.map(each => factOf(each, banks)),
    )
  })
  return siteId
}

type Bank = { id: string; doorId: string }
type At = { siteId: string; residentId: string; bank: Bank }

function rowsOf(each: PastParcel, { siteId, residentId, bank }: At) {
  const { box, way, alsoTold = [], joined: _, ...same } = each
  const [id, grantId] = [newId(), newId()]
  const onShelf = box === null
  const isUsed = each.state === 'collected' && !onShelf && way !== 'unknown'
  const end = each.endedAt ?? each.madeAt
  const at = { siteId, controllerId: bank.id, doorId: bank.doorId }
  const means = way === 'badge' ? 'badge' : 'code'
  const grant = { ...{ from: each.madeAt, until: end, uses: 1, reopenMs: 0, madeAt: each.madeAt }, ...at }
  const order = { type: 'open', boot: 'b', notAfterUp: 0, deadlineAt: end, state: 'done', madeAt: end, unlockedAt: end }
  const told = (['voice', 'sms', 'email'] as const).filter(channel => way === channel || alsoTold.includes(channel))
  return {
    parcel: {
      ...{ ...same, id, siteId, residentId, receipt: id, offerBefore: 'free', step: 'nothing' },
      ...{ notSeen: false, unconfirmed: false, byDelegate: false, extensions: 0 },
      ...{ doorId: onShelf ? null : bank.doorId, shelf: onShelf ? 'A1' : null, joinedTo: null as string | null },
      ...{ openedAt: each.openedAt ?? null, placedAt: each.placedAt ?? null, endedAt: each.endedAt ?? null },
      usedGrantId: isUsed ? grantId : null,
    },
    grants: isUsed ? [{ ...grant, id: grantId, purpose: 'pickup', means, parcelId: id }] : [],
    orders: isUsed && way === 'assisted' ? [{ ...order, ...at, id: newId(), grantId, late: false }] : [],
    notices: told.map(channel => ({
      ...{ id: newId(), siteId, residentId, parcelId: id, kind: 'arrived' as const, channel, language: 'fr' },
      ...{ state: 'sent' as const, runAt: each.madeAt, tries: 1, key: `${id}:${channel}`, madeAt: each.madeAt },
    })),
  }
}

function factOf(each: PastFact, banks: Bank[]): Fact {
  const when = { type: each.type, at: each.at, receivedAt: each.at }
  if ('size' in each) return { ...when, controllerId: banks[0]!.id, facts: { size: each.size } }
  const { id: controllerId, doorId } = banks[each.box]!
  return { ...when, controllerId, doorId, suspect: each.suspect ? 'time-went-back' : null }
}
