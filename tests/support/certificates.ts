import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** X.509 (RFC 5280) by hand, so that tests need neither openssl nor a fixture that runs out. */
export type Certified = { name: string; cert: string; key: string; keyObject: KeyObject }
type Wanted = {
  /** common name; several make a certificate that names nobody in particular */
  name: string | string[]
  /** signs; absent: itself */
  by?: Certified
  authority?: boolean
  /** names of a server, for clients that check them */
  hosts?: string[]
  from?: Date
  until?: Date
}

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), body])
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes))
const yes = der(0x01, Buffer.from([0xff]))
const commonName = (name: string) => der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name))))
const time = (at: Date) => der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`))
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const extension = (id: number, value: Buffer, critical = false) =>
  sequence(oid(0x55, 0x1d, id), ...(critical ? [yes] : []), der(0x04, value))
const host = (name: string) =>
  /^[\d.]+$/.test(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))
const pem = (bytes: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`

const year = 365 * 86_400_000

export function makeCertificate({ name, by, authority = false, hosts, ...dates }: Wanted): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { from = new Date(Date.now() - year), until = new Date(Date.now() + year) } = dates
  const subject = sequence(...[name].flat().map(commonName))
  const issuer = by ? sequence(commonName(by.name)) : subject
  const extensions = [
    extension(0x13, authority ? sequence(yes) : sequence(), true),
    ...(hosts ? [extension(0x11, sequence(...hosts.map(host)))] : []),
  ]
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    issuer,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signer = by?.keyObject ?? privateKey
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, signer))
  return {
    name: [name].flat()[0]!,
    cert: pem(sequence(content, ecdsaWithSha256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyObject: privateKey,
  }
}

/** An authority for servers and one for controllers, and a server's files as an operator has them. */
export function makeTls() {
  const authority = makeCertificate({ name: 'Servers', authority: true })
  const clientAuthority = makeCertificate({ name: 'Controllers', authority: true })
  const server = makeCertificate({ name: 'doors', by: authority, hosts: ['localhost', '127.0.0.1'] })
  const folder = mkdtempSync(join(tmpdir(), 'doors-tls-'))
  const write = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const files = {
    cert: write('cert.pem', server.cert),
    key: write('key.pem', server.key),
    clientCa: write('client-ca.pem', clientAuthority.cert),
  }
  /** one the controllers' authority signed */
  const client = (name: string | string[], more: Partial<Wanted> = {}) => {
    const { cert, key } = makeCertificate({ name, by: clientAuthority, ...more })
    return { cert, key }
  }
  return { authority, clientAuthority, server, folder, write, files, client, ca: authority.cert }
}
