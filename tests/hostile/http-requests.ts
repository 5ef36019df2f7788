import type { Shape } from '../http/bad-values.ts'
import { below, pick, type Random } from './mutate.ts'

/** One request before it is bytes. */
export type Draft = {
  method: string
  path: string
  query: string
  headers: [name: string, value: string][]
  body: Buffer | undefined
  /** bytes behind it on the same connection */
  behind: Buffer
  /** how much of it is sent */
  share: number
}

export const longText = 'x'.repeat(300_000)
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** Members' values, as JSON text: what no shape wants and some that one does. */
const strange = [
  ...['null', 'true', '-1', '0', '1.5', '1e999', '-0', '9007199254740993', '1e308', '""', '" "', '[]', '{}', '[null]'],
  ...['"\\u0000"', '"\\ud800"', '"a\\udc00b"', '"\\u202eevil"', '"\\ufeff"', '"🔒"', '"\' or 1=1 --"', '"<script>"'],
  ...['"__proto__"', '"constructor"', '{"__proto__":{"role":"landlord"}}', '{"constructor":{"prototype":{"a":1}}}'],
  ...['"toString"', '{"toString":1,"valueOf":2}', '{"then":1}', '"2026-02-31T00:00Z"', '"NaN"', '"$1"', '"%00"'],
  ...['"../../etc/passwd"', '"http://127.0.0.1/"', `"${'é'.repeat(1_000)}"`, `"${'@'.repeat(20_000)}"`],
  ...[deep(30), deep(2_000), deep(100_000), `"${longText}"`, `[${'0,'.repeat(50_000)}0]`],
]
const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'role',
  'siteIds',
  'actorId',
  '\u202e',
  'x.y',
]

/** A body of the shape, from what is known of its members. */
export function goodBody(shape: Shape, known: Record<string, unknown>, random: Random): Record<string, unknown> {
  const members = Object.entries(shape.properties ?? {}).filter(
    ([name]) => shape.required?.includes(name) || (name in known && random() < 0.5),
  )
  return Object.fromEntries(members.map(([name, member]) => [name, goodValue(name, member, { known, random })]))
}

type Around = { known: Record<string, unknown>; random: Random }
export function goodValue(name: string, shape: Shape, { known, random }: Around): unknown {
  const value = known[name]
  if (Array.isArray(value)) return pick(random, value)
  if (value !== undefined) return value
  if (shape.enum) return pick(random, shape.enum)
  if (shape.type === 'integer') return below(random, 100)
  if (shape.type === 'boolean') return random() < 0.5
  if (shape.type === 'array') return [goodValue(name, shape.items!, { known, random })]
  if (shape.type === 'object') return goodBody(shape, known, random)
  return `word-${below(random, 1e6)}`
}

type Change = (draft: Draft, random: Random) => Partial<Draft>

const changeMember: Change = ({ body }, random) => {
  const text = body?.toString() ?? '{}'
  const found = [...text.matchAll(/"(\w+)":("(?:[^"\\]|\\.)*"|-?\d+|true|false)/g)]
  if (found.length === 0) return { body: Buffer.from(pick(random, strange)) }
  const { 0: whole, 1: name, index } = pick(random, found)
  const other = pick(random, [
    () => `"${name}":${pick(random, strange)}`,
    () => `"${name}":${pick(random, strange)}`,
    () => `"${pick(random, names)}":${pick(random, strange)}`,
    () => `${whole},"${pick(random, names)}":${pick(random, strange)}`,
    () => `${whole},"${name}":${pick(random, strange)}`,
    () => '"gone":0',
  ])()
  return { body: Buffer.from(text.slice(0, index) + other + text.slice(index + whole.length)) }
}

const changeBytes: Change = ({ body = Buffer.from('{}') }, random) => {
  const bytes = Buffer.from(body)
  const at = below(random, bytes.length + 1)
  return {
    body: pick(random, [
      () => bytes.subarray(0, at),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(random, badBytes)), bytes.subarray(at)]),
      () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
      () => Buffer.from(bytes.toString(), 'utf16le'),
      () => Buffer.concat([bytes, bytes]),
      () => Buffer.from(pick(random, strange)),
      () => Buffer.alloc(0),
    ])(),
  }
}
const badBytes = [[0], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x80, 0xae], [0x7b], [0x22], [0x5c], [0x0a]]

const changePath: Change = ({ path }, random) => {
  const parts = path.split('/')
  if (parts.length < 2) return {}
  const at = 1 + below(random, parts.length - 1)
  const part = pick(random, [
    ...[
      '__proto__',
      'constructor',
      '..',
      '%2e%2e',
      '%00',
      '%ff',
      '%',
      '%zz',
      '%e2%80%ae',
      'x'.repeat(1_200),
      ';a=b',
      '*',
    ],
    ...[encodeURIComponent(parts[at]!), parts[at]!.toUpperCase(), parts[at]!.slice(1), `${parts[at]}%0d%0ax:y`],
    ...[
      flipped(parts[at]!, random),
      flipped(parts[at]!, random),
      `${parts[at]}/`,
      `/${parts[at]}`,
      `${parts[at]}/x`,
      '',
    ],
  ])
  const whole = ['*', '//evil', 'http://[', 'http://evil.example/', '/..%2f..%2fetc/passwd', '/docs/../../x', '/setup']
  return { path: random() < 0.1 ? pick(random, whole) : parts.with(at, part).join('/') }
}
/** Another digit in an id. */
function flipped(text: string, random: Random): string {
  const at = below(random, text.length + 1)
  return text.slice(0, at) + pick(random, [...'0f-zZ_\'"']) + text.slice(at + 1)
}

