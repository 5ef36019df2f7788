import { pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { bytes, moment, whole } from './columns.ts'
import { accounts } from './sites.ts'

/** The second factor of an account (RFC 6238); until it is confirmed by one code it is not asked for. */
export const secondFactors = pgTable('second_factors', {
  accountId: uuid('account_id')
    .primaryKey()
    .references(() => accounts.id),
  secretWrapped: bytes('secret_wrapped').notNull(),
  madeAt: moment('made_at').notNull(),
  confirmedAt: moment('confirmed_at'),
  /** the time step a code was used of last: neither it nor an earlier one serves again */
  lastStep: whole('last_step'),
})

/** For the day the telephone is lost; each serves once. Only a keyed hash is kept. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    hash: bytes('hash').notNull(),
    usedAt: moment('used_at'),
  },
  t => [primaryKey({ columns: [t.accountId, t.hash] })],
)
