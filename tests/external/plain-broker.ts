import { type AddressInfo, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes } from 'aedes'

/**
 * A process of its own: Aedes as it comes, with no rule of ours. The account `_server` needs the password in
 * SERVER_PASSWORD, everybody else is let in. With TLS_CERT and TLS_KEY (PEM) it speaks TLS. By message from the parent it swallows what is for `_server`.
 */
let deaf = false
const users = new WeakMap<object, string>()
const broker = await Aedes.createBroker({
  authenticate(client, username, password, done) {
    users.set(client, username ?? '')
    done(null, username !== '_server' || password?.toString() === process.env.SERVER_PASSWORD)
  },
  authorizeForward: (client, packet) => (deaf && users.get(client) === '_server' ? null : packet),
})
process.on('message', (message: { deaf: boolean }) => {
  deaf = message.deaf
  process.send!('done')
})
// the parent is gone: nobody will stop us
process.on('disconnect', () => process.exit())
const { PORT, TLS_CERT: cert, TLS_KEY: key } = process.env
const server = cert ? createTlsServer({ cert, key }, broker.handle) : createServer({ noDelay: true }, broker.handle)
server.listen(Number(PORT), '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
