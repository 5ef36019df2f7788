import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { nameLooks as how } from '../api/name-looks.ts'
import { accountRoles } from '../api/roles.ts'
import { moment } from './columns.ts'
import { rooms } from './rooms.ts'
import { residents } from './sites.ts'

/** Somebody who works here was shown a resident's name: what that resident is told of it. */
export const nameLooks = pgTable(
  'name_looks',
  {
    residentId: uuid('resident_id')
      .notNull()
      .references(() => residents.id),
    at: moment('at').notNull(),
    how: text('how', { enum: how }).notNull(),
    actorId: uuid('actor_id').notNull(),
    /** as it was then */
    role: text('role', { enum: accountRoles }).notNull(),
    /** of which room it was asked who comes */
    roomId: uuid('room_id').references(() => rooms.id),
    /** why, where a reason is asked for; free text lies in notes */
    noteId: uuid('note_id'),
  },
  t => [index('name_looks_resident').on(t.residentId, t.at), index('name_looks_at').on(t.at)],
)
