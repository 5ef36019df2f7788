import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Slip, type SlipParcel } from '../me/slip.tsx'
import type { Site } from '../pages.ts'
import { Parts } from '../parts.tsx'
import { useMay } from '../role.ts'
import { useWall } from '../site-live.tsx'
import { LinkLine } from '../wall/link-line.tsx'
import { Alerts } from './alerts.tsx'
import { Boxes } from './boxes.tsx'
import { DeadNotices } from './dead-notices.tsx'
import { FindParcel } from './find-parcel.tsx'
import { Suspects } from './suspects.tsx'

const parts = [
  ['parcels', 'help'],
  ['boxes', 'decide'],
  ['alerts', 'help'],
  ['suspects', 'devices'],
] as const
type Props = { siteId: string; site: Site }

/** What a caretaker does for somebody who stands there, and about what went wrong. */
export function CounterPage({ siteId, site }: Props) {
  const { t } = useSpeech()
  const wall = useWall()
  const may = useMay()
  const mine = parts.filter(([, ability]) => may(ability)).map(([each]) => each)
  // a link from elsewhere says which part it is about
  const [part, setPart] = useState(mine.find(each => location.hash === `#${each}`) ?? mine[0])
  const [slip, setSlip] = useState<SlipParcel>()
  const suspects = wall.controllers.reduce((sum, { suspect }) => sum + suspect, 0)
  const parcelTouch = String(Object.values(wall.parcelTouches).reduce((sum, n) => sum + n, 0))

  return (
    <div class={`counter link-${wall.link}`}>
      {slip && <Slip parcel={slip} site={site} leave={() => setSlip(undefined)} />}
      {/* kept as it was for when the slip is printed */}
      <div hidden={slip !== undefined}>
        <LinkLine wall={wall} />
        <Parts
          label={t('counter')}
          parts={mine}
          chosen={part}
          choose={setPart}
          name={each => `${t(`counter_${each}`)}${each === 'suspects' && suspects > 0 ? ` (${suspects})` : ''}`}
        />
        {part === 'parcels' && <FindParcel siteId={siteId} wall={wall} print={setSlip} />}
        {part === 'boxes' && <Boxes siteId={siteId} wall={wall} />}
        {part === 'alerts' && <Alerts siteId={siteId} touch={parcelTouch} />}
        {part === 'alerts' && may('people') && <DeadNotices siteId={siteId} />}
        {part === 'suspects' && <Suspects siteId={siteId} touch={String(suspects)} />}
      </div>
    </div>
  )
}
