import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileStore } from '../../firmware-sim/file-store.ts'
import { eventually } from '../support/eventually.ts'
import { codeKey, grantOf, password, type SmallServer, startSmallServer } from './small-server.ts'

const code = '12345678'
let server: SmallServer
let folder: string
let running: ChildProcess | null = null

beforeEach(async () => {
  server = await startSmallServer()
  folder = mkdtempSync(join(tmpdir(), 'kill-'))
})
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function simulate(...more: string[]): Promise<{ child: ChildProcess; said: string[] }> {
  const args = ['--mqtt', server.mqttUrl, '--id', 'bank-1', '--data', folder, '--scenario', 'idle', '--doors', '4']
  const env = { ...process.env, SIM_PASSWORD: password, SIM_CODE_KEY: codeKey }
  const child = spawn(process.execPath, ['--import', 'tsx', 'firmware-sim/main.ts', ...args, ...more], { env })
  running = child
  const said: string[] = []
  child.stdout.on('data', chunk => said.push(...String(chunk).split('\n')))
  child.stderr.on('data', chunk => said.push(...String(chunk).split('\n')))
  const statuses = server.statuses.length
  await eventually(() => server.statuses.length > statuses && said.includes('bank-1 up'), { withinMs: 20_000 })
  return { child, said }
}

const stored = () => {
  const store = fileStore(join(folder, 'bank-1'))
  const { journal } = store.load()
  store.close()
  return journal!.held.map(each => each.event)
}
const steel = () => JSON.parse(readFileSync(join(folder, 'bank-1', 'hardware.json'), 'utf8'))[1]

async function typeUntilDead(fault: string) {
  const { child } = await simulate('--fault', fault)
  await server.send('bank-1', 'grants', { version: 5, page: 1, pages: 1, grants: [grantOf('g-1', code)] })
  await eventually(() => server.events.some(each => each.type === 'grants-applied'))
  const dead = once(child, 'exit')
  child.stdin!.write(`code 1 ${code}\n`)
  expect(await dead).toEqual([null, 'SIGKILL'])
}

async function typeAgain() {
  const { child, said } = await simulate()
  child.stdin!.write('shut 1\n')
  child.stdin!.write(`code 1 ${code}\n`)
  return eventually(() => said.find(each => each.startsWith('{"result"')))
}

test('killed between the bolt and its unlocked: the truth is visible, and accepted alone may be tried again [TYPE-4]', async () => {
  await typeUntilDead('die-after-bolt-before-unlocked')
  expect(stored().at(-1)?.type).toBe('accepted')
  expect(steel()).toMatchObject({ bolt: 'unlocked', leaf: 'open' })
  expect(await typeAgain()).toBe('{"result":"open","door":1}')
  await eventually(() => server.events.filter(each => each.type === 'unlocked').length === 1)
  expect(server.events.map(each => each.type).join()).toMatch(/accepted,started,opened/)
})

test('killed before the bolt moved: nothing happened, and the code still opens', async () => {
  await typeUntilDead('die-after-accepted-before-bolt')
  expect(stored().at(-1)?.type).toBe('accepted')
  expect(() => steel()).toThrow()
  expect(await typeAgain()).toBe('{"result":"open","door":1}')
})

test('killed right after unlocked: the code is used, for ever', async () => {
  await typeUntilDead('die-after-unlocked')
  expect(stored().at(-1)?.type).toBe('unlocked')
  expect(await typeAgain()).toMatch(/"reason":"used"/)
})

test('killed again and again, no number is given twice and nothing is lost [EVENTS-1, EVENTS-2]', async () => {
  for (let round = 0; round < 3; round++) {
    const { child } = await simulate()
    for (let i = 0; i < 30; i++) child.stdin!.write('code 1 99999999\nopen 2\nshut 2\nopen 3\nshut 3\n')
    await eventually(() => server.events.length > round * 5 + 4)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await simulate()
  await eventually(() => server.events.at(-1)?.seq === stored().at(-1)?.seq, { withinMs: 15_000 })
  expect(server.recorded.size).toBe(1)
  expect(server.events.map(each => each.seq)).toEqual(server.events.map((_, index) => index + 1))
  expect(server.events).toEqual(stored())
})
