import { useEffect, useReducer, useState } from 'preact/hooks'
import { Alerts } from '../alerts/alerts.tsx'
import { useSpeech } from '../i18n/words.ts'
import { follow } from '../live.ts'
import { emptyWall, reduceWall } from '../state.ts'
import { Bank } from './bank.tsx'
import { DoorPanel } from './door-panel.tsx'
import { LinkLine } from './link-line.tsx'

export function WallPage({ siteId, signedOut }: { siteId: string; signedOut: () => void }) {
  const { t } = useSpeech()
  const [wall, dispatch] = useReducer(reduceWall, emptyWall)
  const [chosen, setChosen] = useState<string>()
  useEffect(() => follow(siteId, dispatch, signedOut), [siteId])

  const door = wall.doors.find(one => one.id === chosen)

  function leave() {
    const id = chosen
    setChosen(undefined)
    if (id) document.getElementById(`door-${id}`)?.focus()
  }

  return (
    <div class={`wall link-${wall.link}`}>
      <LinkLine wall={wall} />
      <Alerts siteId={siteId} wall={wall} choose={setChosen} />
      <div class="columns">
        <div class="banks">
          {wall.controllers
            .filter(controller => controller.retiredAt === null)
            .map(controller => (
              <Bank
                key={controller.id}
                controller={controller}
                doors={wall.doors.filter(one => one.controllerId === controller.id)}
                chosen={chosen}
                choose={setChosen}
              />
            ))}
          {wall.link === 'live' && wall.doors.length === 0 && <p>{t('noDoors')}</p>}
        </div>
        {door && <DoorPanel key={door.id} door={door} wall={wall} leave={leave} />}
      </div>
    </div>
  )
}
