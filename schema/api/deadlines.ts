import { Type } from 'typebox'
import { At, body, Day, Reason } from './shared.ts'

const Clock = Type.String({ minLength: 5, maxLength: 5, pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const count = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** A caretaker says why, and is not counted; a resident does not. */
export const Extend = body({ reason: Type.Optional(Reason) })
/** the last day that somebody is away */
export const HoldFor = body({ until: Day })
export const NewDeadline = Type.Object({
  id: Type.String(),
  state: Type.String(),
  deadlineAt: At,
  /** by residents themselves */
  extensions: Type.Integer(),
})

const rules = {
  /** open days */
  deadlineDays: count(1, 60),
  /** how often a resident may extend one parcel, and by how many open days */
  extensions: count(0, 10),
  extensionDays: count(1, 60),
  /** how many days ahead a parcel can be held; 0: not at all */
  holdDays: count(0, 90),
  /** days that do not count: 1 Monday … 7 Sunday, single ones, public holidays */
  closedWeekdays: Type.Array(count(1, 7), { maxItems: 6 }),
  closedDays: Type.Array(Day, { maxItems: 400 }),
  holidays: Type.Enum(['none', 'FR']),
  /** no SMS and no call between them; the same twice: at any hour */
  quietFrom: Clock,
  quietUntil: Clock,
}
export const SiteRules = Type.Object({ ...rules, timeZone: Type.String() })
export const ChangeRules = body({
  deadlineDays: Type.Optional(rules.deadlineDays),
  extensions: Type.Optional(rules.extensions),
  extensionDays: Type.Optional(rules.extensionDays),
  holdDays: Type.Optional(rules.holdDays),
  closedWeekdays: Type.Optional(rules.closedWeekdays),
  closedDays: Type.Optional(rules.closedDays),
  holidays: Type.Optional(rules.holidays),
  quietFrom: Type.Optional(rules.quietFrom),
  quietUntil: Type.Optional(rules.quietUntil),
})
