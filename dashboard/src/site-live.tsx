import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useMemo, useReducer } from 'preact/hooks'
import { useAttention } from './alerts/use-attention.ts'
import { follow } from './live.ts'
import { tellNeeds } from './needs.ts'
import { emptyWall, reduceWall } from './state.ts'

const WallContext = createContext(emptyWall)
const AttentionContext = createContext<Omit<ReturnType<typeof useAttention>, 'isFresh'>>({
  list: undefined,
  problem: undefined,
  load: async () => {},
})

/** The site as it is told live. */
export const useWall = () => useContext(WallContext)
/** What of it needs somebody. */
export const useAttentionList = () => useContext(AttentionContext)

type Props = {
  siteId: string
  signedOut: () => void
  children: ComponentChildren
}

/** Follows one site for whatever page is open: one socket and one list, for the page and for the bar. */
export function SiteLive({ siteId, signedOut, children }: Props) {
  const [wall, dispatch] = useReducer(reduceWall, emptyWall)
  useEffect(() => follow(siteId, dispatch, signedOut), [siteId])
  const { list, problem, load, isFresh } = useAttention(siteId, wall)
  const attention = useMemo(() => ({ list, problem, load }), [list, problem, load])
  const needs = isFresh && problem === undefined && list ? list.items.length + list.left : undefined
  useEffect(() => tellNeeds(needs), [needs])
  useEffect(() => () => tellNeeds(undefined), [])
  return (
    <WallContext.Provider value={wall}>
      <AttentionContext.Provider value={attention}>{children}</AttentionContext.Provider>
    </WallContext.Provider>
  )
}
