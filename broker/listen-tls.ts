import { createServer } from 'node:tls'
import { type Listen, type Listener, listenTcp } from './listen.ts'
import { settings } from './settings.ts'
import { readTlsFiles, type TlsFiles, type TlsTexts } from './tls-files.ts'

type ListenTls = Listen & { files: TlsFiles; failed(address: string, problem: string): void }

/**
 * MQTT over TLS. A client certificate is asked for and may be missing or worthless: who somebody is, is decided at
 * CONNECT. Rejects with every problem of the files; a renewed certificate is taken up without a restart.
 */
export async function listenTls({ files, failed, ...listen }: ListenTls): Promise<Listener> {
  const first = readTlsFiles(files, new Date())
  if ('problems' in first) throw new Error(first.problems.join('\n  - '))
  const server = createServer({
    ...secure(first.texts),
    // Without an authority of ours Node would trust the public ones, and anyone can have a certificate of theirs.
    requestCert: first.texts.ca !== undefined,
    rejectUnauthorized: false,
    handshakeTimeout: settings.connectTimeoutMs,
  })
  server.on('secureConnection', listen.accept)
  server.on('tlsClientError', (error, socket) => {
    failed(socket.remoteAddress ?? 'unknown', error.message)
    // Node leaves one that did not finish in time open
    socket.destroy()
  })
  const listener = await listenTcp({ ...listen, accept: socket => server.emit('connection', socket) })
  const stopWatching = watchFiles(first.texts, {
    files,
    log: listen.log,
    take: texts => server.setSecureContext(secure(texts)),
  })
  return {
    ...listener,
    close() {
      stopWatching()
      return listener.close()
    },
  }
}

const secure = (texts: TlsTexts) => ({ ...texts, minVersion: 'TLSv1.2' as const })

type Watch = { files: TlsFiles; log: Listen['log']; take(texts: TlsTexts): void }

/**
 * By looking at the contents again: what renews certificates replaces files, links or whole directories, and a watcher
 * on the file would go on watching the old one. A half-written pair is looked at again next time.
 */
function watchFiles(first: TlsTexts, { files, log, take }: Watch): () => void {
  let known = JSON.stringify(first)
  let said = ''
  const timer = setInterval(() => {
    const read = readTlsFiles(files, new Date())
    const now = JSON.stringify(read)
    if ('problems' in read) {
      if (said !== now) log.warn(read, 'TLS files: going on with those read before')
      said = now
      return
    }
    said = ''
    const texts = JSON.stringify(read.texts)
    if (texts === known) return
    known = texts
    take(read.texts)
    log.info({ files }, 'TLS files read again')
  }, settings.tlsFilesEveryMs).unref()
  return () => clearInterval(timer)
}
