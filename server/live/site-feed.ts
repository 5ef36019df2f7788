import { setTimeout as delay } from 'node:timers/promises'
import type { Snapshot } from '../../schema/api/live.ts'
import { type Changes, type Context, changeKinds } from '../context.ts'
import { orderViews, parcelChanges, wallControllers, wallDoors } from '../store/wall.ts'
import { changeFor, doorsFor, type FullChange } from './audience.ts'
import { textFrame } from './frame.ts'
import { makeRing } from './ring.ts'
import type { Watcher } from './watcher.ts'

type Pending = Record<(typeof changeKinds)[number], Set<string>>
const nothing = (): Pending => ({
  ...{ doors: new Set(), controllers: new Set(), orders: new Set(), parcels: new Set(), attention: new Set() },
})

/** what all of them hear is made once */
type ForAll = { wall?: Buffer; devices?: Buffer }
const frameOf = (message: object): Buffer => textFrame(JSON.stringify(message))

export type SiteFeed = {
  announce(changes: Changes): void
  join(watcher: Watcher): void
  leave(watcher: Watcher): void
  beat(): void
  watchers: Set<Watcher>
}

/**
 * One site's numbered changes. Announced ids are gathered while rows are being read, and one worker reads, numbers and
 * sends; it serves newcomers too, so a snapshot always stands between two numbers.
 */
export function makeSiteFeed(ctx: Pick<Context, 'sql' | 'log' | 'now'>, siteId: string, epoch: string): SiteFeed {
  const ring = makeRing<FullChange>({ most: 500, mostBytes: 2_000_000 })
  const watchers = new Set<Watcher>()
  let newcomers: Watcher[] = []
  let pending = nothing()
  let some = false
  let n = 0
  let working = false

  async function work(): Promise<void> {
    if (working) return
    working = true
    // What one transaction announces in several calls becomes one change.
    await Promise.resolve()
    try {
      while (some || newcomers.length > 0) {
        if (some) await tellChange()
        if (newcomers.length > 0) await welcome()
      }
    } finally {
      working = false
    }
  }

  async function tellChange(): Promise<void> {
    const taken = pending
    pending = nothing()
    some = false
    try {
      const change = await readChange(taken)
      n += 1
      const full = { n, at: ctx.now().toISOString(), ...change }
      const all: ForAll = { wall: textFrame(changeFor('wall', full)) }
      ring.add(full, all.wall!.length)
      for (const { audience, send } of watchers) {
        if (typeof audience === 'string') all[audience] ??= textFrame(changeFor(audience, full))
        send(typeof audience === 'string' ? all[audience]! : textFrame(changeFor(audience, full)))
      }
    } catch (error) {
      // The rows are the truth and will be read again; nobody is told half of it.
      for (const kind of changeKinds) for (const id of taken[kind]) pending[kind].add(id)
      some = true
      ctx.log.warn({ err: error, siteId }, 'live: rows could not be read')
      await delay(500, undefined, { ref: false })
    }
  }

  async function readChange({ doors, controllers, orders, parcels, attention }: Pending) {
    const [doorRows, controllerRows, orderRows, parcelRows] = await Promise.all([
      doors.size > 0 ? wallDoors(ctx.sql, siteId, [...doors]) : [],
      controllers.size > 0 ? wallControllers(ctx.sql, { siteIds: [siteId], ids: [...controllers] }) : [],
      orders.size > 0 ? orderViews(ctx.sql, [...orders]) : [],
      parcels.size > 0 ? parcelChanges(ctx.sql, [...parcels]) : [],
    ])
    const read = { doors: doorRows, controllers: controllerRows, orders: orderRows, parcels: [...parcelRows] }
    return { ...read, attention: [...attention] }
  }

  async function welcome(): Promise<void> {
    const come = newcomers.filter(watcher => watcher.isOpen())
    newcomers = []
    try {
      const all: ForAll = {}
      for (const watcher of come) {
        const { audience } = watcher
        const missed = watcher.resume?.epoch === epoch ? ring.after(watcher.resume.n) : undefined
        if (missed) {
          watcher.send(frameOf({ type: 'resumed', epoch, n: watcher.resume!.n }))
          for (const change of missed) watcher.send(textFrame(changeFor(audience, change)))
        } else if (typeof audience === 'string') {
          all[audience] ??= frameOf(await readSnapshot(audience))
          watcher.send(all[audience]!)
        } else watcher.send(frameOf(emptySnapshot()))
        if (watcher.isOpen()) watchers.add(watcher)
      }
    } catch (error) {
      ctx.log.warn({ err: error, siteId }, 'live: no snapshot')
      newcomers.push(...come.filter(watcher => !watchers.has(watcher)))
      await delay(500, undefined, { ref: false })
    }
  }

  const emptySnapshot = (): Snapshot => ({
    type: 'snapshot',
    epoch,
    n,
    at: ctx.now().toISOString(),
    controllers: [],
    doors: [],
  })

  async function readSnapshot(audience: 'wall' | 'devices'): Promise<Snapshot> {
    const [controllers, doors] = await Promise.all([
      wallControllers(ctx.sql, { siteIds: [siteId] }),
      wallDoors(ctx.sql, siteId),
    ])
    return { ...emptySnapshot(), controllers, doors: doorsFor(audience, doors) }
  }

  return {
    watchers,
    announce(changes) {
      for (const kind of changeKinds) for (const id of changes[kind] ?? []) pending[kind].add(id)
      some = true
      void work()
    },
    join(watcher) {
      newcomers.push(watcher)
      void work()
    },
    leave(watcher) {
      watchers.delete(watcher)
      newcomers = newcomers.filter(other => other !== watcher)
    },
    beat() {
      const beat = frameOf({ type: 'beat', n, at: ctx.now().toISOString() })
      for (const watcher of watchers) watcher.send(beat)
    },
  }
}
