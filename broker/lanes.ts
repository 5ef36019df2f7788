/** One message on its way in: `work` must not reject, `done` lets the PUBACK go. */
export type Passage = { work(): Promise<void>; done(): void }
export type Lanes = {
  enter(controllerId: string, passage: Passage): void
  /** resolves when nothing is under way */
  idle(): Promise<void>
}

type Lane = { running: number; waiting: Passage[]; lastDone: Promise<void> }

/**
 * Aedes dispatches all packets of one read at once and without a cap (3,000 handlers seen for one connection). Here
 * each controller has a lane: work is started in the order of arrival, at most `width` of it is under way, and `done`
 * is called in the order of arrival too, because PUBACKs must be in the order of their PUBLISHes [MQTT-4.6.0-2].
 * What waits needs no bound of its own: Aedes reads on only when all it dispatched is done, so it is one read's worth.
 */
export function makeLanes(width: number): Lanes {
  const lanes = new Map<string, Lane>()
  let idlers: (() => void)[] = []

  function start(lane: Lane, passage: Passage, left: () => void): void {
    lane.running++
    const work = passage.work()
    lane.lastDone = lane.lastDone
      .then(() => work)
      .then(() => {
        passage.done()
        lane.running--
        left()
      })
  }

  function advance(controllerId: string, lane: Lane): void {
    while (lane.running < width) {
      const next = lane.waiting.shift()
      if (!next) break
      start(lane, next, () => advance(controllerId, lane))
    }
    if (lane.running > 0 || lane.waiting.length > 0) return
    lanes.delete(controllerId)
    if (lanes.size > 0) return
    for (const wake of idlers) wake()
    idlers = []
  }

  return {
    enter(controllerId, passage) {
      const lane = lanes.get(controllerId) ?? { running: 0, waiting: [], lastDone: Promise.resolve() }
      lanes.set(controllerId, lane)
      lane.waiting.push(passage)
      advance(controllerId, lane)
    },
    idle: () => (lanes.size === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve))),
  }
}
