import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileStore, readJournal } from '../../firmware-sim/file-store.ts'
import type { Held } from '../../firmware-sim/machine/state.ts'
import { memoryStore } from '../../firmware-sim/store.ts'
import { grantOf, makeDevice } from './device.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const held = (seq: number): Held => ({
  event: { seq, at: 1, clock: 'none', type: 'opened', door: 1, note: 'é' },
  boot: 'b',
  up: 1,
})
const empty = { name: 'j-1', held: [], last: 0, acked: 0 }
const seqsOf = (store: ReturnType<typeof fileStore>) => store.load().journal?.held.map(each => each.event.seq)

test('what was appended is there again', () => {
  const store = fileStore(folder)
  expect(store.load()).toEqual({ journal: null, flash: null })
  store.rewrite(empty)
  store.append(held(1))
  store.acked(1)
  store.append(held(2))
  store.close()
  expect(fileStore(folder).load().journal).toEqual({ name: 'j-1', held: [held(1), held(2)], last: 2, acked: 1 })
})

test('a half-written last line is cut off, wherever it broke, and the next one is whole', () => {
  const store = fileStore(folder)
  store.rewrite(empty)
  store.append(held(1))
  const whole = readFileSync(path).length
  store.append(held(2))
  store.close()
  const full = readFileSync(path)
  for (let bytes = whole; bytes < full.length; bytes++) {
    writeFileSync(path, full)
    truncateSync(path, bytes)
    const again = fileStore(folder)
    expect(seqsOf(again)).toEqual([1])
    again.append(held(2))
    again.close()
    const third = fileStore(folder)
    expect(seqsOf(third)).toEqual([1, 2])
    third.close()
  }
})

test('a damaged line in the middle loses itself only, and its number is not given again', () => {
  const store = fileStore(folder)
  store.rewrite(empty)
  store.append(held(1))
  appendFileSync(path, '{"event":{"seq":2,"a\u0000\n')
  store.append(held(3))
  expect(store.load().journal).toMatchObject({ last: 3, held: [{ event: { seq: 1 } }, { event: { seq: 3 } }] })
})

test('any bytes at all are read without an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => void readJournal(Buffer.from(bytes))))
})

test('a list that was being replaced is the old one or the new one', () => {
  const device = makeDevice().boot()
  const store = fileStore(folder)
  store.saveFlash({ ...device.state.flash, lastTime: 1 })
  writeFileSync(join(folder, 'flash.json.new'), '{"half')
  expect(store.load().flash?.lastTime).toBe(1)
  store.saveFlash({ ...device.state.flash, lastTime: 2 })
  expect(store.load().flash?.lastTime).toBe(2)
})

test('file and memory keep the same', () => {
  const stores = [memoryStore(), fileStore(folder)]
  for (const store of stores) {
    store.rewrite(empty)
    store.append(held(1))
    store.append(held(2))
    store.acked(2)
    store.rewrite({ name: 'j-2', held: [held(1)], last: 1, acked: 0 })
    store.append(held(2))
  }
  expect(stores[1]!.load()).toEqual(stores[0]!.load())
})

test('a journal that is written again and again stays small, keeps what is unacked and forgets no use', () => {
  const device = makeDevice({ journalSize: 20 }).boot().online()
  device.grants(5, grantOf('g-1', '12345678'))
  device.type('12345678')
  device.ackAll()
  for (let i = 0; i < 300; i++) {
    device.does({ type: 'tampered' })
    device.ackAll()
    expect(device.store.load().journal!.held.length).toBeLessThanOrEqual(61)
  }
  expect(device.state.journal.held).toHaveLength(20)
  device.losePower()
  device.boot()
  expect(device.type('12345678')).toMatchObject({ reason: 'used' })
})
