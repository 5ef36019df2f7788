import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'

export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
/** ms, sequence or version numbers: exact in a JSON number. */
export const whole = (name: string) => bigint(name, { mode: 'number' })
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
