import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Attention } from '../../../schema/api/attention.ts'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { ask, reasonOf } from '../api.ts'
import type { Wall } from '../state.ts'

/** What comes and goes only because time passes is asked for. */
const everyMs = 30_000
/** on a busy wall: not more often */
const pauseMs = 300

const needy = ({ state, alarm, offer, parcel }: WallDoor) =>
  state === 'jammed' || alarm !== null || offer === 'contested' || parcel?.state === 'expired'
const wordsOf = (door: WallDoor) => `${door.id} ${door.state} ${door.alarm?.kind} ${door.offer} ${door.parcel?.state}`
const stateOf = ({ id, online, suspect, doubtful }: WallController) => `${id} ${online} ${suspect} ${doubtful}`

/**
 * The list as it is now: asked again when something on the wall changed that can be in it, or somebody took one.
 * `isFresh`: asked since the link is live.
 */
export function useAttention(siteId: string, wall: Wall) {
  const [list, setList] = useState<Attention>()
  const [problem, setProblem] = useState<string>()
  const [isFresh, setFresh] = useState(false)
  const isLive = useRef(false)
  isLive.current = wall.link === 'live'
  const asking = useRef({ busy: false, again: false })

  const load = useCallback(async () => {
    const now = asking.current
    now.again = now.busy
    if (now.busy) return
    now.busy = true
    do {
      now.again = false
      const isAskedLive = isLive.current
      await ask<Attention>('GET', `/api/attention?siteId=${siteId}`).then(
        found => {
          setList(found)
          setProblem(undefined)
          setFresh(isAskedLive && isLive.current)
        },
        error => setProblem(reasonOf(error)),
      )
      if (now.again) await new Promise(done => setTimeout(done, pauseMs))
    } while (now.again)
    now.busy = false
  }, [siteId])

  const doors = useMemo(() => wall.doors.filter(needy).map(wordsOf).join(), [wall.doors])
  const controllers = useMemo(() => wall.controllers.map(stateOf).join(), [wall.controllers])
  useEffect(() => void load(), [load, doors, controllers, wall.attentionTouches, wall.link])
  useEffect(() => {
    if (wall.link !== 'live') setFresh(false)
  }, [wall.link])
  useEffect(() => {
    const timer = setInterval(load, everyMs)
    return () => clearInterval(timer)
  }, [load])
  return { list, problem, load, isFresh }
}
