import { describe, expect, test } from 'vitest'
import { decodeDown, decodeEvent, decodeUp, downShapes, encode, upShapes } from '../../schema/wire/codec.ts'
import { eventShapes, type RawEvent } from '../../schema/wire/events.ts'
import { down, events, up } from '../../schema/wire/golden.ts'
import { limits } from '../../schema/wire/limits.ts'

const withExtra = (text: string) => `${text.slice(0, -1)},"fromTheFuture":{"a":[1]}}`

describe.each(Object.entries(up))('up, %s', (_title, [kind, text]) => {
  test('decodes to what it says and back to the same bytes', () => {
    const decoded = decodeUp(kind, Buffer.from(text))
    expect(decoded).toEqual({ ok: true, value: JSON.parse(text) })
    if (decoded.ok) expect(encode(decoded.value).toString()).toBe(text)
  })
  test('an unknown member is ignored [FORM-2]', () => {
    expect(decodeUp(kind, Buffer.from(withExtra(text))).ok).toBe(true)
  })
  test('fits in a packet', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(limits.packetBytes)
  })
})

describe.each(Object.entries(down))('down, %s', (_title, [kind, text]) => {
  test('decodes to what it says and back to the same bytes', () => {
    const decoded = decodeDown(kind, Buffer.from(text))
    expect(decoded).toEqual({ ok: true, value: JSON.parse(text) })
    if (decoded.ok) expect(encode(decoded.value).toString()).toBe(text)
  })
  test('an unknown member is ignored [FORM-2]', () => {
    expect(decodeDown(kind, Buffer.from(withExtra(text))).ok).toBe(true)
  })
})

describe('events', () => {
  test.each(Object.entries(events).flatMap(([type, texts]) => texts.map(text => [type, text] as const)))(
    '%s %s',
    (type, text) => {
      const raw = JSON.parse(text) as RawEvent
      expect(raw.type).toBe(type)
      expect(decodeEvent(raw)).toEqual({ ok: true, value: raw })
      const message = decodeUp('events', Buffer.from(`{"journal":"j-03","live":true,"events":[${text}]}`))
      expect(message).toEqual({ ok: true, value: { journal: 'j-03', live: true, events: [raw] } })
    },
  )
})

describe('nothing is left out', () => {
  test('every event type of the schema has its bytes', () => {
    expect(Object.keys(events).sort()).toEqual(Object.keys(eventShapes).sort())
  })
  test('every kind of message has its bytes', () => {
    expect([...new Set(Object.values(up).map(([kind]) => kind))].sort()).toEqual(Object.keys(upShapes).sort())
    expect([...new Set(Object.values(down).map(([kind]) => kind))].sort()).toEqual(Object.keys(downShapes).sort())
  })
})
