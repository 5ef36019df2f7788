import postgres from 'postgres'

export type Sql = postgres.Sql<{ bigint: number }>
export type Tx = postgres.TransactionSql<{ bigint: number }>

type ConnectOptions = {
  max?: number
  /** Drizzle's migrator reads created_at by that very name: with camelCase it would silently apply nothing. */
  columns?: 'camelCase' | 'as stored'
}

export function connect(url: string, { max = 12, columns = 'camelCase' }: ConnectOptions = {}): Sql {
  if (!URL.canParse(url)) throw new Error('the database url is not of the form postgres://user:password@host:port/name')
  const { address, socketDir } = splitSocketDir(url)
  return postgres(address, {
    ...(socketDir === undefined ? {} : { host: socketDir }),
    max,
    connect_timeout: 10,
    // The driver's own back-off grows to 20 s, so a short restart of the database would be a long one for us.
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
    onnotice: () => {},
    // Every statement is prepared and finds its rows by index: planning each anew took half of a pickup's time.
    // A plan made while a table was nearly empty is kept when it has grown: it must not read it whole.
    connection: {
      ...{ TimeZone: 'UTC', plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' },
    },
    // postgres.camel would also rename the keys inside jsonb values; those belong to whoever wrote them.
    transform: {
      undefined: null,
      column: columns === 'camelCase' ? { from: postgres.toCamel, to: postgres.fromCamel } : {},
    },
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
function splitSocketDir(url: string): { address: string; socketDir?: string } {
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

type Problem = {
  code?: unknown
  syscall?: unknown
  address?: unknown
  port?: unknown
  cause?: unknown
  message?: unknown
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
])

/** A plain sentence when the database cannot be used at all; undefined for every other error. */
export function describeDatabaseProblem(error: unknown): string | undefined {
  for (const problem of withCauses(error)) {
    const sentence = describe(problem)
    if (sentence) return sentence
  }
  return undefined
}

function describe(problem: Problem): string | undefined {
  const { code } = problem
  if (typeof code !== 'string') return undefined
  const noSocket = problem.syscall === 'connect' && (code === 'ENOENT' || code === 'EACCES')
  if (noSocket || unreachable.has(code)) return `the database is unreachable${place(problem)} (${code})`
  if (code === '28P01') return 'the database refused the password: check the user and password in DATABASE_URL'
  if (code.startsWith('28')) return 'the database refused this user: check DATABASE_URL and pg_hba.conf'
  if (code === '3D000') return `the database does not exist${named(problem)}: create it or correct DATABASE_URL`
  if (code === '53300') return 'the database accepts no more connections: raise its max_connections'
  if (code.startsWith('57P')) return 'the database is starting or stopping'
  if (code.startsWith('08')) return `the connection to the database failed${place(problem)} (${code})`
  return undefined
}

function place({ address, port }: Problem): string {
  const host = Array.isArray(address) ? address[0] : address
  if (typeof host !== 'string') return ''
  const number = Array.isArray(port) ? port[0] : port
  return host.startsWith('/') || number === undefined ? ` at ${host}` : ` at ${host}:${number}`
}

function named({ message }: Problem): string {
  const name = typeof message === 'string' ? message.match(/database "([^"]*)"/)?.[1] : undefined
  return name === undefined ? '' : ` (${name})`
}

function withCauses(error: unknown): Problem[] {
  const found: Problem[] = []
  for (let next = error; typeof next === 'object' && next !== null && found.length < 5; ) {
    found.push(next)
    next = (next as Problem).cause
  }
  return found
}
