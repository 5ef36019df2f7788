/** Topics of the device contract. A controller speaks on `v1/<id>/up/…` and hears on `v1/<id>/down/…`, nothing else. */

export const upKinds = ['status', 'events', 'code'] as const
export const downKinds = ['welcome', 'ack', 'order', 'grants', 'config'] as const
export type UpKind = (typeof upKinds)[number]
export type DownKind = (typeof downKinds)[number]

export const idForm = /^[a-z0-9][a-z0-9-]{1,62}$/

/** Whether a text may be a controller's id (also its user name, client id and certificate name). */
export const isControllerId = (text: string): boolean => idForm.test(text)

export const upTopic = (controllerId: string, kind: UpKind): string => `v1/${controllerId}/up/${kind}`

/** A `refuse` is an answer to a code and travels on the order topic, where the device already listens. */
export const downTopic = (controllerId: string, kind: DownKind): string => `v1/${controllerId}/down/${kind}`

/** The filters a controller may subscribe to: its whole down branch, or any single kind of it. */
export const isOwnFilter = (controllerId: string, filter: string): boolean =>
  filter === `v1/${controllerId}/down/+` ||
  filter === `v1/${controllerId}/down/#` ||
  downKinds.some(kind => filter === downTopic(controllerId, kind))

/** Splits an up topic; null for anything that is not exactly one of ours. */
export function parseUpTopic(topic: string): { controllerId: string; kind: UpKind } | null {
  const [version, controllerId, direction, kind, ...rest] = topic.split('/')
  if (version !== 'v1' || direction !== 'up' || rest.length > 0 || !controllerId || !isControllerId(controllerId)) {
    return null
  }
  const known = upKinds.find(each => each === kind)
  return known ? { controllerId, kind: known } : null
}

/** Splits a down topic; null for anything that is not exactly one of ours. */
export function parseDownTopic(topic: string): { controllerId: string; kind: DownKind } | null {
  const [version, controllerId, direction, kind, ...rest] = topic.split('/')
  if (version !== 'v1' || direction !== 'down' || rest.length > 0 || !controllerId || !isControllerId(controllerId)) {
    return null
  }
  const known = downKinds.find(each => each === kind)
  return known ? { controllerId, kind: known } : null
}
