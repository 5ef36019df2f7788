import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { parcels } from './parcels.ts'
import { residents, sites } from './sites.ts'

/** What residents are told, one row a channel. References only: text, address and code are derived when it is sent. */
export const notices = pgTable(
  'notices',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    parcelId: uuid('parcel_id').references(() => parcels.id),
    /** the sign-in whose code it tells */
    signInId: uuid('sign_in_id'),
    kind: text('kind', {
      enum: [
        'arrived',
        'new-code',
        'two-days-left',
        'last-day',
        'overdue',
        'collected-by-delegate',
        'contested',
        'sign-in-code',
      ],
    }).notNull(),
    channel: text('channel', { enum: ['email', 'sms', 'voice'] }).notNull(),
    language: text('language').notNull(),
    /** dropped: no longer true when it was its turn, or dead and settled by hand */
    state: text('state', { enum: ['waiting', 'sent', 'dead', 'dropped'] })
      .notNull()
      .default('waiting'),
    /** not before then; while one is being sent, when another server may try again */
    runAt: moment('run_at').notNull(),
    tries: integer('tries').notNull().default(0),
    /** a short word and number; an answer of the provider may hold the address */
    lastProblem: text('last_problem'),
    /** kind, parcel, channel and number: the same fact is told once a channel */
    key: text('key').notNull().unique(),
    madeAt: moment('made_at').notNull(),
    sentAt: moment('sent_at'),
  },
  t => [
    index('notices_due').on(t.state, t.runAt).where(sql`state in ('waiting', 'dead')`),
    index('notices_site').on(t.siteId, t.state, t.id),
    index('notices_parcel').on(t.parcelId),
    index('notices_made').on(t.madeAt),
  ],
)
