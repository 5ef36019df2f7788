import type { Resident } from '../../../schema/api/residents.ts'
import { languages, useSpeech } from '../i18n/words.ts'

const ways = ['email', 'sms', 'voice'] as const

/** What stands in the form, as the server takes it: what is empty is left out. */
export function residentIn(form: HTMLFormElement) {
  const data = new FormData(form)
  const text = (name: string) => String(data.get(name) ?? '').trim() || undefined
  const ticked = data.getAll('tellBy')
  // nothing at all: as usual for the addresses there are
  const tellBy = ticked.length === 0 ? undefined : ticked.filter(way => way !== 'none')
  return {
    ...{ name: text('name') ?? '', flat: text('flat') ?? '', needsLowDoor: data.get('low') !== null },
    ...{ email: text('email'), phone: text('phone'), language: text('language'), tellBy },
  }
}

/** `wrong`: the member that the server refused. */
export function ResidentFields({ of, wrong }: { of?: Resident | undefined; wrong: string | undefined }) {
  const { t } = useSpeech()
  const hasAddress = !!(of?.email ?? of?.phone)
  const input = (name: 'name' | 'flat' | 'email' | 'phone') => ({
    ...{ name, defaultValue: of?.[name] ?? '', autocomplete: 'off' as const },
    ...(wrong === name ? { 'aria-invalid': true, 'aria-describedby': `wrong-${name}` } : {}),
  })
  const why = (name: 'name' | 'flat' | 'email' | 'phone') =>
    wrong === name && (
      <small id={`wrong-${name}`} class="problem">
        {t(`re_wrong_${name}`)}
      </small>
    )
  return (
    <>
      <label>
        {t('re_flat')}
        <input {...input('flat')} required maxLength={200} />
        {why('flat')}
      </label>
      <label>
        {t('name')}
        <input {...input('name')} required maxLength={200} />
        {why('name')}
      </label>
      <label class="choice">
        <input type="checkbox" name="low" defaultChecked={of?.needsLowDoor ?? false} /> {t('re_low')}
      </label>
      <label>
        {t('email')}
        <input {...input('email')} type="email" maxLength={254} />
        {why('email')}
      </label>
      <label>
        {t('me_phone')}
        <input {...input('phone')} type="tel" maxLength={30} />
        {why('phone')}
      </label>
      <fieldset>
        <legend>{t('re_tell')}</legend>
        {ways.map(way => (
          <label key={way} class="choice">
            <input type="checkbox" name="tellBy" value={way} defaultChecked={of?.tellBy.includes(way) ?? false} />{' '}
            {t(`me_tell_${way}`)}
          </label>
        ))}
        <label class="choice">
          <input type="checkbox" name="tellBy" value="none" defaultChecked={of?.tellBy.length === 0 && hasAddress} />{' '}
          {t('re_tellNone')}
        </label>
        <small>{t('re_tellWhy')}</small>
      </fieldset>
      <label>
        {t('me_tellLanguage')}
        <select name="language">
          <option value="">{t('re_languageOfSite')}</option>
          {Object.entries(languages).map(([key, { name }]) => (
            <option key={key} value={key} selected={key === of?.language}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}
