/** Numbers from 0 to below 1. */
export type Random = () => number

export const below = (random: Random, end: number): number => Math.floor(random() * end)
export const pick = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)]!

const badText = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0],
  [0xe2, 0x82],
  [0xef, 0xbf, 0xbf],
]

type Change = (bytes: Buffer, random: Random) => Buffer
const cutAt = (bytes: Buffer, random: Random): [Buffer, Buffer] => {
  const at = below(random, bytes.length + 1)
  return [bytes.subarray(0, at), bytes.subarray(at)]
}
const noise = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + below(random, most) }, () => below(random, 256)))

const flipBits: Change = (bytes, random) => {
  const flipped = Buffer.from(bytes)
  for (let n = 1 + below(random, 8); n > 0 && flipped.length > 0; n--)
    flipped[below(random, flipped.length)]! ^= 1 << below(random, 8)
  return flipped
}
const truncate: Change = (bytes, random) => cutAt(bytes, random)[0]
const insertNoise: Change = (bytes, random) => {
  const [head, tail] = cutAt(bytes, random)
  return Buffer.concat([head, noise(random, 64), tail])
}
const removeSome: Change = (bytes, random) => {
  const [head, tail] = cutAt(bytes, random)
  return Buffer.concat([head, tail.subarray(1 + below(random, 20))])
}
const repeatSome: Change = (bytes, random) => {
  const [head, tail] = cutAt(bytes, random)
  return Buffer.concat([head, tail.subarray(0, 30), tail])
}
const breakText: Change = (bytes, random) => {
  const broken = Buffer.from(bytes)
  Buffer.from(pick(random, badText)).copy(broken, below(random, broken.length + 1))
  return broken
}
const anyBytes: Change = (_bytes, random) => noise(random, 200)

const byteChanges = [flipBits, truncate, insertNoise, removeSome, repeatSome, breakText, anyBytes]

/** A length that is not the packet's: too small, too large, five bytes long, or 256 MB. */
const wrongLength: Change = (bytes, random) => {
  const header = [
    [0],
    [1],
    [bytes.length * 2],
    [0x7f],
    [0xff, 0x7f],
    [0x80],
    [0x80, 0x80, 0x80, 0x80, 1],
    [0xff, 0xff, 0xff, 0x7f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [below(random, 256), below(random, 128)],
  ]
  // of packets under 128 bytes the length is one byte, else two here
  const skip = (bytes[1] ?? 0) < 128 ? 2 : 3
  return Buffer.concat([bytes.subarray(0, 1), Buffer.from(pick(random, header)), bytes.subarray(skip)])
}
/** A topic longer than it may be, or than it says. */
const longTopic: Change = (_bytes, random) => {
  const topic = Buffer.from(`v1/${pick(random, ['x', '/', '+', '#', 'é', '\0']).repeat(1 + below(random, 40_000))}`)
  const said = pick(random, [topic.length & 0xffff, 0xffff, 0, 5])
  const rest = topic.length + 4
  const length = [(rest & 127) | 128, ((rest >> 7) & 127) | 128, rest >> 14]
  return Buffer.concat([Buffer.from([0x32, ...length, said >> 8, said & 255]), topic, Buffer.from([0, 9])])
}

export const mutatePacket = (packet: Buffer, random: Random): Buffer =>
  pick(random, [...byteChanges, wrongLength, wrongLength, longTopic])(packet, random)

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const values = [
  'null',
  'true',
  '-1',
  '0',
  '1.5',
  '1e999',
  '-0',
  '9007199254740993',
  '1e308',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '"__proto__"',
  '{"__proto__":{"polluted":true}}',
  '"2026-01-01"',
  `"${'x'.repeat(3000)}"`,
  deep(2000),
  `"${'🔒'.repeat(300)}"`,
  '"\' or 1=1 --"',
  '[null,null]',
  '4102444800001',
  '"<script>"',
  '1790000000000',
  '18',
  '19',
  '300',
]
const member = /"(\w+)":("(?:[^"\\]|\\.)*"|-?\d+|true|false|\{\}|\[\])/g

/** Another value, no value, or another name for one member of a JSON text. */
const changeMember: Change = (bytes, random) => {
  const text = bytes.toString()
  const found = [...text.matchAll(member)]
  if (found.length === 0) return bytes
  const { 0: whole, 1: name, index } = pick(random, found)
  const other = pick(random, [
    () => `"${name}":${pick(random, values)}`,
    () => `"${name}":${pick(random, values)}`,
    () => `"${pick(random, ['__proto__', 'constructor', 'toString', '', 'events', 'seq', 'journal'])}":1`,
    () => `${whole},${whole.replace(/:.*/s, ':7')}`,
    () => '"gone":0',
  ])()
  return Buffer.from(text.slice(0, index) + other + text.slice(index + whole.length))
}

export const mutatePayload = (payload: Buffer, random: Random): Buffer =>
  pick(random, [...byteChanges, ...Array.from({ length: 12 }, () => changeMember)])(payload, random)
