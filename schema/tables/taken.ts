import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { sites } from './sites.ts'

/** Who sees to something that needs somebody. That it does is read from the door, parcel or controller itself. */
export const taken = pgTable(
  'taken',
  {
    siteId: uuid('site_id')
      .notNull()
      .references(() => sites.id),
    kind: text('kind').notNull(),
    /** the door, parcel, controller, keypad, notice or number in the history that it is about */
    subject: text('subject').notNull(),
    takenBy: uuid('taken_by').notNull(),
    takenAt: moment('taken_at').notNull(),
  },
  t => [primaryKey({ columns: [t.siteId, t.kind, t.subject] })],
)
