import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readArguments } from '../../firmware-sim/arguments.ts'
import { seededRandom } from '../../firmware-sim/scenarios.ts'

const good = ['--id', 'bank-1', '--password', 'p', '--code-key', '5a'.repeat(32)]
const problemsOf = (args: string[], env = {}) => {
  const read = readArguments(args, env)
  return 'problems' in read ? read.problems : []
}
const optionsOf = (args: string[], env = {}) => {
  const read = readArguments(args, env)
  if (!('options' in read)) throw new Error(JSON.stringify(read))
  return read.options
}

test('rooms stand for compartments, or behind those that were asked for', () => {
  const numbersOf = (...more: string[]) => {
    const { doors } = optionsOf([...good, ...more]).devices[0]!
    return Array.isArray(doors) ? doors.map(each => [each.door, each.kind ?? 'compartment']) : doors
  }
  expect(numbersOf()).toBe(24)
  expect(numbersOf('--rooms', '2')).toEqual([
    [1, 'room'],
    [2, 'room'],
  ])
  expect(numbersOf('--doors', '1', '--rooms', '1')).toEqual([
    [1, 'compartment'],
    [2, 'room'],
  ])
})

test('every problem is listed and names its flag', () => {
  const numbers = ['--count', '0', '--doors', 'many', '--speed', '0', '--seed', '1.5', '--page-port', '99999']
  const words = ['--mqtt', 'http://x', '--scenario', 'war', '--fault', 'melt', '--id', 'Bank 1', '--code-key', 'xyz']
  const problems = problemsOf([...numbers, ...words])
  const named = problems.map(each => each.split(/[ :]/)[0])
  const flags = [...numbers, ...words].filter(each => each.startsWith('--'))
  expect(named.sort()).toEqual([...flags, '--password'].sort())
})

test('unknown flags, missing values and stray words are listed at once, each by name', () => {
  expect(problemsOf([...good, '--colour=red', 'word', '--count', '--speed', '2', '--doors'])).toEqual([
    '--colour: there is no such flag',
    'word: is neither a flag nor the value of one',
    '--count: needs a value (one that begins with - is written --count=-1)',
    '2: is neither a flag nor the value of one',
    '--doors: needs a value (one that begins with - is written --doors=-1)',
  ])
  expect(problemsOf([...good, '--help=yes'])).toEqual(['--help: takes no value'])
  expect(problemsOf([...good, '--constructor'])).toEqual(['--constructor: there is no such flag'])
})

const bad: [flag: string, ...values: string[]][] = [
  ['--mqtt', 'localhost', 'mqtt://', 'http://h:1', 'mqtt://h:1/path'],
  ['--id', 'Bank 1', '-', 'a', 'x'.repeat(64)],
  ['--code-key', 'short', 'g'.repeat(64)],
  ['--credentials', '/no/such/file'],
  ['--count', '0', '20001', '1.5', 'few', ''],
  ['--doors', '0', '241', 'many'],
  ['--rooms', '-1', '65', 'many'],
  ['--scenario', 'war', 'toString'],
  ['--seed', '-1', '1.5', '4294967296'],
  ['--speed', '0', '1001', 'fast'],
  ['--page-port', '65536', '-1', 'http'],
  ['--fault', 'melt', 'stuck-bolt:x', 'stuck-bolt:1:2'],
]
test.each(bad.flatMap(([flag, ...values]) => values.map(value => [flag, value] as const)))(
  '%s=%s is refused by name',
  (flag, value) => {
    const problems = problemsOf([...good, `${flag}=${value}`])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${flag}[ :]`))
  },
)

test('secrets may come from the environment, the flag goes first', () => {
  const env = { SIM_PASSWORD: 'from-env', SIM_CODE_KEY: '00'.repeat(32) }
  expect(optionsOf(['--id', 'bank-1'], env).devices[0]).toMatchObject({
    password: 'from-env',
    codeKey: '00'.repeat(32),
  })
  expect(optionsOf(good, env).devices[0]).toMatchObject({ password: 'p' })
})

test('a certificate stands for the password of one controller, and belongs to mqtts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'args-'))
  const path = (name: string) => {
    writeFileSync(join(folder, name), name)
    return join(folder, name)
  }
  const secure = ['--mqtt', 'mqtts://localhost:8883', '--ca', path('ca')]
  const own = ['--cert', path('cert'), '--key', path('key')]
  const noPassword = ['--id', 'bank-1', '--code-key', '5a'.repeat(32)]
  expect(optionsOf([...noPassword, ...secure, ...own])).toMatchObject({
    tls: { ca: 'ca', cert: 'cert', key: 'key' },
    devices: [{ id: 'bank-1', password: '' }],
  })
  expect(optionsOf([...good, ...secure, '--count', '3']).tls).toEqual({ ca: 'ca' })
  expect(problemsOf([...noPassword, ...secure])[0]).toMatch(/^--password: is missing/)
  expect(problemsOf([...good, ...secure, ...own, '--count', '3'])).toEqual([
    '--cert: names one controller, there are more',
  ])
  expect(problemsOf([...good, ...secure, '--cert', path('cert')])[0]).toMatch(/^--key: is missing/)
  expect(problemsOf([...good, '--ca', path('ca')])[0]).toMatch(/^--ca: is of use only with/)
  expect(problemsOf([...good, ...secure, '--ca', join(folder, 'none')])[0]).toMatch(/^--ca .*none: ENOENT/)
})

test('count numbers the ids', () => {
  expect(optionsOf([...good, '--count', '3']).devices.map(each => each.id)).toEqual([
    'bank-1-1',
    'bank-1-2',
    'bank-1-3',
  ])
})

test('a credentials file holds one or many; what is wrong in it is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'args-'))
  const path = join(folder, 'devices.json')
  const device = { id: 'bank-1', password: 'p', codeKey: '5a'.repeat(32), doors: [{ door: 1, kind: 'room' }] }
  writeFileSync(path, JSON.stringify([device, { ...device, id: 'bank-2', doors: undefined }]))
  expect(optionsOf(['--credentials', path]).devices).toMatchObject([device, { id: 'bank-2', doors: 24 }])
  writeFileSync(path, JSON.stringify({ ...device, codeKey: 'short' }))
  expect(problemsOf(['--credentials', path])[0]).toMatch(/--credentials .*entry 1/)
  expect(problemsOf(['--credentials', join(folder, 'none.json')])[0]).toMatch(/--credentials .*ENOENT/)
})

test('faults become data', () => {
  expect(optionsOf([...good, '--fault', 'stuck-bolt:3', '--fault', 'die-after-unlocked']).faults).toEqual([
    { point: 'stuck-bolt', times: 1, door: 3 },
    { point: 'die-after-unlocked', times: 1 },
  ])
})

test('the command prints its help, and ends with 2 on bad values', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'firmware-sim/main.ts', ...args], { encoding: 'utf8' })
  const helped = run('--help')
  expect(helped.status).toBe(0)
  expect(helped.stdout).toContain('--credentials FILE')
  const failed = run('--count', 'x')
  expect(failed.status).toBe(2)
  expect(failed.stderr).toMatch(/^--count x: must be a whole number from 1 to 20000$/m)
  expect(failed.stderr).toContain('--help')
})

test('the same seed gives the same numbers', () => {
  const [a, b, c] = [seededRandom(7), seededRandom(7), seededRandom(8)]
  const first = [a(), a(), a()]
  expect([b(), b(), b()]).toEqual(first)
  expect([c(), c(), c()]).not.toEqual(first)
  for (let i = 0; i < 1000; i++) expect(a()).toBeLessThan(1)
})
