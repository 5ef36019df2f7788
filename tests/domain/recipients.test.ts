import { expect, test } from 'vitest'
import { initialsOf, recipientsLike } from '../../server/domain/recipients.ts'

const neighbours = [
  ['Anne Lefèvre', '12'],
  ['Jean-Paul Lefebvre', '13'],
  ['Élodie d’Arc', '121'],
  ['Mohamed Ben Ali', 'B 2'],
  ['Ali Ben Salah', 'B 3'],
].map(([name, flat], at) => ({ id: `r${at}`, name: name!, flat: flat! }))

const rows: [typed: string, flats: string[]][] = [
  ['12', ['12']],
  [' 12 ', ['12']],
  ['b2', []],
  ['B 2', ['B 2']],
  ['b-2', ['B 2']],
  ['lef', ['12', '13']],
  ['LEFÈVRE', ['12']],
  ['lefevre anne', ['12']],
  ['Mme Lefèvre', ['12']],
  ['M. Lefebvre', ['13']],
  ['arc', ['121']],
  ['elodie', ['121']],
  ['ben', ['B 2', 'B 3']],
  ['ben mo', ['B 2']],
  ['l', []],
  ['efevre', []],
  ['Dupont', []],
  ['', []],
  ['%', []],
  ['1', []],
]
test.each(rows)('typed %j: %j', (typed, flats) => {
  expect(recipientsLike(neighbours, typed).map(each => each.flat)).toEqual(flats)
})

test('initials and flat, no name', () => {
  expect(recipientsLike(neighbours, '13')).toEqual([{ residentId: 'r1', initials: 'J. P. L.', flat: '13' }])
  expect(initialsOf('élodie d’Arc')).toBe('É. D. A.')
})

test('of too many nobody is shown, so that no list of the house can be read off', () => {
  const martins = Array.from({ length: 6 }, (_, at) => ({ id: `m${at}`, name: `Martin ${at}`, flat: `${at}` }))
  expect(recipientsLike(martins, 'martin')).toEqual([])
  expect(recipientsLike(martins.slice(1), 'martin')).toHaveLength(5)
})
