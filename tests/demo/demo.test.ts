import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { readArguments } from './arguments.ts'
import { startOutbox } from './outbox.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const children: ChildProcess[] = []
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doors-demo-test-'))
  chmodSync(folder, 0o755)
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function runDemo(words: string[]) {
  const { DATABASE_URL: _, MQTT_URL: __, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    env: { ...env, TMPDIR: folder, DATA_DIR: folder, HTTP_PORT: '0', MQTT_PORT: '0' },
  })
  children.push(child)
  const heard = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => (heard.text += bytes))
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  return { child, heard, ended }
}

describe('arguments', () => {
  test('are read, and every bad one is named', () => {
    expect(readArguments([])).toEqual({ once: false, help: false })
    expect(readArguments(['--once'])).toEqual({ once: true, help: false })
    expect(readArguments(['--onc', 'now'])).toEqual({
      problems: ['unknown option "--onc"', 'unexpected word "now"'],
    })
  })
  test('a bad one ends with 2', async () => {
    const { heard, ended } = runDemo(['--once', '--twice'])
    expect(await ended).toBe(2)
    expect(heard.text).toContain('unknown option "--twice"')
    expect(heard.text).toContain('--help')
  })
})

test('--once: every step held, nothing is left behind', { timeout: 120_000 }, async () => {
  const { heard, ended } = runDemo(['--once'])
  expect(await ended, heard.text).toBe(0)
  expect(heard.text).toContain('every step was recorded in the database')
  expect(heard.text).not.toContain('✗')
  expect(readdirSync(folder).filter(name => name.startsWith('doors-'))).toEqual([])
})

test('without --once it stays until Ctrl-C, keeps its site, and starts again on it', { timeout: 120_000 }, async () => {
  for (const _round of ['first', 'second']) {
    const { child, heard, ended } = runDemo([])
    await Promise.race([eventually(() => heard.text.includes('Ctrl-C stops everything'), { withinMs: 60_000 }), ended])
    const messages = /messages {3}(http:\S+)/.exec(heard.text)![1]!
    expect(await (await fetch(messages)).text()).toContain('Nothing yet')
    child.kill('SIGINT')
    expect(await ended, heard.text).toBe(0)
    expect(heard.text).toContain('caretaker@demo.example')
    expect(existsSync(join(folder, 'demo/postgres/cluster/postmaster.pid'))).toBe(false)
  }
})

test('the page of messages shows what was sent, a repeat once, and nothing in it is markup', async () => {
  const outbox = await startOutbox()
  const message = { channel: 'sms', site: 'A', to: '+33612345678', language: 'fr', subject: '' } as const
  const text = '<script>alert("1")</script> & 1234 5678'
  for (const key of ['one', 'one', 'two']) expect(await outbox.deliver({ ...message, text, key })).toEqual({ ok: true })
  const page = await (await fetch(outbox.url)).text()
  expect(page.split('<article>')).toHaveLength(3)
  expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; 1234 5678')
  expect(page).not.toContain('<script')
  expect((await fetch(`${outbox.url}other`)).status).toBe(404)
  await outbox.close()
})
