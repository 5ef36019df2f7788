import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment, whole } from './columns.ts'
import { doors, grants } from './doors.ts'
import { residents, sites } from './sites.ts'

/** What can be booked behind a door. */
export const rooms = pgTable(
  'rooms',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    doorId: uuid('door_id')
      .notNull()
      .unique()
      .references(() => doors.id),
    name: text('name').notNull(),
    capacity: integer('capacity').notNull(),
    /** how many can be booked at one time; never changed: bookings have a number of them each */
    places: integer('places').notNull(),
    bufferMs: whole('buffer_ms').notNull(),
    longestMs: whole('longest_ms').notNull(),
    aheadMs: whole('ahead_ms').notNull(),
    whoMayBook: text('who_may_book', { enum: ['members', 'caretaker'] }).notNull(),
    noShowMs: whole('no_show_ms').notNull(),
    holidays: text('holidays', { enum: ['none', 'FR'] }).notNull(),
    madeAt: moment('made_at').notNull(),
    retiredAt: moment('retired_at'),
  },
  t => [index('rooms_site').on(t.siteId)],
)

/** Clocks on the site's wall; `until` not later than `from`: on the next day. */
export const roomHours = pgTable(
  'room_hours',
  {
    roomId: uuid('room_id')
      .notNull()
      .references(() => rooms.id),
    weekday: integer('weekday').notNull(),
    from: text('from').notNull(),
    until: text('until').notNull(),
  },
  t => [primaryKey({ columns: [t.roomId, t.weekday, t.from] })],
)

/** Days that are not as their weekday, or open although a public holiday; both clocks null: closed. */
export const roomExceptions = pgTable(
  'room_exceptions',
  {
    roomId: uuid('room_id')
      .notNull()
      .references(() => rooms.id),
    day: text('day').notNull(),
    from: text('from'),
    until: text('until'),
    reason: text('reason'),
  },
  t => [primaryKey({ columns: [t.roomId, t.day] })],
)

export const workshops = pgTable(
  'workshops',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    roomId: uuid('room_id')
      .notNull()
      .references(() => rooms.id),
    title: text('title').notNull(),
    hostId: uuid('host_id')
      .notNull()
      .references(() => residents.id),
    from: moment('from').notNull(),
    until: moment('until').notNull(),
    places: integer('places').notNull(),
    state: text('state', { enum: ['announced', 'cancelled'] }).notNull(),
    means: text('means', { enum: ['code', 'totp', 'badge'] }).notNull(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grants.id),
    madeAt: moment('made_at').notNull(),
  },
  t => [index('workshops_site').on(t.siteId, t.until), index('workshops_room').on(t.roomId, t.from)],
)

export const workshopSeats = pgTable(
  'workshop_seats',
  {
    workshopId: uuid('workshop_id')
      .notNull()
      .references(() => workshops.id),
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    state: text('state', { enum: ['signed-up', 'cancelled'] }).notNull(),
    means: text('means', { enum: ['code', 'totp', 'badge'] }).notNull(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grants.id),
    madeAt: moment('made_at').notNull(),
  },
  t => [primaryKey({ columns: [t.workshopId, t.residentId] })],
)

/**
 * A place of a room for a time. No two of them that hold overlap, the buffer counted: see by-hand.sql. A workshop holds
 * every place of its room by one row each.
 */
export const bookings = pgTable(
  'bookings',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    roomId: uuid('room_id')
      .notNull()
      .references(() => rooms.id),
    place: integer('place').notNull(),
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    workshopId: uuid('workshop_id').references(() => workshops.id),
    from: moment('from').notNull(),
    until: moment('until').notNull(),
    /** until, and what the room is kept free for after it */
    heldUntil: moment('held_until').notNull(),
    /** kept: its grant was used at the door; released: nobody came */
    state: text('state', { enum: ['booked', 'kept', 'cancelled', 'released'] }).notNull(),
    /** given back when nobody came by then; null: never, or its time passed without anybody being missed */
    noShowAt: moment('no_show_at'),
    /** null, as its grant: a workshop's */
    means: text('means', { enum: ['code', 'totp', 'badge'] }),
    grantId: uuid('grant_id').references(() => grants.id),
    madeAt: moment('made_at').notNull(),
  },
  t => [
    index('bookings_room').on(t.roomId, t.from),
    index('bookings_resident').on(t.residentId, t.until),
    index('bookings_workshop').on(t.workshopId),
    index('bookings_grant').on(t.grantId),
    index('bookings_no_show').on(t.noShowAt).where(sql`state = 'booked'`),
    index('bookings_until').on(t.until),
  ],
)
