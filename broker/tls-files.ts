import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Paths of PEM files; `clientCa` null = no client certificates, only passwords. */
export type TlsFiles = { cert: string; key: string; clientCa: string | null }
/** What was in them. */
export type TlsTexts = { cert: string; key: string; ca?: string }
export type ReadTls = { texts: TlsTexts } | { problems: string[] }

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads the files and looks whether a controller could be served with them; each problem names the variable and the file. */
export function readTlsFiles(files: TlsFiles, now: Date): ReadTls {
  const problems: string[] = []
  const say = (name: string, path: string, problem: string) => void problems.push(`${name} ${path}: ${problem}`)
  const read = (name: string, path: string): string | null => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      say(name, path, unreadable(error as NodeJS.ErrnoException))
      return null
    }
  }
  const parsed = <T>(name: string, path: string, text: string | null, parse: (text: string) => T): T | null => {
    if (text === null) return null
    try {
      return parse(text)
    } catch (error) {
      say(name, path, (error as Error).message)
      return null
    }
  }

  const certText = read('TLS_CERT', files.cert)
  const keyText = read('TLS_KEY', files.key)
  const caText = files.clientCa === null ? null : read('TLS_CLIENT_CA', files.clientCa)
  // the first one is ours, the rest leads up to the authority
  const [cert] = parsed('TLS_CERT', files.cert, certText, toCertificates) ?? []
  const key = parsed('TLS_KEY', files.key, keyText, toKey)
  const authorities = parsed('TLS_CLIENT_CA', files.clientCa ?? '', caText, toCertificates) ?? []

  const dates = cert && outOfDate(cert, now)
  if (dates) say('TLS_CERT', files.cert, dates)
  if (cert && key && !cert.checkPrivateKey(key)) say('TLS_KEY', files.key, 'does not belong to the certificate')
  for (const each of authorities) {
    const problem = each.ca ? outOfDate(each, now) : 'is a certificate, but not of an authority'
    if (problem) say('TLS_CLIENT_CA', files.clientCa!, problem)
  }
  if (problems.length > 0) return { problems }
  const texts = { cert: certText!, key: keyText!, ...(caText === null ? {} : { ca: caText }) }
  try {
    createSecureContext(texts)
  } catch (error) {
    return { problems: [`TLS_CERT ${files.cert}: cannot be used (${(error as Error).message})`] }
  }
  return { texts }
}

function toCertificates(text: string): X509Certificate[] {
  const blocks = text.match(block) ?? []
  try {
    if (blocks.length > 0) return blocks.map(each => new X509Certificate(each))
  } catch {}
  throw new Error('is not a certificate in PEM')
}

function toKey(text: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      code === 'ERR_MISSING_PASSPHRASE'
        ? 'has a passphrase; give it without one, readable by the server only'
        : 'is not a private key in PEM',
    )
  }
}

function outOfDate({ validFrom, validTo }: X509Certificate, now: Date): string | null {
  if (new Date(validTo) < now) return `expired on ${new Date(validTo).toISOString()}`
  return new Date(validFrom) > now ? `is valid only from ${new Date(validFrom).toISOString()}` : null
}

function unreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'may not be read by this user'
  return code === 'EISDIR' ? 'is a directory' : message
}
