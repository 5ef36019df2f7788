import { readFileSync } from 'node:fs'

/** Where an external broker is and who we are there. */
export type BrokerAddress = {
  /** as it may be shown: without user and password */
  url: string
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
}

/** MQTT_URL; undefined for what is none. */
export function readBrokerAddress(given: string): BrokerAddress | undefined {
  if (!URL.canParse(given)) return undefined
  const { protocol, hostname, host, port, pathname, search, hash, username, password } = new URL(given)
  const tls = protocol === 'mqtts:'
  if ((protocol !== 'mqtt:' && !tls) || !hostname) return undefined
  if (pathname.length > 1 || search || hash || (password && !username)) return undefined
  try {
    return {
      url: `${protocol}//${host}`,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (tls ? 8883 : 1883)),
      tls,
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    }
  } catch {
    // a % that stands for itself
    return undefined
  }
}

/** MQTT_CA; undefined for a file that cannot be read or holds no certificate in PEM. */
export function readAuthority(path: string): Buffer | undefined {
  try {
    const pem = readFileSync(path)
    return pem.includes('-----BEGIN CERTIFICATE-----') ? pem : undefined
  } catch {
    return undefined
  }
}
