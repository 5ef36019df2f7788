import { useState } from 'preact/hooks'
import { type FactKind, factKinds } from '../../../schema/api/fact-types.ts'
import { type Actor, actorKinds } from '../../../schema/api/history.ts'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { useAnswer } from '../use-answer.ts'
import { type Filter, filterNames } from './filter.ts'

type Props = { siteId: string; filter: Filter; choose: (filter: Filter) => void }

/** What is looked for; nothing is asked before it is sent. */
export function FilterForm({ siteId, filter, choose }: Props) {
  const { t, of } = useSpeech()
  const doors = useAnswer<{ items: WallDoor[] }>(`/api/doors?siteId=${siteId}`).answer?.items ?? []
  const banks = useAnswer<{ items: WallController[] }>(`/api/controllers?siteId=${siteId}`).answer?.items ?? []
  const actors = useAnswer<{ items: Actor[] }>(`/api/actors?siteId=${siteId}`).answer?.items ?? []

  const [draft, setDraft] = useState(filter)

  function typed(event: Event) {
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const said = filterNames.map(name => [name, String(form.get(name) ?? '')] as const)
    setDraft({ ...Object.fromEntries(said.filter(([, value]) => value !== '')), ...parcelOf(filter) })
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    choose(draft)
  }
  function clear() {
    setDraft({})
    choose({})
  }

  return (
    <form class="history-filter card" aria-label={t('history')} onInput={typed} onSubmit={submit}>
      <label class="wide">
        {t('hi_find')}
        <input
          name="q"
          type="search"
          maxLength={200}
          value={draft.q ?? ''}
          aria-describedby="find-hint"
          autocomplete="off"
        />
        <small id="find-hint">{t('hi_findHint')}</small>
      </label>
      <label>
        {t('hi_what')}
        <select name="what" value={draft.what ?? ''}>
          <option value="">{t('hi_all')}</option>
          {(Object.keys(factKinds) as FactKind[]).map(kind => (
            <optgroup key={kind} label={of('kind', kind)}>
              <option value={kind}>{t('hi_allOf', { kind: of('kind', kind) })}</option>
              {factKinds[kind].map(type => (
                <option key={type} value={type}>
                  {of('event', type)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        {t('hi_bank')}
        <select name="bank" value={draft.bank ?? ''}>
          <option value="">{t('hi_all')}</option>
          {banks.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('hi_door')}
        <select name="door" value={draft.door ?? ''}>
          <option value="">{t('hi_all')}</option>
          {banks.map(bank => (
            <optgroup key={bank.id} label={bank.name}>
              {doors
                .filter(door => door.controllerId === bank.id)
                .map(door => (
                  <option key={door.id} value={door.id}>
                    {door.name ?? t('door', { n: door.door })}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        {t('hi_who')}
        <select name="who" value={draft.who ?? ''}>
          <option value="">{t('hi_all')}</option>
          {actorKinds.map(kind => (
            <option key={kind} value={kind}>
              {of('by', kind)}
            </option>
          ))}
          {actors.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('hi_from')}
        <input name="from" type="date" value={draft.from ?? ''} min="2000-01-01" max="2999-12-31" />
      </label>
      <label>
        {t('hi_until')}
        <input name="until" type="date" value={draft.until ?? ''} min="2000-01-01" max="2999-12-31" />
      </label>
      <label class="choice">
        <input name="suspect" type="checkbox" value="1" checked={draft.suspect !== undefined} /> {t('hi_suspect')}
      </label>
      {filter.parcel && (
        <p class="wide">
          {t('hi_parcelOnly')} : <a href={`/parcel?id=${filter.parcel}`}>{t('pl_page')}</a>
        </p>
      )}
      <div class="row wide">
        <button type="submit" class="main">
          {t('find')}
        </button>
        <button type="button" onClick={clear}>
          {t('hi_clear')}
        </button>
      </div>
    </form>
  )
}

const parcelOf = ({ parcel }: Filter): Filter => (parcel ? { parcel } : {})
