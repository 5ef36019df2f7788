import { useEffect, useReducer, useState } from 'preact/hooks'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { Alerts } from '../alerts/alerts.tsx'
import { useSpeech } from '../i18n/words.ts'
import { follow } from '../live.ts'
import { emptyWall, reduceWall, type Wall } from '../state.ts'
import { Bank, type Showing } from './bank.tsx'
import { DoorPanel } from './door-panel.tsx'
import { marksOf, nextNeeding, nothingWanted } from './find.ts'
import { FindField, findFieldId } from './find-field.tsx'
import { KeysHelp, useSingleKeys } from './keys.tsx'
import { Legend } from './legend.tsx'
import { LinkLine } from './link-line.tsx'
import { useMinute } from './use-minute.ts'

const focusDoor = (id: string | undefined) => document.getElementById(`door-${id}`)?.focus()
const focused = (): string | undefined => /^door-(.+)$/.exec(document.activeElement?.id ?? '')?.[1]

export function WallPage({ siteId, signedOut }: { siteId: string; signedOut: () => void }) {
  const { t } = useSpeech()
  const [wall, dispatch] = useReducer(reduceWall, emptyWall)
  const [chosen, setChosen] = useState<string>()
  const [wanted, setWanted] = useState(nothingWanted)
  const [helps, setHelps] = useState(false)
  const now = useMinute()
  useEffect(() => follow(siteId, dispatch, signedOut), [siteId])

  const door = wall.doors.find(one => one.id === chosen)
  const marks = marksOf(wanted)
  const marked = marks && wall.doors.filter(marks)
  const [singleKeys, turnSingleKeys] = useSingleKeys({
    '?': () => setHelps(true),
    '/': () => document.getElementById(findFieldId)?.focus(),
    n: () => focusDoor(nextNeeding(wall.doors, focused())?.id),
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
        <FindField
          text={wanted.text}
          change={text => setWanted({ ...wanted, text })}
          found={marked?.length}
          go={() => focusDoor(marked?.[0]?.id)}
        />
        <button type="button" onClick={() => setHelps(true)}>
          {t('wl_keys')} <kbd>?</kbd>
        </button>
      </div>
      <Alerts siteId={siteId} wall={wall} choose={setChosen} />
      <Legend doors={wall.doors} pressed={wanted.looks} press={looks => setWanted({ ...wanted, looks })} />
      <div class="columns">
        <Banks wall={wall} showing={{ chosen, choose: setChosen, marks, now }} />
        {door && <DoorPanel key={door.id} door={door} wall={wall} leave={leave} />}
      </div>
      <KeysHelp open={helps} close={() => setHelps(false)} on={singleKeys} turn={turnSingleKeys} />
    </div>
  )
}

/** Banks as they stand, then the controllers that have rooms alone, as a strip. */
function Banks({ wall, showing }: { wall: Wall; showing: Showing }) {
  const { t } = useSpeech()
  const inUse = wall.controllers.filter(controller => controller.retiredAt === null)
  const doorsOf = new Map<string, WallDoor[]>(inUse.map(({ id }) => [id, []]))
  for (const door of wall.doors) doorsOf.get(door.controllerId)?.push(door)
  const isOfRooms = ({ id }: WallController) => doorsOf.get(id)!.every(({ kind }) => kind === 'room')
  const draw = (controller: WallController) => (
    <Bank key={controller.id} controller={controller} doors={doorsOf.get(controller.id)!} showing={showing} />
  )
  const ofRooms = inUse.filter(isOfRooms)
  return (
    <div class="banks">
      {inUse.filter(controller => !isOfRooms(controller)).map(draw)}
      {ofRooms.length > 0 && (
        <section class="rooms-of-site" aria-label={t('wl_rooms')}>
          {ofRooms.map(draw)}
        </section>
      )}
      {wall.link === 'live' && wall.doors.length === 0 && <p>{t('noDoors')}</p>}
    </div>
  )
}
