import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { ActForm } from '../counter/act-form.tsx'
import { useSpeech } from '../i18n/words.ts'
import { ControllerFacts } from '../wall/controller-facts.tsx'
import { differenceWords } from './difference-words.ts'
import type { Credentials } from './secrets.tsx'

type Props = {
  of: WallController
  doors: WallDoor[]
  show: (told: Credentials) => void
  sticker: () => void
  places: () => void
}

/** What a controller last said of itself, and what can be done about it. */
export function ControllerCard({ of: controller, doors, show, sticker, places }: Props) {
  const speech = useSpeech()
  const { t, count } = speech
  const { id, name, online, firmware, acked, configVersion, doorsDiffer } = controller
  const path = (what: string) => `/api/controllers/${id}/${what}`
  const known = ({ made, known }: { made: number; known: number }) => t(known >= made ? 'ct_known' : 'ct_behind')
  const sizes = ['S', 'M', 'L', 'XL'].map(size => [size, doors.filter(each => each.size === size).length] as const)
  const rooms = doors.filter(each => each.kind === 'room').length
  return (
    <section class={online ? 'bank' : 'bank away'} aria-label={name}>
      <h2>
        <bdi>{name}</bdi> <small>{id}</small>
      </h2>
      {/* how its doors differ has a list of its own */}
      <ControllerFacts controller={{ ...controller, doorsDiffer: null }} />
      <dl class="of-device">
        <dt>{t('ct_doorsExpected')}</dt>
        <dd>
          {[
            ...sizes.filter(([, n]) => n > 0).map(([size, n]) => `${n} × ${size}`),
            ...(rooms > 0 ? [count('ct_rooms', rooms)] : []),
          ].join(', ')}
        </dd>
        <dt>{t('ct_firmware')}</dt>
        <dd>{firmware ?? '—'}</dd>
        <dt>{t('ct_journal')}</dt>
        <dd>{acked ? t('ct_journalAt', { journal: acked.journal, n: acked.seq }) : '—'}</dd>
        <dt>{t('ct_config')}</dt>
        <dd>{known(configVersion)}</dd>
      </dl>
      {doorsDiffer && (
        <div class="warning">
          <strong>{t('ct_differs')}</strong>
          <ul>
            {differenceWords(doorsDiffer, speech).map(each => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      {rooms < doors.length && (
        <p class="buttons">
          <button type="button" onClick={places}>
            {t('ct_places')}
          </button>
          <button type="button" onClick={sticker}>
            {t('st_make')}
          </button>
        </p>
      )}
      <details>
        <summary>{t('ct_credentials')}</summary>
        <p>{t('ct_credentialsWhy')}</p>
        <ActForm<Credentials> path={path('credentials')} act={t('ct_credentialsDo')} done={show} />
      </details>
      <details>
        <summary>{t('ct_retire')}</summary>
        <p>{t('ct_retireWhy')}</p>
        <ActForm path={path('retire')} act={t('ct_retireDo')} done={() => {}} />
      </details>
    </section>
  )
}
