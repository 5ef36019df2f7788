import type { ParcelView } from '../../../schema/api/timeline.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useMay } from '../role.ts'
import { useWall } from '../site-live.tsx'
import { useAnswer } from '../use-answer.ts'
import { LinkLine } from '../wall/link-line.tsx'
import { DrawnTimeline } from './drawn-timeline.tsx'
import { ProofLinks } from './proof-links.tsx'

/** One parcel for itself: what it is, what happened to it, and what can be taken along as proof. */
export function ParcelPage() {
  const { t, of, moment } = useSpeech()
  const may = useMay()
  const id = new URLSearchParams(location.search).get('id') ?? ''
  const wall = useWall()
  const touch = `${wall.parcelTouches[id] ?? 0}/${wall.epoch}`
  const { answer: parcel, problem } = useAnswer<ParcelView>(`/api/parcels/${encodeURIComponent(id)}`, touch)
  const isMissing = problem === 'not-found' || problem === 'invalid'
  if (isMissing) return <p role="alert">{t('pl_missing')}</p>
  if (!parcel) return <Problem reason={problem} />
  const bank = wall.controllers.find(each => each.id === parcel.controllerId)?.name ?? parcel.controllerId
  return (
    <article class="looking-back parcel-page">
      <LinkLine wall={wall} />
      <h2>{t('parcel', { n: parcel.receipt })}</h2>
      <dl class="card">
        <dt>{t('state')}</dt>
        <dd>{of('parcel', parcel.state)}</dd>
        <dt>{t('bank')}</dt>
        <dd>
          <bdi>{parcel.door === null ? t('atCounter', { shelf: parcel.shelf ?? '' }) : bank}</bdi>
          {parcel.door !== null && ` · ${t('door', { n: parcel.door })}`}
        </dd>
        <dt>{t('size')}</dt>
        <dd>{parcel.size}</dd>
        <dt>{t('broughtAt')}</dt>
        <dd>
          {moment(parcel.placedAt ?? parcel.madeAt)}
          {parcel.carrier && (
            <>
              {' · '}
              <bdi>{parcel.carrier}</bdi>
            </>
          )}
        </dd>
      </dl>
      <h3>{t('timeline')}</h3>
      <DrawnTimeline timeline={parcel.timeline} />
      <ProofLinks parcelId={parcel.id} />
      {may('decide') && (
        <p>
          <a href={`/history?parcel=${parcel.id}`}>{t('pl_all')}</a>
        </p>
      )}
    </article>
  )
}
