import { useSpeech } from '../i18n/words.ts'
import type { Wall } from '../state.ts'

/** Whether what is shown is true now, or since when it may not be. */
export function LinkLine({ wall }: { wall: Wall }) {
  const { t, moment } = useSpeech()
  const said =
    wall.link === 'live'
      ? t('live')
      : wall.link === 'stale' && wall.heardAt
        ? t('stale', { time: moment(wall.heardAt) })
        : t('connecting')
  return (
    <p class="link" role="status">
      <span aria-hidden="true">{wall.link === 'live' ? '●' : '✖'}</span> {said}
    </p>
  )
}
