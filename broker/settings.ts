import { limits } from '../schema/wire/limits.ts'

/** Numbers of the embedded broker; each with what was measured or which rule asks for it. */
export const settings = {
  /** A controller that stops reading is cut after this; until then nobody else waits for it (see keeps-nothing.ts). */
  drainTimeoutMs: 10_000,
  /** From the socket to the whole CONNECT: a scanner that says nothing goes. */
  connectTimeoutMs: 10_000,
  /** A sign-in that hangs (database stuck, not down) is answered as unavailable, or its socket would stay for ever. */
  signInTimeoutMs: 10_000,
  /** What `close` waits for messages still being received. */
  closeTimeoutMs: 5_000,
  /** Contract: at most this; a longer one is let in with a warning, see `connectProblem`. */
  keepaliveSeconds: 30,
  keepaliveMaxSeconds: 300,
  /** Before CONNACK anyone may be sending: exactly what the contract allows a packet to be. */
  packetBytesBeforeConnack: limits.packetBytes,
  /**
   * After CONNACK it is one of our controllers: a message somewhat over the contract's 4 KiB is handed on, because a
   * cut connection would make it send the same message again for ever. Above this it is cut all the same.
   */
  packetBytes: 64 * 1024,
  /** Messages of one controller being received at once. The contract has one `events` under way, a status and a code. */
  pendingPerController: 20,
  /** Bytes still with us because the kernel's buffers for that controller are full; beyond this `send` answers false. */
  unreadBytes: 64 * 1024,
  /** 22–26 KiB each when idle. */
  maxConnections: 20_000,
  backlog: 4096,
  /** Kernel probes find a dead link below MQTT, also while we have nothing to say. */
  tcpKeepAliveMs: 30_000,
  /** A renewed certificate serves new connections within this. */
  tlsFilesEveryMs: 60_000,
  /** How often one address, or one id at one address, may try; see gate.ts for whom a bucket belongs to. */
  rates: {
    /**
     * A try is given back when it ends in a sign-in, so this bounds what is under way or came to nothing. A site of 1,000
     * controllers behind one address that all come back in the same second, twice, is within `atOnce`; 20 in a second of
     * certificates at 3.1 ms each is 6 % of a core for the stranger who goes on and on.
     */
    connections: { atOnce: 2_000, perSecond: 20 },
    /** 120 controllers with an old password, each at the contract's 120 s, are 1 in a second. */
    wrongOfAddress: { atOnce: 200, perSecond: 1 },
    /** Somebody corrects the password and does not want to wait: at most a minute, less than a device's own wait. */
    wrongOfId: { atOnce: 5, perSecond: 1 / 60 },
    /** Remembered addresses of each kind: about 10 MB when somebody has that many. */
    keep: 50_000,
    /** A proxy on this machine shows its own address for everybody. */
    loopbackIsFree: true,
  },
  /** Lines in the log about one address before it is only counted, and how often the counts are said. */
  logLinesEach: 5,
  logSummaryMs: 60_000,
  aedes: {
    /** QoS 2 is refused anyway; this bounds it should a version of Aedes ask later. */
    maxInflightInbound: 20,
    /** The deepest topic of the contract has four levels. */
    maxTopicLevels: 8,
  },
} as const
