import { TLSSocket } from 'node:tls'

/**
 * The name in a client certificate that our authority signed and that is in its dates. Null: nothing that counts was
 * shown. Empty: it counts, but names nobody or several.
 */
export function certifiedName(connection: unknown): string | null {
  if (!(connection instanceof TLSSocket) || !connection.authorized) return null
  const { subject, valid_from, valid_to } = connection.getPeerCertificate()
  // a resumed session brings along the verdict of its first handshake, the dates may have passed since
  const now = Date.now()
  if (!(Date.parse(valid_from) <= now && now <= Date.parse(valid_to))) return null
  const name: unknown = subject?.CN
  return typeof name === 'string' ? name : ''
}
