import { expect, test } from 'vitest'
import { differenceWords } from '../../dashboard/src/controllers/difference-words.ts'
import { readDoors } from '../../dashboard/src/controllers/read-doors.ts'
import { loadSpeech } from '../../dashboard/src/i18n/words.ts'

const sensors = { doorSensor: true, occupancySensor: true }
const short = (text: string) => {
  const { doors, wrong } = readDoors(text, sensors)
  const told = doors.map(({ door, size, height, name }) =>
    [door, size ?? 'room', height, name].filter(Boolean).join(' '),
  )
  return [told, wrong]
}

test.each([
  ['3 × S', ['1 S', '2 S', '3 S'], []],
  ['2 x s, 1*M bas + XL', ['1 S', '2 S', '3 M low', '4 XL'], []],
  ['1 × L high and 1 × room', ['1 L high', '2 room'], []],
  ['2 M basses\n1 salle\n', ['1 M low', '2 M low', '3 room'], []],
  ['7\tS\tlow\n9;XL;Grand;haute\n12;room;Atelier', ['7 S low', '9 XL high Grand', '12 room Atelier'], []],
  ['2 × S, 3 × XXL, 1 × M lourd', ['1 S', '2 S'], ['3 × XXL', '1 × M lourd']],
  ['0 × S', [], ['0 × S']],
  ['1;S\n1;M', ['1 S', '1 M'], ['1']],
  ['99999;S', [], ['99999;S']],
  ['499 × S, 2 × M', Array.from({ length: 499 }, (_, at) => `${at + 1} S`), ['2 × M']],
  ['', [], []],
])('%j', (text, doors, wrong) => {
  expect(short(text)).toEqual([doors, wrong])
})

test('a room has no sensor of what lies in it', () => {
  expect(readDoors('1 × S, 1 × salle', sensors).doors.map(each => each.occupancySensor)).toEqual([true, false])
})

test('differences between doors are told in words, what is not known as it came', async () => {
  const differ = '3: missing; 7: not expected; 4: size is L, expected S; 5: doorSensor is false, expected true; odd'
  expect(differenceWords(differ, await loadSpeech('fr'))).toEqual([
    'porte 3 : attendue, mais il ne l’a pas',
    'porte 7 : il l’a, mais elle n’est pas attendue',
    'porte 4 : taille L, attendu S',
    'porte 5 : capteur de porte non, attendu oui',
    'odd',
  ])
})
