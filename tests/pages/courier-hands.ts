import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import type { Building } from './building.ts'

/** What a courier does at the first bank of a building, on the page and at the box. */
export function courierHands(building: Building, page: Page) {
  const { sim, site, server } = building
  const rows = (query: string) => building.database.sql.unsafe(query)
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const title = (name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).waitFor()
  const openBox = () => eventually(() => sim.state().doors.find(each => each.leaf === 'open')?.door)
  const isSo = (query: string) => async () => (await rows(query)).length === 1
  const online = isSo(`select 1 from controllers where id = 'bank-1' and online`)
  const shut = `state = 'closed' and controller_id = 'bank-1'`
  const address = `${server.url}/courier?site=${site.siteId}&bank=bank-1`

  const hands = {
    rows,
    button,
    title,
    openBox,
    address,
    /** Every box empty and free, nobody's page in the way, the courier before the sizes. */
    async begin() {
      await page.unrouteAll()
      // an order of before that is still out would open a door in the middle
      await eventually(async () => (await rows(`select 1 from orders where state in ('made', 'sent')`)).length === 0)
      for (const { door, leaf } of sim.state().doors) if (leaf === 'open') sim.shutDoor(door)
      // what its sensors say of that would be heard after the boxes are said to be empty
      await eventually(() => sim.state().journal.unacked === 0, { withinMs: 20_000 })
      await rows(`update parcels set state = 'collected', ended_at = now() where state <> 'collected'`)
      await rows('update grants set used_at = now() where used_at is null')
      await rows(`update doors set offer = 'free', occupied = false`)
      await page.context().clearCookies()
      await page.goto(address)
      // by then the page has kept its language; earlier it would keep it again after the clearing
      await page.locator('input[name=carrierCode]').waitFor()
      await page.evaluate('sessionStorage.clear()')
      await page.reload()
      await page.fill('input[name=carrierCode]', 'RAPIDE-2026')
      await page.keyboard.press('Enter')
      await title('Quelle taille de boîte ?')
    },
    async chooseFlat() {
      await page.fill('input[name=q]', '12')
      await button(/Appartement 12/)
        .last()
        .click()
    },
    /** The box is open, and the page knows. */
    async toBox(): Promise<number> {
      await button(/^S petit/).click()
      await hands.chooseFlat()
      const door = await openBox()
      await title(`Boîte ${door}`)
      await page.locator('button.main:enabled').waitFor()
      return door
    },
    /** Shut, and the server has it from the bank. */
    async shut(door: number, full: boolean) {
      sim.shutDoor(door)
      // as it was before it was opened, too: what the bank told last must have been heard
      await eventually(() => sim.state().journal.unacked === 0)
      await eventually(isSo(`select 1 from doors where door = ${door} and ${shut} and occupied = ${full}`))
    },
    async putIn(door: number) {
      sim.put(door)
      await hands.shut(door, true)
    },
    async deposit(): Promise<number> {
      const door = await hands.toBox()
      await hands.putIn(door)
      await button('Colis déposé').click()
      await title('C’est fait, merci !')
      await button('Colis suivant').click()
      return door
    },
    overdue: () =>
      rows(`update parcels set state = 'expired', deadline_at = now() - interval '1 day' where state = 'waiting'`),
    async cutBank() {
      sim.cutNetwork()
      await rows(`update controllers set online = false where id = 'bank-1'`)
    },
    async bankBack() {
      sim.restoreNetwork()
      await eventually(online, { withinMs: 20_000 })
    },
    offerOf: async (door: number) =>
      (await rows(`select offer from doors where door = ${door} and controller_id = 'bank-1'`))[0]!.offer as string,
    last: async () => (await rows('select state, shelf, size, receipt from parcels order by made_at desc limit 1'))[0]!,
  }
  return hands
}
