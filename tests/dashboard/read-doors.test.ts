import { expect, test } from 'vitest'
import { differenceWords } from '../../dashboard/src/controllers/difference-words.ts'
import { readDoors } from '../../dashboard/src/controllers/read-doors.ts'
import { loadSpeech } from '../../dashboard/src/i18n/words.ts'

const sensors = { doorSensor: true, occupancySensor: true }
const short = (text: string) => {
  const { doors, wrong } = readDoors(text, sensors)
  const told = doors.map(({ door, size, height, name, column, row }) =>
    [door, size ?? 'room', height, name, column && `@${column}/${row}`].filter(Boolean).join(' '),
  )
  return [told, wrong]
}

test.each([
  ['3 × S', ['1 S', '2 S', '3 S'], []],
  ['2 x s, 1*M bas + XL', ['1 S', '2 S', '3 M low', '4 XL'], []],
  ['1 × L high and 1 × room', ['1 L high', '2 room'], []],
  ['2 M basses\n1 salle\n', ['1 M low', '2 M low', '3 room'], []],
  ['7\tS\tlow\n9;XL;Grand;haute\n12;room;Atelier', ['7 S low', '9 XL high Grand', '12 room Atelier'], []],
  [
    'colonne 1 : 2 × S, 1 × M bas\nColonne 2: 1 × XL, 1 × salle\n1 × L',
    ['1 S @1/1', '2 S @1/2', '3 M low @1/3', '4 XL @2/1', '5 room', '6 L'],
    [],
  ],
  ['col 3 : S and column 4: S + M\ncolonne 3 : L', ['1 S @3/1', '2 S @4/1', '3 M @4/2', '4 L @3/2'], []],
  ['colonne 0 : 2 × S, colonne : S', [], ['colonne 0 : 2 × S', 'colonne : S']],
  ['1;S;1;2\n2\tM\tbas\tGrande\t2\t1\n3;room;Atelier', ['1 S @1/2', '2 M low Grande @2/1', '3 room Atelier'], []],
  ['1;S;7\n2;S;1;2;3\n3;room;1;2\n4;S;0;1', [], ['1;S;7', '2;S;1;2;3', '3;room;1;2', '4;S;0;1']],
  [
    'Porte;Taille;Nom;Rangée;Colonne;Hauteur\n1;S;101;2;1;bas\n2;M;;;;\n3;L;103;4;;\n4;S;104;;;lourd',
    ['1 S low 101 @1/2', '2 M'],
    ['3;L;103;4;;', '4;S;104;;;lourd'],
  ],
  ['2 × S, 3 × XXL, 1 × M lourd', ['1 S', '2 S'], ['3 × XXL', '1 × M lourd']],
  ['0 × S', [], ['0 × S']],
  ['1;S\n1;M', ['1 S', '1 M'], ['1']],
  ['99999;S', [], ['99999;S']],
  ['499 × S, 2 × M', Array.from({ length: 499 }, (_, at) => `${at + 1} S`), ['2 × M']],
  ['', [], []],
])('%j', (text, doors, wrong) => {
  expect(short(text)).toEqual([doors, wrong])
})

test('two in one place are told by the number of the second', () => {
  expect(readDoors('1;S;1;1\n2;S;1;2\n3;S;1;1\ncolonne 1 : S', sensors).twice).toEqual([3, 4])
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
