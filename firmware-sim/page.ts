import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { SimController } from './controller.ts'
import type { Answer } from './machine/state.ts'

export type Page = { url: string; close: () => Promise<void> }
type PageOptions = { controllers: SimController[]; host: string; port: number }

const folder = new URL('./page/', import.meta.url)
const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', html: 'text/html' }
const names = [
  ...['index.html', 'icon.svg', 'style.css', 'terminal.css', 'cabinet.css', 'rooms.css', 'device.css'],
  ...['page.js', 'chosen.js', 'cabinet.js', 'keypad.js', 'device.js', 'texts.js', 'event-texts.js', 'sound.js'],
]
const fileOf = (path: string) => names.find(each => path === `/${each}`) ?? (path === '/' ? 'index.html' : undefined)
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

async function answerRequest(request: IncomingMessage, response: ServerResponse) {
  const file = fileOf(new URL(request.url ?? '/', 'http://page').pathname)
  if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(file ? 405 : 404, headers).end()
    return
  }
  const type = types[file.split('.')[1] as keyof typeof types]
  const body = await readFile(new URL(file, folder))
  response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body)
}

/** Serves doors and keypads of these devices to people who want to touch them. */
export async function startPage({ controllers, host, port }: PageOptions): Promise<Page> {
  const http = createServer((request, response) => {
    answerRequest(request, response).catch(() => response.writeHead(500).end())
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    // a page of another origin must not open these doors
    const { origin, host: asked } = request.headers
    const ours = origin === undefined || (URL.canParse(origin) && new URL(origin).host === asked)
    if (!ours || request.url !== '/devices') return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, each => watch(each, controllers))
  })
  await new Promise<void>((done, fail) => http.once('error', fail).listen(port, host, done))
  const { port: actual } = http.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`,
    async close() {
      for (const each of sockets.clients) each.terminate()
      sockets.close()
      http.closeAllConnections()
      await new Promise<void>(done => http.close(() => done()))
    },
  }
}

function watch(socket: WebSocket, controllers: SimController[]) {
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const stops = controllers.map(sim => {
    let planned = false
    const sendState = () => {
      planned = false
      send({ type: 'state', state: sim.state(), events: sim.events().slice(-8) })
    }
    sendState()
    return sim.onChange(shown => {
      if (shown) send({ type: 'answer', id: sim.id, ...shown })
      if (planned) return
      planned = true
      setImmediate(sendState)
    })
  })
  // uptime and lock-outs go on although nothing happens
  const timer = setInterval(() => {
    for (const sim of controllers) send({ type: 'state', state: sim.state(), events: sim.events().slice(-8) })
  }, 1000)
  socket.on('message', data => {
    const problem = obey(controllers, String(data), send)
    if (problem) send({ type: 'problem', problem })
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    clearInterval(timer)
    for (const stop of stops) stop()
  })
}

type Wish = {
  id?: unknown
  does?: unknown
  door?: unknown
  keypad?: unknown
  code?: unknown
  on?: unknown
  by?: unknown
}
const longestDriftMs = 24 * 3600_000

/** Does what somebody at the page wants; answers what is wrong with the wish. */
function obey(controllers: SimController[], text: string, send: (message: object) => void): string | null {
  try {
    const wish = JSON.parse(text) as Wish
    const sim = controllers.find(each => each.id === wish.id)
    if (!sim) return 'no such device'
    const [door, keypad, code] = [Number(wish.door), Number(wish.keypad), String(wish.code ?? '')]
    const by = Number(wish.by ?? 0)
    if (!(Math.abs(by) <= longestDriftMs)) return 'no clock drifts by that'
    const types = wish.does === 'code' || wish.does === 'badge'
    if (types && !sim.state().keypads.some(each => each.keypad === keypad)) return `there is no keypad ${keypad}`
    const show = (answer: Answer) => {
      // these are given by the case, not by the device, so the device does not announce them
      if (answer.result === 'refused' && (answer.reason === 'no-power' || answer.reason === 'busy')) {
        send({ type: 'answer', id: sim.id, keypad, answer })
      }
    }
    const acts: Record<string, () => unknown> = {
      code: () => sim.typeCode(keypad, code).then(show),
      badge: () => sim.badge(keypad, code).then(show),
      open: () => sim.openDoor(door),
      shut: () => sim.shutDoor(door),
      put: () => sim.put(door),
      take: () => sim.take(door),
      exit: () => sim.pressExit(door),
      jam: () => sim.jam(door, wish.on === true),
      network: () => (wish.on ? sim.restoreNetwork() : sim.cutNetwork()),
      power: () => (wish.on ? sim.restorePower() : sim.cutPower()),
      drift: () => sim.driftClock(by),
      'lose-clock': () => sim.loseClock(),
    }
    const act = Object.hasOwn(acts, String(wish.does)) ? acts[String(wish.does)] : undefined
    if (!act) return 'no such wish'
    act()
    if (wish.does === 'jam') send({ type: 'state', state: sim.state(), events: sim.events().slice(-8) })
    return null
  } catch (error) {
    return (error as Error).message
  }
}
