import { useEffect, useReducer, useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { follow } from '../live.ts'
import { emptyWall, reduceWall } from '../state.ts'
import { LinkLine } from '../wall/link-line.tsx'
import { Boxes } from './boxes.tsx'
import { FindParcel } from './find-parcel.tsx'
import { Suspects } from './suspects.tsx'

const parts = ['parcels', 'boxes', 'suspects'] as const

/** What a caretaker does for somebody who stands there, and about what went wrong. */
export function CounterPage({ siteId, signedOut }: { siteId: string; signedOut: () => void }) {
  const { t } = useSpeech()
  const [wall, dispatch] = useReducer(reduceWall, emptyWall)
  const [part, setPart] = useState<(typeof parts)[number]>('parcels')
  useEffect(() => follow(siteId, dispatch, signedOut), [siteId])
  const suspects = wall.controllers.reduce((sum, { suspect }) => sum + suspect, 0)

  return (
    <div class={`counter link-${wall.link}`}>
      <LinkLine wall={wall} />
      <nav class="parts" aria-label={t('counter')}>
        {parts.map(each => (
          <button
            key={each}
            type="button"
            aria-current={each === part ? 'page' : undefined}
            onClick={() => setPart(each)}
          >
            {t(`counter_${each}`)}
            {each === 'suspects' && suspects > 0 && ` (${suspects})`}
          </button>
        ))}
      </nav>
      {part === 'parcels' && <FindParcel siteId={siteId} wall={wall} />}
      {part === 'boxes' && <Boxes siteId={siteId} wall={wall} />}
      {part === 'suspects' && <Suspects siteId={siteId} touch={String(suspects)} />}
    </div>
  )
}
