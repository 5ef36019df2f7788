import type { DownKind, UpKind } from '../schema/wire/topics.ts'
import type { TlsFiles } from './tls-files.ts'

/** unavailable = the database is down: CONNACK return code 3, the controller tries again later. */
export type Identity = 'ok' | 'refused' | 'unavailable'

export type Refused = {
  controllerId: string | null
  address: string
  action: 'sign-in' | 'publish' | 'subscribe' | 'packet-size'
  detail: string
}

export type BrokerOptions = {
  host: string
  /** of plain TCP; 0 = any free, null = none */
  port: number | null
  tls?: { port: number; files: TlsFiles } | null
  /** `certificate`: it showed one of its own name in place of a password; is it enrolled? */
  signIn(controllerId: string, proof: Buffer | 'certificate'): Promise<Identity>
  /** Awaited before PUBACK: hold the promise to slow the sender down. Rejecting closes nothing, it is logged. */
  receive(message: { controllerId: string; kind: UpKind; payload: Buffer; will: boolean }): Promise<void>
  refused?(what: Refused): void
  log: {
    info(o: object, m: string): void
    warn(o: object, m: string): void
    error(o: object, m: string): void
  }
}

export type Broker = {
  /** 0 when there is none */
  port: number
  tlsPort: number
  /**
   * Straight into the controller's connection, QoS 1. False when it has none, does not listen or does not read
   * (after 10 s at most); nothing is queued. True says that the bytes are on their way, not that they arrived.
   */
  send(controllerId: string, kind: DownKind, payload: Buffer): Promise<boolean>
  /** Ends a controller's connection, also one that is just signing in: new credentials, retired. */
  disconnect(controllerId: string): void
  isConnected(controllerId: string): boolean
  /** Wills are ignored from here on; waits for the messages being received. */
  close(): Promise<void>
}
