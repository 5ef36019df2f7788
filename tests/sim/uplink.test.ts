import { expect, test } from 'vitest'
import { decodeUp } from '../../schema/wire/codec.ts'
import { type Message, makeDevice, minute, second } from './device.ts'

const sendsOf = (device: ReturnType<typeof makeDevice>) => device.sent('events')

test('nothing is sent before the welcome but the status, and then events from seq + 1 [STATUS-1, STATUS-15]', () => {
  const device = makeDevice().boot()
  expect(device.published).toEqual([])
  device.connect()
  expect(device.published.map(each => each.kind)).toEqual(['status'])
  expect(device.sent('status')[0]).toMatchObject({ first: 1, last: 1, up: 0, clock: 'none', grants: 0, config: 0 })
  device.welcome()
  expect(sendsOf(device)).toHaveLength(1)
  expect(sendsOf(device)[0].events.map((each: Message) => each.seq)).toEqual([1, 2])
})

test('a restored server gets again what is still held [EVENTS-4]', () => {
  const device = makeDevice().boot().online()
  device.disconnect()
  device.connect()
  device.welcome({ seq: 0 })
  expect(sendsOf(device).at(-1)?.events[0].seq).toBe(1)
})

test('what nobody acked is sent again, though the welcome says that its number is recorded [STATUS-25]', () => {
  const device = makeDevice().boot().online()
  device.disconnect()
  device.does({ type: 'tampered' })
  device.does({ type: 'tampered' })
  const { last, acked } = device.state.journal
  device.connect()
  device.welcome({ seq: last })
  expect(device.state.journal.acked).toBe(acked)
  expect(
    sendsOf(device)
      .at(-1)
      ?.events.map((each: Message) => each.seq),
  ).toEqual([last - 1, last])
  device.ack(last)
  expect(device.state.journal.acked).toBe(last)
})

test('one message is under way, the next follows its ack, a part acked is enough to go on [EVENTS-6]', () => {
  const device = makeDevice().boot().online()
  const before = sendsOf(device).length
  for (let i = 0; i < 50; i++) device.does({ type: 'tampered' })
  expect(sendsOf(device).length).toBe(before + 1)
  const first = device.state.uplink.sending!.to
  device.ack(first)
  const batch = sendsOf(device).at(-1).events
  expect(batch).toHaveLength(20)
  expect(batch[0].seq).toBe(first + 1)
  device.ack(first + 5)
  expect(sendsOf(device).at(-1).events[0].seq).toBe(first + 6)
})

test('acks that are old, of another journal, or tell nothing new change nothing', () => {
  const device = makeDevice().boot().online()
  device.does({ type: 'tampered' })
  device.does({ type: 'tampered' })
  const { cursor } = device.state.uplink
  device.ack(cursor)
  device.hear('ack', { journal: 'another', seq: cursor + 5 })
  expect(device.state.uplink.cursor).toBe(cursor)
  expect(device.state.journal.acked).toBe(cursor)
  device.ack(cursor + 100)
  expect(device.state.journal.acked).toBe(cursor + 1)
  device.ack(cursor + 100)
  expect(device.state.journal.acked).toBe(device.state.journal.last)
})

test('sends again after 10 s, doubling to 120 s [EVENTS-7]', () => {
  const device = makeDevice().boot().online()
  device.does({ type: 'tampered' })
  const times: number[] = []
  const start = device.now
  let seen = sendsOf(device).length
  for (let i = 0; i < 700; i++) {
    device.pass(second)
    if (sendsOf(device).length > seen) times.push((device.now - start) / second)
    seen = sendsOf(device).length
  }
  expect(times).toEqual([10, 30, 70, 150, 270, 390, 510, 630])
})

test('a packet is at most 4 KiB and holds at most 20 events, whatever they say [EVENTS-5, LINK-16]', () => {
  const device = makeDevice().boot()
  for (let i = 0; i < 30; i++) device.hear('other', '{')
  for (let i = 0; i < 30; i++) device.hear('welcome', `{"journal":"${'é'.repeat(200)}"}`)
  device.order({ order: 'o'.repeat(128), grant: 'g'.repeat(128) })
  for (let i = 0; i < 40; i++) device.order({ order: `${i}`.padEnd(128, 'o'), boot: 'other' })
  device.connect()
  device.welcome()
  device.ackAll()
  const sends = sendsOf(device)
  expect(sends.length).toBeGreaterThan(3)
  for (const message of sends) {
    expect(JSON.stringify(message).length + 'v1/bank-1/up/events'.length + 7).toBeLessThanOrEqual(4096)
    expect(message.events.length).toBeLessThanOrEqual(20)
    expect(decodeUp('events', Buffer.from(JSON.stringify(message))).ok).toBe(true)
  }
  expect(sends.flatMap(each => each.events.map((event: Message) => event.seq))).toEqual(
    device.events().map(each => each.seq),
  )
})

