import { index, pgTable, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { residents } from './sites.ts'

/** Codes to sign in with once, asked for by residents. The code is derived from the id: it is stored nowhere. */
export const signIns = pgTable(
  'sign_ins',
  {
    id: uuid('id').primaryKey(),
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    madeAt: moment('made_at').notNull(),
    usedAt: moment('used_at'),
  },
  t => [index('sign_ins_resident').on(t.residentId, t.madeAt)],
)
