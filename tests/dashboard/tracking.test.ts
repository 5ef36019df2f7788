import { expect, test } from 'vitest'
import { looksScanned, s10Digit } from '../../schema/api/tracking.ts'

// RR 473 124 829 IN is the worked example of UPU S10
test.each([
  ['RR473124829IN', 'right'],
  ['rr 473 124 829 in', 'right'],
  ['RR473124828IN', 'wrong'],
  ['RR473124289IN', 'wrong'],
  ['EE876543216FR', 'right'],
  ['6A12345678901', 'not-s10'],
  ['RR47312482IN', 'not-s10'],
  ['', 'not-s10'],
] as const)('%s: %s', (tracking, expected) => {
  expect(s10Digit(tracking)).toBe(expected)
})

test('what a scanner types is told from a flat or a name', () => {
  for (const scanned of ['RR473124829IN', '6A12345678901', '1Z999AA10123456784'])
    expect(looksScanned(scanned)).toBe(true)
  for (const typed of ['12', 'B 12', 'Lefebvre', 'appartement 12']) expect(looksScanned(typed)).toBe(false)
})
