import { below, pick, type Random } from './mutate.ts'

/** What the server has to do behind these bytes: listen on, close with this code, or end what never became whole. */
export type Expected = 'listens' | 'ends' | 'anything' | number
export type Sent = { what: string; bytes: Buffer; frames: number; expected: Expected }

type Frame = {
  opcode: number
  payload?: Buffer | undefined
  fin?: boolean
  /** RSV1 to 3, from the highest bit */
  rsv?: number
  masked?: boolean
  /** the length it says, its own when left out */
  said?: number | bigint
  /** 7-, 16- or 64-bit */
  width?: 0 | 126 | 127
}

const kinds = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

/** RFC 6455 5.2 */
export function frame({ opcode, payload = Buffer.alloc(0), fin = true, rsv = 0, ...about }: Frame): Buffer {
  const { masked = true, said = payload.length } = about
  const width = about.width ?? (said < 126 ? 0 : said < 65_536 ? 126 : 127)
  const length = Buffer.alloc(width === 0 ? 0 : width === 126 ? 2 : 8)
  if (width === 126) length.writeUInt16BE(Number(said))
  if (width === 127) length.writeBigUInt64BE(BigInt(said))
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | (width === 0 ? Number(said) : width)]
  const hidden = masked ? payload.map((byte, at) => byte ^ mask[at % 4]!) : payload
  return Buffer.concat([Buffer.from(head), length, masked ? mask : Buffer.alloc(0), hidden])
}

export const ping = (payload: Buffer): Buffer => frame({ opcode: kinds.ping, payload })
export const closing = (code: number, words = ''): Buffer => {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(words)])
  return frame({ opcode: kinds.close, payload })
}

const noise = (random: Random, most: number) =>
  Buffer.from(Array.from({ length: below(random, most + 1) }, () => below(random, 256)))
const words = (random: Random) =>
  Buffer.from(
    pick(random, ['', 'hello', '{"type":"subscribe"}', '__proto__', '🔒'.repeat(100), 'x'.repeat(1024), '\0']),
  )
const badText = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]
const data = [kinds.text, kinds.binary]
const control = [kinds.close, kinds.ping, kinds.pong]
const part = (opcode: number, text: string, fin: boolean) => frame({ opcode, payload: Buffer.from(text), fin })

type Kind = (random: Random) => { bytes: Buffer | Buffer[]; expected: Expected }

