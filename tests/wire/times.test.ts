import { describe, expect, test } from 'vitest'
import { decodeDown, decodeEvent, decodeUp } from '../../schema/wire/codec.ts'
import { down, events, up } from '../../schema/wire/golden.ts'

type Place = { title: string; name: string; decodedWith(value: string): { ok: boolean } }

const placesIn = (title: string, text: string, decode: (text: string) => { ok: boolean }): Place[] =>
  [...text.matchAll(/"(\w+)":\d+(?=[,}])/g)].map(({ 0: whole, 1: name, index }) => ({
    title,
    name: name!,
    decodedWith: value => decode(`${text.slice(0, index)}"${name}":${value}${text.slice(index + whole.length)}`),
  }))

/** Every number of every message; what events hold is judged event by event. */
const places = [
  ...Object.entries(up).flatMap(([title, [kind, text]]) =>
    kind === 'events' ? [] : placesIn(title, text, changed => decodeUp(kind, Buffer.from(changed))),
  ),
  ...Object.entries(down).flatMap(([title, [kind, text]]) =>
    placesIn(title, text, changed => decodeDown(kind, Buffer.from(changed))),
  ),
  ...Object.entries(events).flatMap(([type, [text]]) =>
    placesIn(type, text!, changed => decodeEvent(JSON.parse(changed))),
  ),
]
const named = (form: RegExp) =>
  places.filter(({ name }) => form.test(name)).map(place => [place.title, place.name, place] as const)
const times = named(/^(at|from|until|time)$|At$/)
const uptimes = named(/^up$|Up$/)
const noMs = ['"2026-11-26T00:00:00Z"', '"1790000000000"', '1790000000000.5', '-1', 'null', 'true', '1e400']

test('the messages have them all', () => {
  const names = [...times, ...uptimes].map(([, name]) => name)
  expect([...new Set(names)].sort()).toEqual(['at', 'from', 'notAfterUp', 'time', 'until', 'up', 'usedAt'])
})

describe('a time is a whole number of ms since 1970 [FORM-3]', () => {
  test.each(times)('%s: %s', (_title, _name, { decodedWith }) => {
    for (const value of ['0', '1790000000000', '4102444800000'])
      expect([value, decodedWith(value).ok]).toEqual([value, true])
    for (const value of noMs) expect([value, decodedWith(value).ok]).toEqual([value, false])
  })
})

describe('an uptime is a whole number of ms, of more than 32 bits [FORM-4]', () => {
  test.each(uptimes)('%s: %s', (_title, _name, { decodedWith }) => {
    for (const value of [0, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER])
      expect([value, decodedWith(String(value)).ok]).toEqual([value, true])
    for (const value of noMs) expect([value, decodedWith(value).ok]).toEqual([value, false])
  })
})
