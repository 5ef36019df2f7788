import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytes, moment, whole } from './columns.ts'
import { residents, sites } from './sites.ts'

export const controllers = pgTable('controllers', {
  id: text('id').primaryKey(),
  siteId: uuid('site_id')
    .notNull()
    .references(() => sites.id),
  name: text('name').notNull(),
  passwordMac: bytes('password_mac').notNull(),
  codeKeyWrapped: bytes('code_key_wrapped').notNull(),
  enrolledAt: moment('enrolled_at').notNull(),
  retiredAt: moment('retired_at'),
  online: boolean('online').notNull().default(false),
  lastHeardAt: moment('last_heard_at'),
  /** away since then, until the deadlines that this hid are moved */
  awaySince: moment('away_since'),
  link: text('link'),
  boot: text('boot'),
  /** uptime in ms told last, and when that was received, by the database's clock: what deadlines are reckoned from */
  up: whole('up').notNull().default(0),
  upAt: moment('up_at'),
  journal: text('journal'),
  first: whole('first').notNull().default(0),
  last: whole('last').notNull().default(0),
  firmware: text('firmware'),
  clock: text('clock'),
  /** by how many ms a clock that had a time was wrong when it was set right last, and when; more than 30 s only */
  clockSetBy: whole('clock_set_by'),
  clockSetAt: moment('clock_set_at'),
  keypads: jsonb('keypads'),
  /** what it reported, all pages of the last status that told its doors */
  doorsSaid: jsonb('doors_said'),
  doorsDiffer: text('doors_differ'),
  grantsMade: whole('grants_made').notNull().default(0),
  grantsKnown: whole('grants_known').notNull().default(0),
  configMade: whole('config_made').notNull().default(1),
  configKnown: whole('config_known').notNull().default(0),
  malformed: integer('malformed').notNull().default(0),
  /** after a restore of the database: its grants are doubtful until this number of its journal is in */
  doubtfulUntil: whole('doubtful_until'),
})

/** The last number recorded of every journal, for ever. */
export const journals = pgTable(
  'journals',
  {
    controllerId: text('controller_id')
      .notNull()
      .references(() => controllers.id),
    journal: text('journal').notNull(),
    seq: whole('seq').notNull(),
    /** device time of the last event with a set clock: one that lies well before it does not add up */
    lastAt: moment('last_at'),
    createdAt: moment('created_at').notNull(),
  },
  t => [primaryKey({ columns: [t.controllerId, t.journal] })],
)

export const doors = pgTable(
  'doors',
  {
    id: uuid('id').primaryKey(),
    controllerId: text('controller_id')
      .notNull()
      .references(() => controllers.id),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    door: integer('door').notNull(),
    kind: text('kind', { enum: ['compartment', 'room'] }).notNull(),
    size: text('size', { enum: ['S', 'M', 'L', 'XL'] }),
    height: text('height', { enum: ['low', 'normal', 'high'] })
      .notNull()
      .default('normal'),
    name: text('name'),
    /** where a compartment stands in its bank: column from the left, row from the top, 1 first; none: nobody said */
    column: integer('column'),
    row: integer('row'),
    doorSensor: boolean('door_sensor').notNull(),
    occupancySensor: boolean('occupancy_sensor').notNull(),
    state: text('state', { enum: ['closed', 'unlocked', 'open', 'jammed', 'unknown'] })
      .notNull()
      .default('unknown'),
    occupied: boolean('occupied'),
    mode: text('mode', { enum: ['normal', 'free', 'locked'] })
      .notNull()
      .default('normal'),
    /** rings until somebody looked, or until a door held open is shut */
    alarm: text('alarm', { enum: ['forced', 'held-open'] }),
    alarmAt: moment('alarm_at'),
    offer: text('offer', { enum: ['free', 'unchecked', 'reserved', 'in-use', 'contested', 'retired'] }).notNull(),
    since: moment('since').notNull(),
  },
  t => [uniqueIndex('doors_number').on(t.controllerId, t.door), index('doors_site').on(t.siteId)],
)

export const grants = pgTable(
  'grants',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    controllerId: text('controller_id')
      .notNull()
      .references(() => controllers.id),
    doorId: uuid('door_id')
      .notNull()
      .references(() => doors.id),
    purpose: text('purpose', {
      enum: ['placing', 'pickup', 'delegate', 'taking', 'opening', 'entry', 'mode'],
    }).notNull(),
    means: text('means', { enum: ['code', 'totp', 'badge', 'order'] }).notNull(),
    parcelId: uuid('parcel_id'),
    /** given to them by a caretaker, for no parcel and no booking */
    residentId: uuid('resident_id').references(() => residents.id),
    from: moment('from').notNull(),
    until: moment('until').notNull(),
    uses: integer('uses').notNull(),
    reopenMs: integer('reopen_ms').notNull().default(0),
    /** HOTP counter, 8 random bytes: with the site's key it gives the code again */
    counter: bytes('counter'),
    /** HMAC of code or badge under the controller's own key */
    check: text('check'),
    totpWrapped: bytes('totp_wrapped'),
    totpStep: whole('totp_step'),
    madeAt: moment('made_at').notNull(),
    /** first version of the list with this grant; none: it is for an order alone */
    madeVersion: whole('made_version'),
    usedAt: moment('used_at'),
    /** when the server booked the use: decides whether a version of the list already tells it */
    usedRecordedAt: moment('used_recorded_at'),
    revokedAt: moment('revoked_at'),
    /** first version of the list without this grant */
    revokedVersion: whole('revoked_version'),
    /** free text lies beside the chain, in notes */
    noteId: uuid('note_id'),
  },
  t => [
    uniqueIndex('grants_check').on(t.controllerId, t.check).where(sql`means = 'code'`),
    index('grants_badge').on(t.controllerId, t.check).where(sql`means = 'badge'`),
    index('grants_totp').on(t.controllerId, t.until).where(sql`means = 'totp'`),
    index('grants_list').on(t.controllerId, t.until).where(sql`means <> 'order'`),
    index('grants_door').on(t.doorId, t.until),
    index('grants_parcel').on(t.parcelId).where(sql`parcel_id is not null`),
    index('grants_resident').on(t.residentId).where(sql`resident_id is not null`),
  ],
)

export const orders = pgTable(
  'orders',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    controllerId: text('controller_id')
      .notNull()
      .references(() => controllers.id),
    doorId: uuid('door_id')
      .notNull()
      .references(() => doors.id),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grants.id),
    type: text('type', { enum: ['open', 'mode'] }).notNull(),
    mode: text('mode', { enum: ['normal', 'free', 'locked'] }),
    forMs: whole('for_ms'),
    ask: text('ask'),
    boot: text('boot').notNull(),
    notAfterUp: whole('not_after_up').notNull(),
    deadlineAt: moment('deadline_at').notNull(),
    state: text('state', { enum: ['made', 'sent', 'done', 'refused', 'expired'] }).notNull(),
    refusedReason: text('refused_reason'),
    madeBy: uuid('made_by'),
    madeAt: moment('made_at').notNull(),
    acceptedAt: moment('accepted_at'),
    unlockedAt: moment('unlocked_at'),
    openedAt: moment('opened_at'),
    late: boolean('late').notNull().default(false),
  },
  t => [
    index('orders_waiting').on(t.deadlineAt).where(sql`state in ('made', 'sent')`),
    index('orders_unlocked').on(t.doorId, t.unlockedAt).where(sql`unlocked_at is not null`),
    index('orders_grant').on(t.grantId),
    uniqueIndex('orders_ask').on(t.controllerId, t.boot, t.ask),
  ],
)
