import postgres from 'postgres'

export type Sql = postgres.Sql<{ bigint: number }>
export type Tx = postgres.TransactionSql<{ bigint: number }>

type ConnectOptions = { max?: number }

export function connect(url: string, { max = 12 }: ConnectOptions = {}): Sql {
  const { address, socketDir } = splitSocketDir(url)
  return postgres(address, {
    ...(socketDir === undefined ? {} : { host: socketDir }),
    max,
    connect_timeout: 10,
    // The driver's own back-off grows to 20 s, so a short restart of the database would be a long one for us.
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
    onnotice: () => {},
    connection: { TimeZone: 'UTC' },
    // postgres.camel would also rename the keys inside jsonb values; those belong to whoever wrote them.
    transform: { undefined: null, column: { from: postgres.toCamel, to: postgres.fromCamel } },
    types: {
      bigint: { to: 20, from: [20], parse: parseInt8, serialize: (value: number) => String(value) },
    },
  })
}

/** Opens `count` connections, so that the first burst of callers does not pay for them. */
export async function warm(sql: Sql, count: number): Promise<void> {
  const reserved = await Promise.allSettled(Array.from({ length: count }, () => sql.reserve()))
  for (const one of reserved) if (one.status === 'fulfilled') one.value.release()
  for (const one of reserved) if (one.status === 'rejected') throw one.reason
}

/** A Unix socket is written as in libpq, postgres://…@localhost/doors?host=/directory, which the driver does not read. */
export function splitSocketDir(url: string): { address: string; socketDir?: string } {
  if (!URL.canParse(url)) return { address: url }
  const parsed = new URL(url)
  const host = parsed.searchParams.get('host')
  if (!host?.startsWith('/')) return { address: url }
  parsed.searchParams.delete('host')
  return { address: parsed.href, socketDir: host }
}

function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a JavaScript number`)
  return value
}
