import type { CounterParcel } from '../../../schema/api/counter.ts'
import { useAnswer } from '../use-answer.ts'

type Asked = { siteId: string; q: string; ended: boolean; touch: string }

/** Asked again whenever `touch` is another one. */
export function useParcels({ siteId, q, ended, touch }: Asked) {
  const query = new URLSearchParams({ siteId, q, ended: String(ended) })
  const { answer, problem } = useAnswer<{ items: CounterParcel[] }>(`/api/parcels?${query}`, touch)
  return { parcels: answer?.items, problem }
}
