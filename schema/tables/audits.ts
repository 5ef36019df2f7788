import { sql } from 'drizzle-orm'
import { pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment, whole } from './columns.ts'
import { controllers } from './doors.ts'
import { sites } from './sites.ts'

/** A walk along a bank: every box is looked into once since `madeAt`. What was found stands in the history. */
export const audits = pgTable(
  'audits',
  {
    id: uuid('id').primaryKey(),
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    controllerId: text('controller_id')
      .notNull()
      .references(() => controllers.id),
    /** the last row of the site's history before it */
    afterN: whole('after_n').notNull(),
    madeBy: uuid('made_by').notNull(),
    madeAt: moment('made_at').notNull(),
    endedAt: moment('ended_at'),
  },
  t => [uniqueIndex('audits_running').on(t.controllerId).where(sql`ended_at is null`)],
)

/** Suspect rows of the history that somebody looked into; the row itself stays as it is. */
export const settlements = pgTable(
  'settlements',
  {
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    n: whole('n').notNull(),
    settledBy: uuid('settled_by').notNull(),
    settledAt: moment('settled_at').notNull(),
    noteId: uuid('note_id').notNull(),
  },
  t => [primaryKey({ columns: [t.siteId, t.n] })],
)
