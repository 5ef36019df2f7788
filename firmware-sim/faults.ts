/**
 * What can go wrong, as data: a fault stands in the list until its `times` are used up (absent: for ever).
 * `way` and `kind` choose messages (`kind` is status, events, code, welcome, ack, order, grants or config).
 */
export type Fault = { times?: number } & (
  | { point: 'die-after-accepted-before-bolt' | 'die-after-bolt-before-unlocked' | 'die-after-unlocked'; door?: number }
  | { point: 'stuck-bolt'; door?: number }
  | { point: 'slow-bolt'; door?: number; ms: number }
  | { point: 'drop' | 'double' | 'swap'; way: 'up' | 'down'; kind?: string }
  | { point: 'delay'; way: 'up' | 'down'; kind?: string; ms: number }
  | { point: 'retain'; way: 'down'; kind?: string }
)
export type FaultPoint = Fault['point']
export type FaultOf<P extends FaultPoint> = Extract<Fault, { point: P }>

type Where = { door?: number; way?: 'up' | 'down'; kind?: string }

/** Takes the first fault of this point that fits the place, counting it down; null when nothing goes wrong here. */
export function takeFault<P extends FaultPoint>(faults: Fault[], point: P, where: Where = {}): FaultOf<P> | null {
  const index = faults.findIndex(each => each.point === point && fits(each, where))
  const fault = faults[index]
  if (!fault) return null
  if (fault.times !== undefined) {
    if (fault.times <= 1) faults.splice(index, 1)
    else faults[index] = { ...fault, times: fault.times - 1 }
  }
  return fault as FaultOf<P>
}

function fits(fault: Fault, where: Where): boolean {
  if ('door' in fault && fault.door !== undefined && fault.door !== where.door) return false
  if ('way' in fault && fault.way !== where.way) return false
  return !('kind' in fault) || fault.kind === undefined || fault.kind === where.kind
}
