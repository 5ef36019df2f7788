import { connect } from 'node:net'
import { tcpProxy } from './tcp-proxy.ts'

/** A way to the database that can be cut, frozen and mended: what a server sees of a database that is away. */
export async function databaseProxy(url: string) {
  const { hostname, port, searchParams } = new URL(url)
  const socketDir = searchParams.get('host')
  const dial = () => (socketDir ? connect({ path: `${socketDir}/.s.PGSQL.5432` }) : connect(Number(port), hostname))
  const proxy = await tcpProxy(dial)
  const target = new URL(url)
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String(proxy.port)
  return { ...proxy, url: target.href }
}
