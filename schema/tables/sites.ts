import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accountRoles, may } from '../api/roles.ts'
import { bytes, moment, whole } from './columns.ts'

export const sites = pgTable('sites', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  language: text('language').notNull().default('fr'),
  timeZone: text('time_zone').notNull().default('Europe/Paris'),
  /** open days from the deposit to the end of the last one */
  deadlineDays: integer('deadline_days').notNull().default(5),
  /** how often a resident may extend one parcel, and by how many open days */
  extensions: integer('extensions').notNull().default(1),
  extensionDays: integer('extension_days').notNull().default(5),
  /** how many days ahead a parcel can be held for somebody who is away; 0: not at all */
  holdDays: integer('hold_days').notNull().default(21),
  /** days on which nobody can collect: 1 Monday … 7 Sunday, single ones (YYYY-MM-DD), public holidays of a country */
  closedWeekdays: integer('closed_weekdays').array().notNull().default([]),
  closedDays: text('closed_days').array().notNull().default([]),
  holidays: text('holidays', { enum: ['FR'] }),
  /** HH:MM: no SMS and no call between them */
  quietFrom: text('quiet_from').notNull().default('22:00'),
  quietUntil: text('quiet_until').notNull().default('07:00'),
  /** head of the site's hash chain, and the checkpoint that its next row names */
  historyN: whole('history_n').notNull().default(0),
  historyHash: bytes('history_hash').notNull(),
  historyCheckpoint: bytes('history_checkpoint').notNull(),
  createdAt: moment('created_at').notNull(),
})

/** Random data keys, wrapped by MASTER_KEY: site codes, controllers' passwords, code keys, TOTP secrets. */
export const dataKeys = pgTable('data_keys', {
  name: text('name').primaryKey(),
  wrapped: bytes('wrapped').notNull(),
  createdAt: moment('created_at').notNull(),
})

export const residents = pgTable(
  'residents',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    name: text('name').notNull(),
    flat: text('flat').notNull(),
    memberNumber: text('member_number').notNull().unique(),
    /** null: none was given yet, as after an import; the counter gives one */
    pinHash: text('pin_hash'),
    needsLowDoor: integer('needs_low_door').notNull().default(0),
    email: text('email'),
    phone: text('phone'),
    /** null: the site's */
    language: text('language'),
    /** how to be told; none: by the caretaker, or at the counter */
    tellBy: text('tell_by', { enum: ['email', 'sms', 'voice'] })
      .array()
      .notNull()
      .default([]),
    createdAt: moment('created_at').notNull(),
    /** nothing is brought for them and nothing opens by their right any more */
    movedOutAt: moment('moved_out_at'),
  },
  t => [index('residents_site').on(t.siteId, t.flat)],
)

export const accounts = pgTable('accounts', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  role: text('role', { enum: accountRoles }).notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: moment('created_at').notNull(),
  /** then without address and password; the name stays beside what was done */
  closedAt: moment('closed_at'),
})

/** The link by which the first landlord is made: one row at most, gone once there is a landlord. */
export const setupLinks = pgTable('setup_links', {
  tokenHash: bytes('token_hash').primaryKey(),
  expiresAt: moment('expires_at').notNull(),
})

/** At which sites somebody works; a landlord works at all. */
export const accountSites = pgTable(
  'account_sites',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
  },
  t => [primaryKey({ columns: [t.accountId, t.siteId] })],
)

export const carriers = pgTable('carriers', {
  id: uuid('id').primaryKey(),
  siteId: uuid('site_id')
    .notNull()
    .references(() => sites.id),
  name: text('name').notNull(),
  codeHash: text('code_hash').notNull(),
  codeMadeAt: moment('code_made_at').notNull(),
  createdAt: moment('created_at').notNull(),
  /** their code opens nothing any more */
  endedAt: moment('ended_at'),
})

export const sessions = pgTable(
  'sessions',
  {
    tokenHash: bytes('token_hash').primaryKey(),
    /** by which it is listed and ended */
    id: uuid('id').notNull().unique(),
    role: text('role', { enum: may.signedIn }).notNull(),
    /** the account, carrier or resident signed in */
    actorId: uuid('actor_id').notNull(),
    siteIds: uuid('site_ids').array(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
    /** as words, not as it was sent */
    browser: text('browser'),
    system: text('system'),
  },
  t => [index('sessions_actor').on(t.actorId)],
)

/** Wrong sign-ins and wrong codes, by what they were tried on; never the code itself. */
export const attempts = pgTable('attempts', {
  subject: text('subject').primaryKey(),
  wrong: integer('wrong').notNull(),
  level: integer('level').notNull(),
  lastAt: moment('last_at').notNull(),
  lockedUntil: moment('locked_until'),
})

/** Answers to POSTs that were repeated. Holds references, never a code or secret. */
export const idempotency = pgTable(
  'idempotency',
  {
    actorId: uuid('actor_id').notNull(),
    key: text('key').notNull(),
    request: text('request').notNull(),
    result: text('result').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  t => [primaryKey({ columns: [t.actorId, t.key] })],
)
