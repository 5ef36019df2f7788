import type { Sql, Tx } from '../postgres/connect.ts'
import { type Bank, banksOf, boxesOf, type Candidate } from '../store/boxes.ts'
import { freeCounts, type Size } from './allocation.ts'

export type FreeAtBank = Bank & { sizes: { size: Size; free: number }[] }

/** The banks of a site, with the sizes each has and how many of them are free. */
export async function banksAt(sql: Sql | Tx, siteId: string): Promise<FreeAtBank[]> {
  const banks: FreeAtBank[] = []
  for (const bank of await banksOf(sql, siteId))
    banks.push({ ...bank, sizes: sizesOf(await boxesOf(sql, bank.controllerId)) })
  return banks
}

export function sizesOf(boxes: Candidate[]): { size: Size; free: number }[] {
  const free = freeCounts(boxes)
  const has = (['S', 'M', 'L', 'XL'] as const).filter(size => boxes.some(box => box.size === size))
  return has.map(size => ({ size, free: free[size] }))
}

/** When no box fits: what is free here in other sizes, and at the site's other banks. */
export async function alternatives(sql: Sql | Tx, bank: { id: string; siteId: string }, boxes: Candidate[]) {
  const others = (await banksAt(sql, bank.siteId)).filter(each => each.online && each.controllerId !== bank.id)
  const elsewhere = others.map(({ controllerId, name, sizes }) => ({
    controllerId,
    name,
    free: Object.fromEntries(sizes.map(({ size, free }) => [size, free])),
  }))
  return { free: freeCounts(boxes), elsewhere }
}
