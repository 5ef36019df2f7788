import { expect, test } from 'vitest'
import { encodingOf, isWorkbook, textOf } from '../../dashboard/src/residents/read-file.ts'

const text = 'Nom;Appartement\r\nHélène Auvrard;12\r\n'
const utf8 = new TextEncoder().encode(text)
const utf16 = (big: boolean) => {
  const bytes = Buffer.from(text, 'utf16le')
  return new Uint8Array(big ? bytes.swap16() : bytes)
}
/** As Excel on a French Windows: é E9, è E8. What lies between 80 and 9F is shown in a browser: Node 20 takes it for Latin-1. */
const windows = Uint8Array.from([...text].map(char => char.charCodeAt(0)))
const with_ = (mark: number[], bytes: Uint8Array) => Uint8Array.from([...mark, ...bytes])

test.each([
  ['UTF-8', utf8, 'utf-8'],
  ['UTF-8 with its mark', with_([0xef, 0xbb, 0xbf], utf8), 'utf-8'],
  ['Windows-1252', windows, 'windows-1252'],
  ['UTF-16 with its mark', with_([0xff, 0xfe], utf16(false)), 'utf-16le'],
  ['UTF-16 of the other order with its mark', with_([0xfe, 0xff], utf16(true)), 'utf-16be'],
  ['UTF-16 without a mark', utf16(false), 'utf-16le'],
  ['UTF-16 of the other order without a mark', utf16(true), 'utf-16be'],
] as const)('%s is told apart and read', (_name, bytes, encoding) => {
  expect(encodingOf(bytes)).toBe(encoding)
  expect(textOf(bytes, encoding)).toBe(text)
})

test('plain ASCII is UTF-8, and a workbook is none of them', () => {
  expect(encodingOf(new TextEncoder().encode('Name;Flat\n'))).toBe('utf-8')
  expect(isWorkbook(Uint8Array.from([0x50, 0x4b, 3, 4]))).toBe(true)
  expect(isWorkbook(utf8)).toBe(false)
})
