import { createHash } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Free with `release`; or `heldBy` names the other server (undefined when it does not say). */
export type Claim = { address: Address; release(): Promise<void> } | { heldBy: number | undefined }

type Address = string | number
type Answer = { ours: boolean; pid?: number }

const portCandidates = 8

/**
 * One holder per directory. The kernel frees a listening socket however its holder dies, so nothing can go stale.
 * On Linux the name is in the abstract namespace and can only mean this directory. Elsewhere it is a loopback port,
 * which an unrelated program may own: several ports are candidates, holders greet, and a holder on any candidate counts.
 */
export async function claim(directory: string, { platform = process.platform } = {}): Promise<Claim> {
  const { greeting, addresses } = namesOf(directory, platform)
  const held = await bindFirst(addresses, greeting)
  const others = addresses.filter(address => address !== held?.address)
  // Bind first, then look: of two that start together each sees the other, so never do both go on.
  const answers = await Promise.all(others.map(address => ask(address, greeting)))
  const holder = answers.find(answer => answer.ours)
  if (held && !holder) return { address: held.address, release: () => close(held) }
  if (held) await close(held)
  if (holder) return { heldBy: holder.pid }
  if (platform === 'linux') return { heldBy: undefined }
  throw new Error(`every loopback port that could guard ${directory} is taken: ${addresses.join(', ')}`)
}

/** Who holds it now, without claiming it; undefined when nobody answers. */
export async function holderOf(directory: string): Promise<{ pid: number | undefined } | undefined> {
  const { greeting, addresses } = namesOf(directory, process.platform)
  const answers = await Promise.all(addresses.map(address => ask(address, greeting)))
  const holder = answers.find(answer => answer.ours)
  return holder && { pid: holder.pid }
}

function namesOf(directory: string, platform: NodeJS.Platform): { greeting: string; addresses: Address[] } {
  const digest = createHash('sha256').update(directory).digest('hex')
  const addresses = platform === 'linux' ? [`\0conciergerie-doors/${digest}`] : ports(digest)
  return { greeting: `conciergerie-doors ${digest}`, addresses }
}

type Held = { server: Server; address: Address; sockets: Set<Socket> }

async function bindFirst(addresses: Address[], greeting: string): Promise<Held | undefined> {
  for (const address of addresses) {
    const held = await bind(address, greeting)
    if (held) return held
  }
  return undefined
}

function bind(address: Address, greeting: string): Promise<Held | undefined> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    socket.end(`${greeting} ${process.pid}\n`)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    const listening = () => resolve({ server, address, sockets })
    if (typeof address === 'number') server.listen({ port: address, host: '127.0.0.1', exclusive: true }, listening)
    else server.listen({ path: address, exclusive: true }, listening)
    server.unref()
  })
}

/** A frozen holder cannot say its pid within the second we give it. */
function ask(address: Address, greeting: string): Promise<Answer> {
  const socket = typeof address === 'number' ? connect(address, '127.0.0.1') : connect(address)
  const answered = new Promise<Answer>(resolve => {
    let text = ''
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk
      if (text.length > 200) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const ours = text.startsWith(`${greeting} `)
      const pid = Number(text.slice(greeting.length + 1))
      resolve(ours && pid > 0 ? { ours, pid } : { ours })
    })
  })
  const silent = delay(1_000, { ours: false }, { ref: false })
  return Promise.race([answered, silent]).finally(() => socket.destroy())
}

function close({ server, sockets }: Held): Promise<void> {
  for (const socket of sockets) socket.destroy()
  return new Promise(resolve => server.close(() => resolve()))
}

/** Below the range from which kernels take ports for outgoing connections. */
function ports(digest: string): number[] {
  const first = 20_000 + (Number.parseInt(digest.slice(0, 8), 16) % 10_000)
  return Array.from({ length: portCandidates }, (_, index) => first + index)
}
