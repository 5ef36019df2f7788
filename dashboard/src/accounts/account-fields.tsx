import { useState } from 'preact/hooks'
import type { Account } from '../../../schema/api/landlord.ts'
import { type AccountRole, accountRoles } from '../../../schema/api/roles.ts'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'

/** What stands in the form, as the server takes it; a landlord is at every site and has none of their own. */
export function accountIn(form: HTMLFormElement) {
  const data = new FormData(form)
  const [name, role] = [String(data.get('name')).trim(), String(data.get('role'))]
  return { name, role, ...(role === 'landlord' ? {} : { siteIds: data.getAll('siteIds').map(String) }) }
}

type Props = { of?: Account; sites: Site[] }

/** Name, role, and the sites that the role holds at. */
export function AccountFields({ of: account, sites }: Props) {
  const { t, of } = useSpeech()
  const [role, setRole] = useState<AccountRole>(account?.role ?? 'caretaker')
  return (
    <>
      <label>
        {t('name')}
        <input
          name="name"
          required
          maxLength={200}
          pattern=".*\S.*"
          autocomplete="off"
          defaultValue={account?.name ?? ''}
        />
      </label>
      <fieldset>
        <legend>{t('as_role')}</legend>
        {accountRoles.map(each => (
          <label key={each} class="choice">
            <input type="radio" name="role" value={each} checked={each === role} onChange={() => setRole(each)} />
            <span>
              {of('role', each)}
              <br />
              <small>{t(`as_may_${each}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {role !== 'landlord' && (
        <fieldset>
          <legend>{t('as_sites')}</legend>
          <div class="sites-choice">
            {sites.map(({ id, name }) => (
              <label key={id} class="choice">
                <input
                  type="checkbox"
                  name="siteIds"
                  value={id}
                  defaultChecked={account ? account.siteIds.includes(id) : sites.length === 1}
                />{' '}
                <bdi>{name}</bdi>
              </label>
            ))}
          </div>
          <small>{t('as_sitesHint')}</small>
        </fieldset>
      )}
    </>
  )
}
