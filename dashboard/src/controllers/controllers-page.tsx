import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Parts } from '../parts.tsx'
import { useWall } from '../site-live.tsx'
import { LinkLine } from '../wall/link-line.tsx'
import { ControllerCard } from './controller-card.tsx'
import { EnrolForm } from './enrol-form.tsx'
import { PlacesForm } from './places-form.tsx'
import { type Credentials, Secrets } from './secrets.tsx'
import { Sticker } from './sticker.tsx'

const parts = ['list', 'enrol'] as const

/** The devices of a site: what they say of themselves, new ones, and their secrets. */
export function ControllersPage({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const wall = useWall()
  const [part, setPart] = useState<(typeof parts)[number]>('list')
  const [told, setTold] = useState<Credentials>()
  const [stuckOn, setStuckOn] = useState<string>()
  const [placed, setPlaced] = useState<string>()
  if (told) return <Secrets of={told} leave={() => setTold(undefined)} />
  const bank = wall.controllers.find(each => each.id === stuckOn)
  if (bank) return <Sticker of={{ ...bank, siteId }} leave={() => setStuckOn(undefined)} />
  const drawn = wall.controllers.find(each => each.id === placed)
  const doorsOf = (id: string) => wall.doors.filter(door => door.controllerId === id)
  if (drawn)
    return (
      <div class={`controllers link-${wall.link}`}>
        <LinkLine wall={wall} />
        <PlacesForm of={drawn} doors={doorsOf(drawn.id)} leave={() => setPlaced(undefined)} />
      </div>
    )
  const inUse = wall.controllers.filter(each => each.retiredAt === null)
  const retired = wall.controllers.filter(each => each.retiredAt !== null)
  const show = (credentials: Credentials) => {
    setTold(credentials)
    setPart('list')
  }
  return (
    <div class={`controllers link-${wall.link}`}>
      <LinkLine wall={wall} />
      <Parts
        label={t('controllers')}
        parts={parts}
        chosen={part}
        choose={setPart}
        name={each => t(`ct_part_${each}`)}
      />
      {part === 'enrol' && <EnrolForm siteId={siteId} show={show} />}
      {part === 'list' && (
        <div class="banks">
          {wall.epoch !== null && inUse.length === 0 && <p>{t('ct_none')}</p>}
          {inUse.map(each => (
            <ControllerCard
              key={each.id}
              of={each}
              doors={doorsOf(each.id)}
              show={show}
              sticker={() => setStuckOn(each.id)}
              places={() => setPlaced(each.id)}
            />
          ))}
          {retired.length > 0 && (
            <p class="about">
              {t('ct_retired')} {retired.map(({ id }) => id).join(', ')}
            </p>
          )}
        </div>
      )}
    </div>
  )
}
