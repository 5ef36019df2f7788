import { useState } from 'preact/hooks'
import type { CounterParcel } from '../../../schema/api/counter.ts'
import { useSpeech } from '../i18n/words.ts'
import type { SlipParcel } from '../me/slip.tsx'
import { Problem } from '../problem.tsx'
import type { Wall } from '../state.ts'
import { ParcelPanel } from './parcel-panel.tsx'
import { placeOf } from './place.ts'
import { useParcels } from './use-parcels.ts'

type Props = { siteId: string; wall: Wall; print: (slip: SlipParcel) => void }

/** What a link from elsewhere looks for. */
const linked = (): string => new URLSearchParams(location.search).get('q') ?? ''

/** By receipt, tracking number, flat or the beginning of a name. */
export function FindParcel({ siteId, wall, print }: Props) {
  const { t, of, moment } = useSpeech()
  const [asked, setAsked] = useState(() => ({ q: linked(), ended: false, times: 0 }))
  const [chosen, setChosen] = useState<CounterParcel>()
  // whatever changed at the site may have changed what was found
  const touch = String(Object.values(wall.parcelTouches).reduce((sum, n) => sum + n, 0))
  const { parcels, problem } = useParcels({ siteId, ...asked, touch: `${touch}/${asked.times}` })

  // doors of several banks have the same numbers
  const banks = wall.controllers.filter(({ id }) => parcels?.some(each => each.controllerId === id))
  const bankOf = ({ controllerId }: CounterParcel) => {
    const bank = banks.length > 1 && banks.find(({ id }) => id === controllerId)
    return (
      bank && (
        <>
          <bdi>{bank.name}</bdi> ·{' '}
        </>
      )
    )
  }

  function find(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setAsked({ q: String(form.get('q') ?? '').trim(), ended: form.get('ended') !== null, times: asked.times + 1 })
  }

  function leave() {
    const id = chosen?.id
    setChosen(undefined)
    // it may no longer be one of what is looked for
    document.getElementById(`found-${id}`)?.focus()
  }

  return (
    <div class="columns">
      <div class="banks">
        <form class="find" onSubmit={find}>
          <label>
            {t('findParcel')}
            <input
              name="q"
              type="search"
              maxLength={100}
              autocomplete="off"
              aria-describedby="find-hint"
              defaultValue={asked.q}
            />
          </label>
          <small id="find-hint">{t('findHint')}</small>
          <label class="check">
            <input name="ended" type="checkbox" /> {t('alsoEnded')}
          </label>
          <button type="submit" class="main">
            {t('find')}
          </button>
        </form>
        <Problem reason={problem} />
        <p role="status">{parcels && t(parcels.length === 0 ? 'foundNone' : 'foundSome', { n: parcels.length })}</p>
        <ul class="found">
          {parcels?.map(each => (
            <li key={each.id}>
              <button
                type="button"
                id={`found-${each.id}`}
                class={`hit parcel-${each.state}`}
                aria-pressed={each.id === chosen?.id}
                onClick={() => setChosen(each)}
              >
                <span class="number">
                  {placeOf(each, t)} <small>{each.size}</small>
                </span>
                <span>{of('parcel', each.state)}</span>
                <span class="words">
                  {bankOf(each)}
                  {t('flat', { flat: each.flat })} · {each.receipt}
                </span>
                {each.deadlineAt && <small class="words">{t('until', { time: moment(each.deadlineAt) })}</small>}
              </button>
            </li>
          ))}
        </ul>
      </div>
      {chosen && (
        <ParcelPanel
          key={chosen.id}
          found={chosen}
          siteId={siteId}
          wall={wall}
          print={print}
          leave={leave}
          changed={() => setAsked({ ...asked, times: asked.times + 1 })}
        />
      )}
    </div>
  )
}
