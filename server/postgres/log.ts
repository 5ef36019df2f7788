/** What the launcher needs of a log; a pino logger and the console both fit. */
export type Log = { info(message: string): void; warn(message: string): void }
