import { useState } from 'preact/hooks'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { Alerts } from '../alerts/alerts.tsx'
import { useSpeech } from '../i18n/words.ts'
import { useWall } from '../site-live.tsx'
import { Bank, type Showing } from './bank.tsx'
import { DoorPanel } from './door-panel.tsx'
import { marksOf, nextNeeding, nothingWanted } from './find.ts'
import { FindField, findFieldId } from './find-field.tsx'
import { InShort } from './in-short.tsx'
import { KeysHelp, useSingleKeys } from './keys.tsx'
import { Legend } from './legend.tsx'
import { LinkLine } from './link-line.tsx'
import { useMinute } from './use-minute.ts'

const focusDoor = (id: string | undefined) => document.getElementById(`door-${id}`)?.focus()
const focused = (): string | undefined => /^door-(.+)$/.exec(document.activeElement?.id ?? '')?.[1]

export function WallPage({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const wall = useWall()
  const [chosen, setChosen] = useState<string>()
  const [wanted, setWanted] = useState(nothingWanted)
  const [helps, setHelps] = useState(false)
  const now = useMinute()

  const controllers = wall.controllers.filter(controller => controller.retiredAt === null)
  const doors = wall.doors.filter(one => controllers.some(({ id }) => id === one.controllerId))
  const door = doors.find(one => one.id === chosen)
  const marks = marksOf(wanted)
  const marked = marks && doors.filter(marks)
  const [singleKeys, turnSingleKeys] = useSingleKeys({
    '?': () => setHelps(true),
    '/': () => document.getElementById(findFieldId)?.focus(),
    n: () => focusDoor(nextNeeding(doors, focused())?.id),
  })

  function leave() {
    const id = chosen
    setChosen(undefined)
    focusDoor(id)
  }

  return (
    <div class={`wall link-${wall.link}`} data-change={wall.n}>
      <div class="over-wall">
        <LinkLine wall={wall} />
        <InShort doors={doors} controllers={controllers} />
        <button type="button" onClick={() => setHelps(true)}>
          {t('wl_keys')} <kbd>?</kbd>
        </button>
      </div>
      <Alerts siteId={siteId} choose={setChosen} />
      <div class="tools">
        <Legend doors={doors} pressed={wanted.looks} press={looks => setWanted({ ...wanted, looks })} />
        <FindField
          text={wanted.text}
          change={text => setWanted({ ...wanted, text })}
          found={marked?.length}
          go={() => focusDoor(marked?.[0]?.id)}
        />
      </div>
      <div class="columns">
        <Banks
          controllers={controllers}
          doors={doors}
          isLive={wall.link === 'live'}
          showing={{ chosen, choose: setChosen, marks, now }}
        />
        {door && <DoorPanel key={door.id} door={door} wall={wall} leave={leave} />}
      </div>
      <KeysHelp open={helps} close={() => setHelps(false)} on={singleKeys} turn={turnSingleKeys} />
    </div>
  )
}

type BanksProps = { controllers: WallController[]; doors: WallDoor[]; isLive: boolean; showing: Showing }

/** Banks as they stand, then the controllers that have rooms alone, as a strip. */
function Banks({ controllers, doors, isLive, showing }: BanksProps) {
  const { t } = useSpeech()
  const doorsOf = new Map<string, WallDoor[]>(controllers.map(({ id }) => [id, []]))
  for (const door of doors) doorsOf.get(door.controllerId)!.push(door)
  const isOfRooms = ({ id }: WallController) => doorsOf.get(id)!.every(({ kind }) => kind === 'room')
  const draw = (controller: WallController) => (
    <Bank key={controller.id} controller={controller} doors={doorsOf.get(controller.id)!} showing={showing} />
  )
  const ofRooms = controllers.filter(isOfRooms)
  return (
    <div class="banks">
      {controllers.filter(controller => !isOfRooms(controller)).map(draw)}
      {ofRooms.length > 0 && (
        <section class="rooms-of-site" aria-label={t('wl_rooms')}>
          {ofRooms.map(draw)}
        </section>
      )}
      {isLive && doors.length === 0 && <p>{t('noDoors')}</p>}
    </div>
  )
}
