import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api.ts'

type Running = { id: string; controllerId: string }

/** The walks under way at a site: one that was left is gone on with, here or on another screen. */
export function useRunningAudits(siteId: string) {
  const [audits, setAudits] = useState<Running[]>([])
  const reload = () =>
    void ask<{ items: Running[] }>('GET', `/api/audits?siteId=${siteId}`).then(
      ({ items }) => setAudits(items),
      () => {},
    )
  useEffect(reload, [siteId])
  return { audits, reload }
}
