import type { WallController } from '../../../schema/api/live.ts'
import { differenceWords } from '../controllers/difference-words.ts'
import { type Speech, useSpeech } from '../i18n/words.ts'
import { useMay } from '../role.ts'

type Fact = { shape: string; words: string; bad?: boolean; where?: string }

/** Whether it is there, knows the time, has told everything and knows everybody's rights. */
export function ControllerFacts({ controller }: { controller: WallController }) {
  const speech = useSpeech()
  const { t } = speech
  const maySettle = useMay()('devices')
  const { online } = controller
  return (
    <ul class="about facts">
      <li>
        <strong>
          <span aria-hidden="true">{online ? '●' : '○'}</span> {t(online ? 'controllerOnline' : 'controllerOffline')}
        </strong>
      </li>
      {factsOf(controller, speech).map(({ shape, words, bad, where }) => (
        <li key={words} class={bad ? 'badge' : undefined}>
          <span aria-hidden="true">{shape}</span> {where && maySettle ? <a href={where}>{words}</a> : words}
        </li>
      ))}
    </ul>
  )
}

function factsOf(controller: WallController, speech: Speech): Fact[] {
  const { t, of, count, moment } = speech
  const { online, lastSeenAt, clock, clockSet, waiting, suspect, doubtful, doorsDiffer } = controller
  const facts: (Fact | false | null)[] = [
    { shape: '↔', words: lastSeenAt ? t('lastContact', { time: moment(lastSeenAt) }) : t('neverSeen') },
    online && clock === 'none' && { shape: '⚠', words: t('clockNone'), bad: true },
    online && clock !== null && clock !== 'none' && { shape: '◷', words: of('wl_clock', clock) },
    clockSet && {
      shape: '◷',
      words: t('clockSet', { seconds: Math.round(clockSet.by / 1000), time: moment(clockSet.at) }),
    },
    // what it did since it is away nobody knows
    online &&
      (waiting > 0
        ? { shape: '⇡', words: count('wl_waiting', waiting), bad: true }
        : { shape: '✓', words: t('wl_allIn') }),
    listFact(controller, speech),
    suspect > 0 && { shape: '⚠', words: t('suspect', { n: suspect }), bad: true, where: '/counter' },
    doubtful && { shape: '⚠', words: t('doubtful'), bad: true },
    doorsDiffer !== null && {
      shape: '⚠',
      words: t('doorsDiffer', { what: differenceWords(doorsDiffer, speech).join(' ; ') }),
      bad: true,
    },
  ]
  return facts.filter(fact => fact !== false && fact !== null)
}

/** A version of the list is the moment in ms at which it was made, or a little more; 0 none, −1 it keeps none. */
function listFact({ grantsVersion, lastSeenAt }: WallController, { t, moment }: Speech): Fact | null {
  const { made, known } = grantsVersion
  const timeOf = (version: number) => moment(new Date(version).toISOString())
  if (lastSeenAt === null || made === 0) return null
  if (known < 0) return { shape: '≡', words: t('wl_listsNone') }
  if (known >= made) return { shape: '✓', words: t('wl_listKnown', { time: timeOf(made) }) }
  const words =
    known === 0
      ? t('wl_listNone', { made: timeOf(made) })
      : t('wl_listBehind', { made: timeOf(made), known: timeOf(known) })
  return { shape: '↻', words, bad: true }
}
