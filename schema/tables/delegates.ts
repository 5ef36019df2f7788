import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { grants } from './doors.ts'
import { parcels } from './parcels.ts'

/** Who may collect one parcel for its resident. What they may do is the grant; here stands only the name, beside the chain. */
export const delegates = pgTable(
  'delegates',
  {
    id: uuid('id').primaryKey(),
    parcelId: uuid('parcel_id')
      .notNull()
      .references(() => parcels.id),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grants.id),
    name: text('name').notNull(),
    madeAt: moment('made_at').notNull(),
  },
  t => [index('delegates_parcel').on(t.parcelId)],
)
