import type { Room } from '../../../schema/api/rooms.ts'
import { useSpeech } from '../i18n/words.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const usual = { bufferMs: 0, longestMs: 4 * hourMs, aheadMs: 60 * dayMs, noShowMs: 15 * minuteMs }

/** What the form says of a room, in the units of the API. */
export function roomIn(form: HTMLFormElement) {
  const data = new FormData(form)
  const number = (name: string) => Number(data.get(name))
  return {
    ...{ name: String(data.get('name')).trim(), capacity: number('capacity') },
    ...{ bufferMs: number('buffer') * minuteMs, longestMs: Math.round(number('longest') * 4) * 15 * minuteMs },
    ...{ aheadMs: number('ahead') * dayMs, noShowMs: number('noShow') * minuteMs },
    ...{ whoMayBook: String(data.get('whoMayBook')), holidays: String(data.get('holidays')) },
  }
}

/** Minutes, hours and days as people say them. */
export function RoomFields({ of }: { of?: Room | undefined }) {
  const { t } = useSpeech()
  const { bufferMs, longestMs, aheadMs, noShowMs } = of ?? usual
  const field = (name: string, value: number, [min, max, step]: [number, number, number]) => ({
    ...{ name, type: 'number', required: true, min, max, step, defaultValue: String(value) },
  })
  return (
    <>
      <label>
        {t('name')}
        <input name="name" required maxLength={200} defaultValue={of?.name ?? ''} autocomplete="off" />
      </label>
      <label>
        {t('se_capacity')}
        <input {...field('capacity', of?.capacity ?? 10, [1, 1000, 1])} />
      </label>
      <label>
        {t('se_who')}
        <select name="whoMayBook">
          <option value="members">{t('se_who_members')}</option>
          <option value="caretaker" selected={of?.whoMayBook === 'caretaker'}>
            {t('se_who_caretaker')}
          </option>
        </select>
      </label>
      <label>
        {t('se_longest')}
        <input {...field('longest', longestMs / hourMs, [0.25, 168, 0.25])} />
      </label>
      <label>
        {t('se_ahead')}
        <input {...field('ahead', Math.max(1, Math.round(aheadMs / dayMs)), [1, 366, 1])} />
      </label>
      <label>
        {t('se_buffer')}
        <input {...field('buffer', bufferMs / minuteMs, [0, 1440, 1])} />
      </label>
      <label>
        {t('se_noShow')}
        <input {...field('noShow', noShowMs / minuteMs, [1, 1440, 1])} />
      </label>
      <label>
        {t('se_holidays')}
        <select name="holidays">
          <option value="FR">{t('se_holidays_FR')}</option>
          <option value="none" selected={of?.holidays === 'none'}>
            {t('se_holidays_none')}
          </option>
        </select>
      </label>
    </>
  )
}
