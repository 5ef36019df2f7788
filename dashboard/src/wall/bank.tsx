import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { lookOf, shapes } from '../state.ts'

type Props = { controller: WallController; doors: WallDoor[]; chosen: string | undefined; choose: (id: string) => void }

export function Bank({ controller, doors, chosen, choose }: Props) {
  const { t, moment } = useSpeech()
  const { online, lastSeenAt, grantsVersion, suspect, doubtful, doorsDiffer, clock, clockSet } = controller
  return (
    <section class={online ? 'bank' : 'bank away'} aria-label={controller.name}>
      <h2>{controller.name}</h2>
      <p class="about">
        <strong>
          <span aria-hidden="true">{online ? '●' : '○'}</span> {t(online ? 'controllerOnline' : 'controllerOffline')}
        </strong>
        {' · '}
        {lastSeenAt ? t('lastContact', { time: moment(lastSeenAt) }) : t('neverSeen')}
        {suspect > 0 && <span class="badge"> ⚠ {t('suspect', { n: suspect })}</span>}
        {doubtful && <span class="badge"> ⚠ {t('doubtful')}</span>}
        {doorsDiffer && <span class="badge"> ⚠ {t('doorsDiffer', { what: doorsDiffer })}</span>}
        {online && clock === 'none' && <span class="badge"> ⚠ {t('clockNone')}</span>}
        {clockSet && (
          <span> · {t('clockSet', { seconds: Math.round(clockSet.by / 1000), time: moment(clockSet.at) })}</span>
        )}
        {grantsVersion.known < grantsVersion.made && <span class="badge"> ↻ {t('grantsBehind')}</span>}
      </p>
      <ul class="doors">
        {doors.map(door => (
          <li key={door.id}>
            <Door door={door} chosen={door.id === chosen} choose={choose} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Door({ door, chosen, choose }: { door: WallDoor; chosen: boolean; choose: (id: string) => void }) {
  const { t, of, moment } = useSpeech()
  const look = lookOf(door)
  const offer = door.kind === 'room' ? t('room') : of('offer', door.offer)
  return (
    <button
      type="button"
      id={`door-${door.id}`}
      class={`door look-${look}`}
      aria-pressed={chosen}
      onClick={() => choose(door.id)}
    >
      <span class="number">
        {door.name ?? door.door}
        {door.size && <small> {door.size}</small>}
      </span>
      <span class="shape" aria-hidden="true">
        {shapes[look]}
      </span>
      <span class="words">{door.parcel && look !== 'contested' ? of('parcel', door.parcel.state) : offer}</span>
      {door.alarm && <strong class="words badge">{of('alarm', door.alarm.kind)}</strong>}
      {door.mode !== 'normal' && <strong class="words">{of('mode', door.mode)}</strong>}
      <small class="words">
        {of('state', door.state)} · {moment(door.since)}
      </small>
    </button>
  )
}
