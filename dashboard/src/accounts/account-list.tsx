import { useRef, useState } from 'preact/hooks'
import type { Account } from '../../../schema/api/landlord.ts'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { AccountPanel } from './account-panel.tsx'
import type { Card } from './password-card.tsx'

type Props = {
  accounts: Account[]
  sites: Site[]
  ownId: string | undefined
  changed: () => void
  show: (card: Card) => void
}

/** Who works here, as what, where. */
export function AccountList({ accounts, sites, ownId, changed, show }: Props) {
  const { t, of } = useSpeech()
  const [chosen, setChosen] = useState<string>()
  const [text, setText] = useState('')
  const [said, setSaid] = useState('')
  const search = useRef<HTMLInputElement>(null)
  const siteNames = (account: Account) =>
    account.role === 'landlord'
      ? t('as_everySite')
      : sites.flatMap(({ id, name }) => (account.siteIds.includes(id) ? [name] : [])).join(', ') || t('as_noSite')
  const fits = (account: Account) =>
    [account.name, account.email, of('role', account.role), siteNames(account)].some(each =>
      each.toLowerCase().includes(text.trim().toLowerCase()),
    )
  const shown = accounts.filter(fits)
  const account = accounts.find(({ id }) => id === chosen)
  const choose = (id: string | undefined) => {
    setChosen(id)
    setSaid('')
  }
  function leave() {
    document.getElementById(`account-${chosen}`)?.focus()
    choose(undefined)
  }

  return (
    <div class="columns">
      <div class="banks">
        <label class="find">
          {t('as_find')}{' '}
          <input
            ref={search}
            type="search"
            maxLength={100}
            value={text}
            onInput={event => setText(event.currentTarget.value)}
          />
        </label>
        <p role="status">{said || (shown.length === 0 && t('as_nobody'))}</p>
        <ul class="found">
          {shown.map(each => (
            <li key={each.id}>
              <button
                type="button"
                id={`account-${each.id}`}
                class="hit"
                aria-pressed={each.id === chosen}
                onClick={() => choose(each.id)}
              >
                <bdi class="number">{each.name}</bdi>
                <span class="words">
                  {of('role', each.role)} · <bdi>{siteNames(each)}</bdi>
                  {each.id === ownId && ` · ${t('as_you')}`}
                  <br />
                  <bdi>{each.email}</bdi> · {t(each.secondFactor ? 'as_secondOn' : 'as_secondOff')}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      {account && (
        <AccountPanel
          key={account.id}
          account={account}
          sites={sites}
          isOwn={account.id === ownId}
          leave={leave}
          changed={words => {
            setSaid(words)
            changed()
          }}
          gone={words => {
            search.current?.focus()
            setChosen(undefined)
            setSaid(words)
            changed()
          }}
          show={show}
        />
      )}
    </div>
  )
}