const changeQuery: Change = ({ query }, random) => {
  const more = pick(random, [
    ...[
      '__proto__=1',
      '__proto__[a]=1',
      'constructor=1',
      'a=%',
      'a=%00',
      'a=%ff',
      '&&&==',
      '%00',
      'siteId=',
      'q=%ed%a0%80',
    ],
    ...[
      query,
      'siteId=x&siteId=y',
      'limit=1e3',
      'limit=-1',
      'cursor=%00',
      'cursor=AAAA',
      'suspect=maybe',
      'from=2026-02-31T00:00Z',
    ],
    ...[`q=${'a'.repeat(5_000)}`, Array.from({ length: 500 }, (_, i) => `a${i}=1`).join('&'), 'q=%E2%80%AE', '🔒=1'],
  ])
  return { query: random() < 0.5 ? more : `${query}&${more}` }
}

const changeMethod: Change = (_draft, random) => ({
  method: pick(random, [
    ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'SEARCH', 'PROPFIND', 'QUERY', 'get', 'X'],
  ]),
})

const changeHeader: Change = ({ headers, body }, random) => {
  const length = body?.length ?? 0
  const [name, value] = pick(random, [
    () => [
      'authorization',
      pick(random, ['Bearer', 'Bearer ', 'Basic YTpi', `Bearer ${'x'.repeat(43)}`, 'bearer\ta', longHeader]),
    ],
    () => [
      'cookie',
      pick(random, ['doors=', 'doors="', 'doors=%', '__proto__=1', 'doors=a; doors=b', ';;==', longHeader]),
    ],
    () => ['content-type', pick(random, types)],
    () => ['content-length', String(pick(random, [0, length - 1, length + 10, -1, 1e15, '5, 5', '0x10', '+3', 'NaN']))],
    () => ['idempotency-key', pick(random, ['', ' ', 'same', 'same', 'é', 'x'.repeat(200), '\u0001', '__proto__'])],
    () => ['transfer-encoding', pick(random, ['chunked', 'chunked, chunked', 'gzip', 'identity', 'xchunked'])],
    () => ['origin', pick(random, ['null', 'https://evil.example', '', 'http://[', 'file://'])],
    () => ['host', pick(random, ['', 'evil.example', 'a b', '127.0.0.1:99999', '[::1'])],
    () => ['x-forwarded-for', pick(random, ['nonsense', '::1', '127.0.0.1', 'a'.repeat(2_000), ',,,', '10.0.0.1, x'])],
    () => ['expect', pick(random, ['100-continue', 'the worst'])],
    () => ['upgrade', pick(random, ['websocket', 'h2c', ''])],
    () => ['connection', pick(random, ['upgrade', 'keep-alive, upgrade', 'close, close', 'host', ''])],
    () => ['accept', pick(random, ['text/csv', '*/*;q=x', 'text/csv;', longHeader])],
    () => [pick(random, ['x\0y', 'x y', '', 'é', '__proto__', 'x:']), 'v'],
    () => ['x-large', 'x'.repeat(20_000)],
    () => ['range', 'bytes=0-0,-1,5-2'],
    () => ['if-none-match', '*'],
  ])() as [string, string]
  // beside the right one, or in its place
  const rest = random() < 0.3 ? headers : headers.filter(([each]) => each !== name)
  return { headers: [...rest, [name, value]] }
}
const longHeader = `Bearer ${'a'.repeat(8_000)}`
const types = [
  ...['text/plain', 'application/json; charset=utf-16', 'application/json;', 'application/json, text/html', '', ';;;'],
  ...[
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'APPLICATION/JSON',
    'application/problem+json',
    '\u0001',
  ],
]

const losesHost: Change = ({ headers }) => ({ headers: headers.filter(([name]) => name !== 'host') })
const halves: Change = (_draft, random) => ({ share: random() })
const hasMoreBehind: Change = (draft, random) => ({
  behind: pick(random, [
    () => Buffer.from(Array.from({ length: 1 + below(random, 200) }, () => below(random, 256))),
    () => bytesOf(draft).subarray(0, below(random, 80)),
    () => Buffer.from('GET / HTTP/9.9\r\n\r\n'),
    () => Buffer.from('POST /api/sites HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n'),
    () => Buffer.from('GET /health HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(50)),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  ])(),
})

const gentle = [
  changeMember,
  changeMember,
  changeMember,
  changePath,
  changeQuery,
  changeHeader,
  changeHeader,
  changeMethod,
]
const rough = [changeBytes, changeBytes, losesHost, halves, hasMoreBehind]

export function mutate(draft: Draft, random: Random): Draft {
  const times = pick(random, [0, 1, 1, 1, 1, 2, 3])
  let mutated = draft
  for (let n = 0; n < times; n++)
    mutated = { ...mutated, ...pick(random, random() < 0.8 ? gentle : rough)(mutated, random) }
  return mutated
}

export function bytesOf({ method, path, query, headers, body, behind, share }: Draft): Buffer {
  const known = new Set(headers.map(([name]) => name))
  const lengths = known.has('content-length') || known.has('transfer-encoding') || !body
  const all: [string, string][] = lengths ? headers : [...headers, ['content-length', String(body.length)]]
  const lines = [
    `${method} ${path}${query && `?${query}`} HTTP/1.1`,
    ...all.map(([name, value]) => `${name}: ${value}`),
  ]
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body ?? Buffer.alloc(0)])
  return Buffer.concat([bytes.subarray(0, Math.ceil(bytes.length * share)), behind])
}
