import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytes, moment, whole } from './columns.ts'
import { doors } from './doors.ts'
import { residents, sites } from './sites.ts'

export const parcels = pgTable(
  'parcels',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    /** null: it lies on the shelf */
    doorId: uuid('door_id').references(() => doors.id),
    /** its place on the shelf of the conciergerie: handed over at the counter, no door and no grant */
    shelf: text('shelf'),
    /** the parcel it was laid beside: it shares that one's pickup grant and follows its states */
    joinedTo: uuid('joined_to'),
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    carrierId: uuid('carrier_id'),
    receipt: text('receipt').notNull().unique(),
    /** as the courier named it, when it is not the one signed in */
    carrier: text('carrier'),
    tracking: text('tracking'),
    size: text('size', { enum: ['S', 'M', 'L', 'XL'] }).notNull(),
    state: text('state', {
      enum: ['placing', 'waiting', 'collected', 'cancelled', 'expired', 'returned', 'contested'],
    }).notNull(),
    /** what the door said since the last grant began to be used; taking and took: opened, and shut again, for the carrier who takes it back */
    step: text('step', { enum: ['nothing', 'unlocked', 'opened', 'closed', 'taking', 'took'] })
      .notNull()
      .default('nothing'),
    /** the offer the box had before it was reserved: what it goes back to when its door never moved; in-use: another parcel lies there */
    offerBefore: text('offer_before', { enum: ['free', 'unchecked', 'in-use'] }).notNull(),
    notSeen: boolean('not_seen').notNull().default(false),
    unconfirmed: boolean('unconfirmed').notNull().default(false),
    /** its box was opened last by the code of a delegate */
    byDelegate: boolean('by_delegate').notNull().default(false),
    reason: text('reason'),
    placingGrantId: uuid('placing_grant_id'),
    pickupGrantId: uuid('pickup_grant_id'),
    /** the code of somebody who may collect it for its resident, for as long as it opens */
    delegateGrantId: uuid('delegate_grant_id'),
    /** a badge that opens its box as its code does */
    badgeGrantId: uuid('badge_grant_id'),
    /** by which of these its box was opened last */
    usedGrantId: uuid('used_grant_id'),
    madeAt: moment('made_at').notNull(),
    openedAt: moment('opened_at'),
    placedAt: moment('placed_at'),
    deadlineAt: moment('deadline_at'),
    /** when the next reminder is due; null: none is left */
    remindAt: moment('remind_at'),
    /** how often the resident has extended it */
    extensions: integer('extensions').notNull().default(0),
    /** the last day (YYYY-MM-DD) that somebody is away */
    heldUntil: text('held_until'),
    endedAt: moment('ended_at'),
  },
  t => [
    index('parcels_door').on(t.doorId, t.madeAt),
    // what may lie in a box: an empty one's past would be walked through for each wall
    index('parcels_in_box').on(t.doorId, t.madeAt).where(sql`state in ('placing', 'waiting', 'expired', 'contested')`),
    index('parcels_resident').on(t.residentId),
    index('parcels_site').on(t.siteId, t.madeAt),
    index('parcels_ended').on(t.siteId, t.endedAt),
    index('parcels_remind').on(t.remindAt).where(sql`state = 'waiting' and remind_at is not null`),
    index('parcels_joined').on(t.doorId).where(sql`joined_to is not null`),
    index('parcels_overdue').on(t.siteId, t.carrierId).where(sql`state = 'expired'`),
    index('parcels_due').on(t.state, t.deadlineAt).where(sql`state in ('placing', 'waiting')`),
  ],
)

/** Append-only, one row per fact, hash-chained per site. `facts` holds ids and facts only. */
export const history = pgTable(
  'history',
  {
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    n: whole('n').notNull(),
    type: text('type').notNull(),
    at: moment('at').notNull(),
    receivedAt: moment('received_at').notNull(),
    live: boolean('live').notNull(),
    controllerId: text('controller_id'),
    journal: text('journal'),
    seq: whole('seq'),
    doorId: uuid('door_id'),
    grantId: uuid('grant_id'),
    orderId: uuid('order_id'),
    parcelId: uuid('parcel_id'),
    actorId: uuid('actor_id'),
    facts: jsonb('facts').notNull(),
    suspect: text('suspect'),
    /** nobody can try what a row may say against its digest, which proofs of others show */
    salt: uuid('salt').notNull().defaultRandom(),
    previous: bytes('previous').notNull(),
    hash: bytes('hash').notNull(),
  },
  t => [
    primaryKey({ columns: [t.siteId, t.n] }),
    // one number, one event; what contradicts it stands beside it as suspect
    uniqueIndex('history_event').on(t.controllerId, t.journal, t.seq).where(sql`seq is not null and suspect is null`),
    index('history_suspect').on(t.controllerId, t.journal, t.seq).where(sql`suspect is not null`),
    index('history_suspects').on(t.siteId, t.n).where(sql`suspect is not null`),
    index('history_boots')
      .on(t.controllerId, t.type)
      .where(sql`type in ('controller-online', 'journal-behind', 'identity-twice')`),
    index('history_refused_asks').on(t.controllerId, sql`(facts ->> 'ask')`).where(sql`type = 'ask-refused'`),
    index('history_keypads').on(t.siteId, t.receivedAt).where(sql`type = 'keypad-locked'`),
    // what is counted of it: among all the rest these few would be looked for through a whole year
    index('history_counted')
      .on(t.siteId, t.receivedAt)
      .where(sql`type in ('none-free', 'jammed', 'forced', 'held-open')`),
    index('history_received').on(t.receivedAt, t.n),
    index('history_parcel').on(t.parcelId).where(sql`parcel_id is not null`),
    // what names a grant and no parcel: it may be a parcel's all the same
    index('history_grant').on(t.grantId).where(sql`grant_id is not null and parcel_id is null`),
    index('history_door').on(t.doorId, t.n).where(sql`door_id is not null`),
  ],
)

/** Free text and malformed bytes, beside the chain and erasable. */
export const notes = pgTable('notes', {
  id: uuid('id').primaryKey(),
  siteId: uuid('site_id')
    .notNull()
    .references(() => sites.id),
  text: text('text').notNull(),
  createdAt: moment('created_at').notNull(),
})
