import { useEffect, useState } from 'preact/hooks'
import type { OrderView } from '../../../schema/api/wall.ts'
import { ask } from '../api.ts'

export type OrderNow = 'opening' | 'open' | 'refused' | 'no-answer' | 'no-link'
const everyMs = 500

/** How far the opening of a box is, asked again until it is decided. */
export function useOrder(orderId: string): OrderNow {
  const [now, setNow] = useState<OrderNow>('opening')
  useEffect(() => {
    setNow('opening')
    let left = false
    const look = async () => {
      const order = await ask<OrderView>('GET', `/api/orders/${orderId}`).catch(() => undefined)
      if (left) return
      const next = order ? stateOf(order) : 'no-link'
      setNow(next)
      if (next === 'opening' || next === 'no-link') setTimeout(look, everyMs)
    }
    void look()
    return () => {
      left = true
    }
  }, [orderId])
  return now
}

function stateOf({ state, unlockedAt, openedAt }: OrderView): OrderNow {
  if (unlockedAt || openedAt) return 'open'
  if (state === 'refused') return 'refused'
  return state === 'expired' ? 'no-answer' : 'opening'
}