test('live means that nothing in it is older than 60 s; history and live are not mixed [EVENTS-8]', () => {
  const device = makeDevice().boot()
  device.does({ type: 'tampered' })
  device.pass(61 * second)
  device.does({ type: 'tampered' })
  device.connect()
  device.welcome()
  device.ackAll()
  expect(sendsOf(device).map(each => [each.live, each.events.map((event: Message) => event.type)])).toEqual([
    [false, ['started', 'tampered']],
    [true, ['tampered', 'clock-set']],
  ])
})

test('what an earlier boot wrote is history', () => {
  const device = makeDevice().boot()
  device.losePower()
  device.boot()
  device.connect()
  device.welcome()
  expect(sendsOf(device)[0]).toMatchObject({ live: false, events: [{ seq: 1 }] })
})

test('a journal behind the welcome is left: a new one, announced, renumbered, and the list starts anew [STATUS-16, GRANTS-17]', () => {
  const device = makeDevice().boot().online()
  device.grants(7)
  device.ackAll()
  device.does({ type: 'tampered' })
  const old = device.state.journal
  device.disconnect()
  device.connect()
  device.welcome({ seq: 900 })
  const now = device.state.journal
  expect(now.name).not.toBe(old.name)
  expect(now.held.map(each => [each.event.seq, each.event.type])).toEqual([[1, 'tampered']])
  expect(device.sent('status').at(-1)).toMatchObject({ journal: now.name, first: 1, last: 1, grants: 0 })
  expect(device.sent('status').at(-1).doors).toHaveLength(3)
  device.welcome({ seq: 0 })
  expect(sendsOf(device).at(-1)).toMatchObject({ journal: now.name, events: [{ seq: 1, type: 'tampered' }] })
  expect(device.store.load().journal).toEqual(device.state.journal)
})

test('a welcome for another journal, and a late lower one, change nothing', () => {
  const device = makeDevice().boot().online()
  const { cursor } = device.state.uplink
  device.welcome({ journal: 'another', seq: 99 })
  device.pass(2 * minute)
  device.welcome({ seq: 0, up: 1 })
  expect(device.state.uplink.cursor).toBe(cursor)
  device.welcome({ seq: 0 })
  expect(device.state.uplink.cursor).toBe(0)
})

test('beats without doors; asks again with doors while no welcome comes [STATUS-2]', () => {
  const device = makeDevice().boot()
  device.connect()
  device.pass(10 * second)
  expect(device.sent('status')).toHaveLength(2)
  expect(device.sent('status')[1].doors).toHaveLength(3)
  device.welcome({ beatMs: 30 * second })
  device.ackAll()
  device.pass(61 * second)
  expect(device.sent('status')).toHaveLength(4)
  expect(device.sent('status').at(-1).doors).toBeUndefined()
})

test('many doors are told in pages that fit [STATUS-3]', () => {
  const device = makeDevice({ doors: 120 }).boot()
  device.connect()
  const pages = device.sent('status')
  expect(pages.length).toBeGreaterThan(1)
  expect(pages.map(each => each.doorsPage)).toEqual(pages.map((_, index) => index + 1))
  expect(pages.every(each => each.doorsPages === pages.length)).toBe(true)
  expect(pages.flatMap(each => each.doors.map((door: Message) => door.door))).toHaveLength(120)
  for (const page of pages) expect(JSON.stringify(page).length + 30).toBeLessThanOrEqual(4096)
})

test('one keypad of more doors than a page holds goes over several pages [STATUS-3, STATUS-21]', () => {
  const doors = Array.from({ length: 1000 }, (_, index) => ({ door: 10_000 + index }))
  const device = makeDevice({
    doors,
    keypads: [
      { keypad: 1, doors: doors.map(each => each.door) },
      { keypad: 2, doors: [] },
    ],
  }).boot()
  device.connect()
  const pages = device.sent('status')
  for (const page of pages) {
    expect(JSON.stringify(page).length + 30).toBeLessThanOrEqual(4096)
    expect(decodeUp('status', Buffer.from(JSON.stringify(page))).ok).toBe(true)
  }
  const entries: { keypad: number; doors: number[] }[] = pages.flatMap(each => each.keypads)
  expect(entries.flatMap(each => each.doors)).toEqual(doors.map(each => each.door))
  expect(entries.at(-1)).toEqual({ keypad: 2, doors: [] })
})

test('a clean stop says offline with the link and boot it had [STATUS-10]', () => {
  const device = makeDevice().boot().online()
  device.does({ type: 'stop' })
  const { boot, uplink } = device.state
  expect(device.sent('status').at(-1)).toEqual({ state: 'offline', link: uplink.link, boot })
})
