import { useEffect, useState } from 'preact/hooks'
import type { CounterParcel } from '../../../schema/api/counter.ts'
import { ask, reasonOf } from '../api.ts'

type Asked = { siteId: string; q: string; ended: boolean; touch: string }

/** Asked again whenever `touch` is another one. */
export function useParcels({ siteId, q, ended, touch }: Asked) {
  const [parcels, setParcels] = useState<CounterParcel[]>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    let old = false
    const query = new URLSearchParams({ siteId, q, ended: String(ended) })
    setProblem(undefined)
    ask<{ items: CounterParcel[] }>('GET', `/api/parcels?${query}`).then(
      ({ items }) => !old && setParcels(items),
      error => !old && setProblem(reasonOf(error)),
    )
    return () => {
      old = true
    }
  }, [siteId, q, ended, touch])
  return { parcels, problem }
}
