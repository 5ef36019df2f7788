export const usage = `npm run demo [-- --once]

  (nothing)   the whole system with a simulated site, until Ctrl-C
  --once      plays the story once, checks every step in the database, ends with 0 only if all held
  --help      this page

HOST, HTTP_PORT, MQTT_PORT, DATABASE_URL and DATA_DIR are read as by the server.`

export type Arguments = { once: boolean; help: boolean }

/** All problems at once, each naming what was given. */
export function readArguments(given: string[]): Arguments | { problems: string[] } {
  const known = ['--once', '--help', '-h']
  if (given.includes('--help') || given.includes('-h')) return { once: false, help: true }
  const problems = given
    .filter(word => !known.includes(word))
    .map(word => `${word.startsWith('-') ? 'unknown option' : 'unexpected word'} ${JSON.stringify(word)}`)
  if (problems.length > 0) return { problems }
  return { once: given.includes('--once'), help: false }
}
