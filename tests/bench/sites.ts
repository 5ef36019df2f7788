import type { Context } from '../../server/context.ts'
import { enrolController } from '../../server/domain/controllers.ts'
import { codeOfGrant, makeGrant } from '../../server/domain/grants.ts'
import { createSite } from '../../server/domain/sites.ts'
import type { Account } from './light-device.ts'

export type BenchController = Account & { siteId: string; doorIds: string[] }
type Wanted = { sites: number; controllersEach: number; doors: number; kind: 'compartment' | 'room' }

/** As many at once as the pool has connections. */
export async function inParallel<T, R>(items: T[], work: (item: T) => Promise<R>, lanes = 12): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

export async function makeSites(
  ctx: Context,
  { sites, controllersEach, doors, kind }: Wanted,
): Promise<BenchController[]> {
  const siteIds = await inParallel(
    [...Array(sites).keys()],
    async n => (await createSite(ctx, { name: `Site ${n}` })).id,
  )
  // site by site in turn: its row is held while one of its controllers is enrolled
  const wanted = Array.from({ length: sites * controllersEach }, (_, n) => ({ n, siteId: siteIds[n % sites]! }))
  const accounts = await inParallel(wanted, async ({ n, siteId }) => {
    const each = { kind, size: 'M', doorSensor: true, occupancySensor: kind === 'compartment' } as const
    const numbered = Array.from({ length: doors }, (_, door) => ({ ...each, door: door + 1 }))
    const { id, password } = await enrolController(ctx, { id: `bench-${n}`, siteId, name: 'Bench', doors: numbered })
    return { id, password, siteId }
  })
  const rows = await ctx.sql<{ controllerId: string; ids: string[] }[]>`
    select controller_id, array_agg(id::text order by door) as ids from doors group by controller_id`
  const doorIds = new Map(rows.map(row => [row.controllerId, row.ids]))
  return accounts.map(account => ({ ...account, doorIds: doorIds.get(account.id)! }))
}

export type Ask = { code: string; grant: string; door: number }
export type Asks = { id: string; asks: Ask[] }

/** Codes that open once, `each` for every controller, as a caretaker would make them. */
export async function prepareCodes(ctx: Context, controllers: BenchController[], each: number): Promise<Asks[]> {
  const from = new Date(Date.now() - 3600_000)
  const until = new Date(Date.now() + 24 * 3600_000)
  // one controller after another in turn, so that they do not wait for each other's row
  const wanted = Array.from({ length: each }, (_, n) => controllers.map(controller => ({ n, controller }))).flat()
  const made = await inParallel(wanted, async ({ n, controller }) => {
    const at = n % controller.doorIds.length
    const doorId = controller.doorIds[at]!
    const { id: grant } = await makeGrant(ctx, { doorId, from, until, uses: 1, means: 'code' })
    return { id: controller.id, ask: { grant, code: await codeOfGrant(ctx, grant), door: at + 1 } }
  })
  return controllers.map(({ id }) => ({ id, asks: made.filter(one => one.id === id).map(({ ask }) => ask) }))
}
