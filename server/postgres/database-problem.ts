type Problem = { code?: unknown; address?: unknown; port?: unknown; cause?: unknown; message?: unknown }

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EACCES',
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
  if (unreachable.has(code)) return `the database is unreachable${place(problem)} (${code})`
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