const all: Record<string, Kind> = {
  'a message that nobody asked for': random => ({
    bytes: frame({ opcode: pick(random, data), payload: words(random) }),
    expected: 'listens',
  }),
  'a message in pieces with a ping between': random => ({
    bytes: [part(1, 'a', false), ping(words(random).subarray(0, 100)), part(0, 'b', false), part(0, '', true)],
    expected: 'listens',
  }),
  pings: random => ({ bytes: Array.from({ length: 40 }, () => ping(noise(random, 125))), expected: 'listens' }),
  // of more than 60 that it could not answer yet, ws ends the connection
  'a flood of pings': random => ({
    bytes: Array.from({ length: 200 }, () => ping(noise(random, 125))),
    expected: 'anything',
  }),
  'a pong for nothing': random => ({
    bytes: frame({ opcode: kinds.pong, payload: noise(random, 125) }),
    expected: 'listens',
  }),
  'a length written longer than needed': random => ({
    bytes: frame({ opcode: 1, payload: Buffer.from('abc'), width: pick(random, [126, 127] as const) }),
    expected: 'listens',
  }),
  'reserved bits': random => ({
    bytes: frame({ opcode: pick(random, [...data, kinds.ping]), rsv: 1 + below(random, 7), payload: words(random) }),
    expected: 1002,
  }),
  'no such opcode': random => ({
    bytes: frame({ opcode: pick(random, [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
    expected: 1002,
  }),
  'no mask': random => ({
    bytes: frame({ opcode: pick(random, data), payload: words(random), masked: false }),
    expected: 1002,
  }),
  'a piece of nothing': random => ({ bytes: part(0, 'x', random() < 0.5), expected: 1002 }),
  'a message within a message': random => ({
    bytes: [part(pick(random, data), 'a', false), part(pick(random, data), 'b', true)],
    expected: 1002,
  }),
  'a control frame in pieces': random => ({
    bytes: frame({ opcode: pick(random, control), fin: false }),
    expected: 1002,
  }),
  'a control frame too long': random => ({
    bytes: frame({ opcode: pick(random, control), payload: Buffer.alloc(126 + below(random, 500), 'x') }),
    expected: 1002,
  }),
  'no text': random => ({
    bytes: frame({ opcode: 1, payload: Buffer.from([97, ...pick(random, badText), 98]) }),
    expected: 1007,
  }),
  'a close whose words are no text': random => ({
    bytes: frame({ opcode: 8, payload: Buffer.from([3, 232, ...pick(random, badText), 98]) }),
    expected: 1007,
  }),
  'no such close': random => ({
    bytes: closing(pick(random, [0, 999, 1004, 1005, 1006, 1015, 1100, 2999, 5000, 65_535])),
    expected: 1002,
  }),
  'half a close': () => ({ bytes: frame({ opcode: 8, payload: Buffer.from([3]) }), expected: 1002 }),
  'too much': random => ({
    bytes: frame({ opcode: pick(random, data), payload: Buffer.alloc(1025 + below(random, 200_000), 'x') }),
    expected: 1009,
  }),
  'too much in pieces': random => ({
    bytes: Array.from({ length: 20 }, (_, n) => part(n === 0 ? pick(random, data) : 0, 'x'.repeat(100), n === 19)),
    expected: 1009,
  }),
  'more said than there may be': random => ({
    bytes: frame({
      opcode: 2,
      said: pick(random, [1025, 65_535, 65_536, 2 ** 31, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]),
    }),
    expected: 1009,
  }),
  'more said than sent': random => ({
    bytes: frame({ opcode: pick(random, data), payload: Buffer.from('abc'), said: 200 + below(random, 800) }),
    expected: 'ends',
  }),
  'a frame cut off': random => {
    const whole = frame({ opcode: 1, payload: Buffer.from('x'.repeat(300)) })
    return { bytes: whole.subarray(0, 1 + below(random, 200)), expected: 'ends' }
  },
  'a good close': random => {
    const code = pick(random, [1000, 1001, 1011, 3000, 4001, 4999])
    return { bytes: [closing(code, 'bye'), noise(random, 40)], expected: code }
  },
  'a close without words': () => ({ bytes: frame({ opcode: 8 }), expected: 1005 }),
  'HTTP again': () => ({ bytes: Buffer.from('GET /health HTTP/1.1\r\nhost: x\r\n\r\n'), expected: 1002 }),
  'any bytes': random => ({ bytes: noise(random, 200), expected: 'anything' }),
}

/** Something before it that is all right, then one of all kinds. */
export function hostileFrames(random: Random): Sent {
  const before = Array.from({ length: below(random, 3) }, () => frame({ opcode: 1, payload: words(random) }))
  const [what, kind] = pick(random, Object.entries(all))
  const { bytes, expected } = kind(random)
  const parts = [...before, ...(Array.isArray(bytes) ? bytes : [bytes])]
  // what is one thing counts as one, in however many pieces
  return { what, bytes: Buffer.concat(parts), frames: before.length + 1, expected }
}

export type Heard = { opcode: number; payload: Buffer }

/** The whole frames of the server, which masks none, and what is left. */
export function readFrames(bytes: Buffer): Heard[] {
  const heard: Heard[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes[at + 1]!
    const from = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
    if (from > bytes.length) break
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short
    if (from + length > bytes.length) break
    heard.push({ opcode: bytes[at]! & 15, payload: bytes.subarray(from, from + length) })
    at = from + length
  }
  return heard
}
