import { X509Certificate } from 'node:crypto'
import { connect, rootCertificates, type TLSSocket } from 'node:tls'

/** PEM texts: whom to trust (absent: the public authorities), and a certificate of one's own in place of the password. */
export type TlsParts = { ca?: string; cert?: string; key?: string }
type Secure = {
  url: URL
  tls: TlsParts | undefined
  /** a device without a time cannot tell whether a certificate has expired; chain and name it checks always */
  checkDates: boolean
  /** not a byte of ours, nor the password, has been sent before this */
  onProven: (socket: TLSSocket) => void
  onFailed: (reason: string) => void
}

const answerWithinMs = 10_000
const datesOnly = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Opens a connection whose server has shown who it is. */
export function openSecure({ url, tls = {}, checkDates, onProven, onFailed }: Secure): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const where = { host, port: Number(url.port || 8883), servername: isName(host) ? host : '' }
  const socket = connect({ ...where, ...tls, rejectUnauthorized: false, minVersion: 'TLSv1.2' })
  const fail = (error: Error) => onFailed(error.message)
  socket.once('error', fail)
  socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('no answer')))
  socket.once('secureConnect', () => {
    socket.off('error', fail)
    socket.setTimeout(0)
    socket.setNoDelay(true)
    const problem = problemOf(socket, { host, tls, checkDates })
    if (problem === null) return onProven(socket)
    socket.once('error', () => {})
    socket.destroy()
    onFailed(problem)
  })
  return socket
}

const isName = (host: string): boolean => !/^[\d.]+$|:/.test(host)

function problemOf(socket: TLSSocket, { host, tls, checkDates }: { host: string; tls: TlsParts; checkDates: boolean }) {
  if (socket.authorized) return null
  // typed as an Error, is the name of one
  const problem = String(socket.authorizationError)
  if (checkDates || !datesOnly.includes(problem)) return problem
  // Only the last thing found wrong is reported, so what the dates may have hidden is looked at here.
  const authorities = (tls.ca ? (tls.ca.match(block) ?? []) : rootCertificates).map(each => new X509Certificate(each))
  const certificate = socket.getPeerX509Certificate()
  if (!certificate || !leadsTo(certificate, authorities)) return 'untrusted chain'
  const named = isName(host) ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host)
  return named ? null : 'another name'
}

/** Signed by one of the authorities, or by one of theirs that the server sent along. */
function leadsTo(certificate: X509Certificate, authorities: X509Certificate[], depth = 0): boolean {
  const signed = (by: X509Certificate) => by.ca && certificate.checkIssued(by) && certificate.verify(by.publicKey)
  if (authorities.some(signed)) return true
  const next = certificate.issuerCertificate
  return next !== undefined && depth < 5 && signed(next) && leadsTo(next, authorities, depth + 1)
}
