import { readArguments, usage } from './arguments.ts'
import { caretaker, landlord } from './site.ts'
import { type Demo, startDemo } from './start.ts'
import { playStory } from './story.ts'
import { startTimeline } from './timeline.ts'

const begun = performance.now()
const given = readArguments(process.argv.slice(2))
if ('problems' in given) {
  console.error([...given.problems, '', usage].join('\n'))
  process.exit(2)
}
if (given.help) {
  console.log(usage)
  process.exit(0)
}

let starting: Promise<Demo> | undefined
const cut = new AbortController()
let stopping = false
const stop = async (code: number) => {
  if (stopping) process.exit(130)
  stopping = true
  cut.abort()
  // also what is only half started is stopped
  await starting?.then(
    demo => demo.close(),
    () => {},
  )
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    console.log('\nstopping …')
    void stop(given.once ? 130 : 0)
  })

try {
  starting = startDemo(given.once, process.env, cut.signal)
  const demo = await starting
  if (!stopping)
    console.log(
      `ready in ${((performance.now() - begun) / 1000).toFixed(1)} s: ${demo.url} (devices: ${demo.mqttUrl})\n`,
    )
  if (!stopping && given.once) await playOnce(demo)
  else if (!stopping) showSignIns(demo)
} catch (error) {
  if (!stopping) {
    console.error(`\nthe demo failed: ${error instanceof Error ? error.message : error}`)
    await stop((error as { exitCode?: number }).exitCode ?? 1)
  }
}

async function playOnce(running: Demo): Promise<void> {
  const timeline = startTimeline(line => console.log(line))
  await playStory({ ...running, baseUrl: running.url, timeline })
  console.log(`\nevery step was recorded in the database; the story took ${(timeline.totalMs() / 1000).toFixed(1)} s`)
  await stop(0)
}

function showSignIns({ url, pageUrl, outbox, site }: Demo): void {
  const rows = [
    ['landlord', `${landlord.email} / ${landlord.password}`],
    ['caretaker', `${caretaker.email} / ${caretaker.password}`],
    ['courier', `carrier code ${site.carrierCode} at ${url}/courier?site=${site.siteId}`],
    ...site.residents.map(({ name, flat, memberNumber, pin }) => [
      'resident',
      `${name} (${flat}): member ${memberNumber}, pin ${pin}`,
    ]),
  ]
  for (const [who, how] of rows) console.log(`  ${who!.padEnd(10)} ${how}`)
  console.log(
    `\n  pages      ${url}\n  API        ${url}/docs\n  devices    ${pageUrl}\n  messages   ${outbox?.url ?? 'as SMTP_URL and SMS_WEBHOOK_URL say'}\n\nCtrl-C stops everything.`,
  )
}
