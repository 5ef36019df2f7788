import type { Shelved } from '../../../schema/api/courier.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { StepTitle } from './step-title.tsx'
import { type Step, sizes } from './steps.ts'

type NoneFree = Extract<Step, { at: 'none-free' }>
type Props = {
  step: NoneFree
  siteId: string
  go: (step: Step) => void
  home: () => void
  choose: (bankId: string) => void
}

/** Nothing fits: what else can be done with this parcel, all at once. */
export function NoneFreeStep({ step, siteId, go, home, choose }: Props) {
  const { t, of, count } = useSpeech()
  const { send, problem } = useSend()
  const { size, whom, tracking, away, left } = step
  const { free, elsewhere } = left
  const others = sizes.filter(each => each !== size && free[each] > 0)
  const banks = elsewhere.flatMap(bank =>
    sizes
      .filter(each => sizes.indexOf(each) >= sizes.indexOf(size) && (bank.free[each] ?? 0) > 0)
      .slice(0, 1)
      .map(fits => ({ ...bank, fits })),
  )

  async function toShelf(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const shelf = String(form.get('shelf')).trim()
    const parcel = { size: form.get('size') ?? size, ...(tracking ? { tracking } : {}) }
    const shelved = await send<Shelved>('/api/shelf', { siteId, residentId: whom.residentId, shelf, ...parcel })
    if (shelved) go({ at: 'done', receipt: shelved.receipt, whom, shelf })
  }

  return (
    <section>
      <StepTitle>{away ? t('bankAway') : t('noneFits', { size })}</StepTitle>
      {away && <p class="notice">{t('error_not-reachable')}</p>}
      <ul class="big-choices">
        {others.map(each => (
          <li key={each}>
            <button type="button" onClick={() => go({ at: 'recipient', size: each, whom, tracking })}>
              <strong>{each}</strong>
              <span>{count('free', free[each])}</span>
              <span>{t('trySize')}</span>
            </button>
          </li>
        ))}
        {banks.map(({ controllerId, name, fits }) => (
          <li key={controllerId}>
            <button
              type="button"
              onClick={() => {
                choose(controllerId)
                go({ at: 'recipient', size, whom, tracking })
              }}
            >
              <strong>
                <bdi>{name}</bdi>
              </strong>
              <span>{t('otherBank', { size: fits })}</span>
            </button>
          </li>
        ))}
      </ul>
      <form class="stacked card" onSubmit={toShelf}>
        <h3>{t('onShelf')}</h3>
        <p>{t('onShelfDo')}</p>
        <label>
          {t('shelfPlace')}
          <input name="shelf" required maxLength={40} autocomplete="off" pattern=".*\S.*" />
        </label>
        {away && (
          <label>
            {t('size')}
            <select name="size">
              {sizes.map(each => (
                <option key={each} value={each} selected={each === size}>
                  {each} · {of('size', each)}
                </option>
              ))}
            </select>
          </label>
        )}
        <Problem reason={problem} />
        <button type="submit" class="main">
          {t('onShelfDone')}
        </button>
      </form>
      <button type="button" class="wide" onClick={home}>
        {t('takeParcelAway')}
      </button>
    </section>
  )
}
