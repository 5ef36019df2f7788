import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const known = ['pickup', 'ingest']
const usual = { names: [], scale: 1, profile: false, help: false }

test.each<[string, object]>([
  ['', {}],
  ['ingest', { names: ['ingest'] }],
  ['ingest pickup --rounds 7', { names: ['ingest', 'pickup'], rounds: 7 }],
  ['--seconds=0.5 --scale 0.01', { seconds: 0.5, scale: 0.01 }],
  ['--profile --help', { profile: true, help: true }],
])('"%s" is understood', (given, expected) => {
  expect(readArguments(given.split(' ').filter(Boolean), known)).toEqual({ ...usual, ...expected })
})

test.each<[string, string[]]>([
  ['--rounds', ['--rounds needs a whole number from 1 to 1000, not nothing']],
  ['--rounds many', ['--rounds needs a whole number from 1 to 1000, not "many"']],
  ['--rounds 2.5', ['--rounds needs a whole number from 1 to 1000, not "2.5"']],
  ['--rounds -3', ['--rounds needs a whole number from 1 to 1000, not "-3"']],
  ['--rounds --profile', ['--rounds needs a whole number from 1 to 1000, not nothing']],
  ['--seconds 0', ['--seconds needs a number above 0, at most 600, not "0"']],
  ['--seconds=', ['--seconds needs a number above 0, at most 600, not ""']],
  ['--scale 2', ['--scale needs a number above 0, at most 1, not "2"']],
  ['--runs 3', ['unknown option "--runs"', 'unknown benchmark "3": there are pickup, ingest']],
  ['--toString 3', ['unknown option "--toString"', 'unknown benchmark "3": there are pickup, ingest']],
  ['pick', ['unknown benchmark "pick": there are pickup, ingest']],
])('"%s" is refused by name', (given, problems) => {
  expect(readArguments(given.split(' '), known)).toEqual({ problems })
})

test('the command says what is wrong and how it is used, and starts nothing', () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'tests/bench/main.ts', '--rounds', 'x'],
    { encoding: 'utf8' },
  )
  expect(stdout).toBe('')
  expect(stderr).toContain('--rounds needs a whole number from 1 to 1000, not "x"')
  expect(stderr).toContain('npm run bench [-- name…]')
  expect(status).toBe(2)
})
