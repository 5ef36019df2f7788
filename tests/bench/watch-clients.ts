import WebSocket from 'ws'
import { answerParent } from './child.ts'
import { sharedNow } from './numbers.ts'

/** Child process: open live sockets that note when a change is with them. */
type Open = { url: string; tokens: string[]; count: number }
type Heard = { first: number; last: number; text: string }

/** as ours begins a change of a door; what else is told meanwhile (a controller came) is not what is measured */
const doorChanged = /^\{"type":"change","n":(\d+),"at":"[^"]*","doors":/
let after = 0
let round = 0
let hearing: { left: number; first: number; text: string; done(heard: Heard): void } | null = null
let count = 0

async function open({ url, tokens, count: wanted }: Open): Promise<void> {
  for (let opened = 0; opened < wanted; opened += 50)
    await Promise.all(
      Array.from({ length: Math.min(50, wanted - opened) }, (_, n) =>
        openOne(url, tokens[(opened + n) % tokens.length]!),
      ),
    )
  count = wanted
}

/** Open once the server has said something, as ours does with its snapshot. */
const openOne = (url: string, token: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false })
    let heardIn = 0
    socket.on('error', reject)
    socket.on('close', code => {
      throw new Error(`a live socket was closed with ${code}`)
    })
    socket.on('message', (data: Buffer) => {
      resolve()
      // all that counts stands at the front; the rest is not read, to cost little
      const n = Number(doorChanged.exec(data.toString('latin1', 0, 96))?.[1] ?? 0)
      if (n <= after || heardIn === round) return
      heardIn = round
      hear(data)
    })
  })

function hear(data: Buffer): void {
  if (!hearing) return
  const now = sharedNow()
  if (hearing.first === 0) Object.assign(hearing, { first: now, text: data.toString() })
  if (--hearing.left > 0) return
  const { first, text, done } = hearing
  hearing = null
  done({ first, last: now, text })
}

/** Resolves when each socket has had a change with a higher number than `n`. */
let heard: Promise<Heard>
function arm({ n }: { n: number }): void {
  after = n
  round += 1
  heard = new Promise(done => {
    hearing = { left: count, first: 0, text: '', done }
  })
}

answerParent({ open, arm, wait: () => heard })
