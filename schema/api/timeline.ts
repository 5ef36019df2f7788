export type TimelineEntry = {
  n: number
  type: string
  at: string
  receivedAt: string
  live: boolean
  facts: Record<string, unknown>
  suspect: string | null
}

export type ParcelView = {
  id: string
  siteId: string
  receipt: string
  state: string
  size: string
  doorId: string
  door: number
  controllerId: string
  tracking: string | null
  notSeen: boolean
  unconfirmed: boolean
  madeAt: string
  openedAt: string | null
  placedAt: string | null
  deadlineAt: string | null
  endedAt: string | null
  timeline: TimelineEntry[]
}
