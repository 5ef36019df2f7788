import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { parcels } from './parcels.ts'
import { sites } from './sites.ts'

/** Somebody says that something is wrong with a parcel; a caretaker takes it on and settles it. */
export const alerts = pgTable(
  'alerts',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    parcelId: uuid('parcel_id')
      .notNull()
      .references(() => parcels.id),
    kind: text('kind', { enum: ['not-mine', 'damaged', 'door-shut'] }).notNull(),
    state: text('state', { enum: ['open', 'taken', 'settled'] })
      .notNull()
      .default('open'),
    /** what the bank had told by then: was it connected, its door's state, and which entries of the site's history */
    facts: jsonb('facts').notNull(),
    /** free text lies beside the chain, in notes */
    noteId: uuid('note_id'),
    /** none: by whoever had the code, at the bank */
    madeBy: uuid('made_by'),
    madeAt: moment('made_at').notNull(),
    takenBy: uuid('taken_by'),
    takenAt: moment('taken_at'),
    settledBy: uuid('settled_by'),
    settledAt: moment('settled_at'),
    settleNoteId: uuid('settle_note_id'),
  },
  t => [
    index('alerts_site').on(t.siteId, t.madeAt),
    index('alerts_unsettled').on(t.siteId).where(sql`state <> 'settled'`),
  ],
)
