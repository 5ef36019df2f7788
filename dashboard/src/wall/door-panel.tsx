import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { useMay } from '../role.ts'
import type { Wall } from '../state.ts'
import { LookedForm } from './looked-form.tsx'
import { OpenForm } from './open-form.tsx'
import { OrderSteps } from './order-steps.tsx'
import { ParcelTimeline } from './parcel-timeline.tsx'
import { AlarmForm, GrantsOfDoor, RoomFacts } from './room-door.tsx'

export function DoorPanel({ door, wall, leave }: { door: WallDoor; wall: Wall; leave: () => void }) {
  const { t, of, moment } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  const [orderId, setOrderId] = useState<string>()
  // before the browser hears the next key
  useLayoutEffect(() => heading.current?.focus(), [])
  const controller = wall.controllers.find(one => one.id === door.controllerId)
  const order = orderId ? wall.orders[orderId] : undefined
  const title = door.name ?? t('door', { n: door.door })
  const may = useMay()
  const mayLook = may('help') && (door.offer === 'contested' || door.offer === 'unchecked')

  return (
    <aside class="panel" aria-label={title} onKeyDown={event => event.key === 'Escape' && leave()}>
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{title}</bdi>
      </h2>
      <p>
        {door.kind === 'compartment' && `${of('offer', door.offer)} · `}
        {of('state', door.state)}
        {door.occupied !== null && ` · ${t(door.occupied ? 'occupied' : 'vacant')}`}
        {/* since when nothing is known says nothing */}
        {door.state !== 'unknown' && ` · ${t('since', { time: moment(door.since) })}`}
      </p>
      {door.kind === 'room' && <RoomFacts door={door} />}
      <AlarmForm door={door} />
      <OpenForm doorId={door.id} made={setOrderId} stale={wall.link !== 'live'} />
      {orderId && <OrderSteps orderId={orderId} heard={order} />}
      {mayLook && <LookedForm doorId={door.id} />}
      {door.parcel && (
        <ParcelTimeline
          parcelId={door.parcel.id}
          touch={`${wall.parcelTouches[door.parcel.id] ?? 0}/${door.since}/${door.state}`}
        />
      )}
      {door.kind === 'room' && controller && <GrantsOfDoor door={door} controller={controller} />}
      <button type="button" onClick={leave}>
        {t('close')}
      </button>
    </aside>
  )
}
