import { setTimeout as delay } from 'node:timers/promises'
import { wallDoors } from '../../server/store/wall.ts'
import { eventually } from '../support/eventually.ts'
import { type Benchmark, type Contestant, type Figures, scaled } from './benchmark.ts'
import { bankOfDoors, type DoorHands } from './door-hands.ts'
import { makeSites } from './sites.ts'
import { openWallBrowser, type Shown, wordOf } from './wall-browser.ts'

const banks = 20
const doorsEach = 25
const changesPerSecond = 200
/** Before the memory at the start is read: what the first changes build is no growth. */
const warmMs = 2_000
const shownWithinMs = 5_000

/** Opens and shuts doors, the banks in turn, as many a second however late a timer comes. Answers how many it were. */
async function change(hands: DoorHands[], perSecond: number, ms: number): Promise<number> {
  const began = performance.now()
  let sent = 0
  for (let gone = 0; gone < ms; gone = performance.now() - began) {
    for (const due = (gone / 1_000) * perSecond; sent < due; sent++) hands[sent % hands.length]!.turnOne()
    await delay(5)
  }
  await eventually(() => hands.every(each => each.allAcked()), { withinMs: 30_000 })
  return sent
}

export const wall: Benchmark = {
  name: 'wall',
  about: '200 door changes a second on a wall of 500 doors in a real browser, against a page that only sets texts',
  notes: [
    'from the devices’ events over the server to the page; script and layout (with styles): of the page’s main thread, by DevTools',
    'told: doors in the messages to the page, several changes of a door within one reading of the rows are one',
    'wrong at the end: doors that the page shows otherwise than the database, 5 s after the last event',
    'memory: JavaScript heap after a collection; at the start: after 2 s of changes',
    'bare page: the same socket, each door a button that is given one class and one text',
  ],
  ratios: [
    {
      name: 'script and layout',
      of: ['wall', 'script + layout ms each'],
      floor: [['bare page', 'script + layout ms each']],
      target: { atMost: 1.5 },
    },
    {
      name: 'memory, end to start',
      of: ['wall', 'heap MB at the end'],
      floor: [['wall', 'heap MB at the start']],
      target: { atMost: 1.1 },
    },
  ],
  usual: { rounds: 1, seconds: 60 },
  async prepare(house, wishes) {
    const database = await house.database('wall')
    const { sql } = database.ctx
    const controllersEach = scaled(banks, wishes)
    const sites = { sites: 1, controllersEach, doors: doorsEach, kind: 'compartment' } as const
    const controllers = await makeSites(database.ctx, sites)
    const { siteId } = controllers[0]!
    const server = await house.server(database)
    const perSecond = scaled(changesPerSecond, wishes)
    const hands = await Promise.all(controllers.map(each => bankOfDoors(server.mqttPort, each, doorsEach)))
    for (const each of hands) house.onStop(each.leave)
    const browser = await openWallBrowser(server.url, siteId)
    house.onStop(browser.close)

    const wrong = async (page: Shown): Promise<number> => {
      const shown = await page.words()
      return (await wallDoors(sql, siteId)).filter(door => shown[door.id] !== wordOf(door)).length
    }
    const measure = async (open: () => Promise<Shown>): Promise<Figures> => {
      const page = await open()
      await change(hands, perSecond, Math.min(warmMs, wishes.seconds * 1_000))
      const start = await page.memory()
      const before = await page.spent()
      const sent = await change(hands, perSecond, wishes.seconds * 1_000)
      await eventually(async () => (await wrong(page)) === 0, { withinMs: shownWithinMs, everyMs: 250 }).catch(() => {})
      const after = await page.spent()
      const [script, layout] = [after.scriptMs - before.scriptMs, after.layoutMs - before.layoutMs]
      const figures = {
        'changes sent': sent,
        'doors told': after.told - before.told,
        'script ms each': script / sent,
        'layout ms each': layout / sent,
        'script + layout ms each': (script + layout) / sent,
        'main thread busy %': ((after.busyMs - before.busyMs) / (after.at - before.at)) * 100,
        'wrong at the end': await wrong(page),
        'connected again': after.sockets - 1,
        'heap MB at the start': start.heapMB,
        'heap MB at the end': (await page.memory()).heapMB,
      }
      await page.leave()
      return figures
    }
    return [
      { name: 'wall', run: () => measure(browser.wall) },
      { name: 'bare page', run: () => measure(browser.bare) },
    ] satisfies Contestant[]
  },
}
