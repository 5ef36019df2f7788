import { answerParent } from './child.ts'
import { listenPlain } from './listen-plain.ts'

/** Child process: plain Aedes. `answers`: every message with one of the size that ours has, at once. */
type Start = { answers: boolean }

const filler = '0123456789abcdef'
const uuid = '01999999-9999-7999-8999-999999999999'
const order = JSON.stringify({
  ...{ order: uuid, type: 'open', door: 3, grant: uuid, boot: filler, notAfterUp: 60_000, ask: filler },
})

function answer(_id: string, kind: string, payload: Buffer): [kind: string, body: string] {
  if (kind === 'code') return ['order', order]
  if (kind === 'status')
    return ['welcome', JSON.stringify({ journal: filler, seq: 0, time: Date.now(), up: 60_000, beatMs: 60_000 })]
  // read without a parser: the floor does nothing with what it is told
  const seq = Number(/.*"seq":(\d+)/.exec(payload.toString('latin1'))?.[1])
  return ['ack', JSON.stringify({ journal: filler, seq })]
}

answerParent({ start: ({ answers }: Start) => listenPlain(answers ? answer : undefined) })
