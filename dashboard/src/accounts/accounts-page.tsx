import { useEffect, useState } from 'preact/hooks'
import type { OwnAccount } from '../../../schema/api/account.ts'
import type { Account } from '../../../schema/api/landlord.ts'
import { useSpeech } from '../i18n/words.ts'
import type { Site } from '../pages.ts'
import { Parts } from '../parts.tsx'
import { Problem } from '../problem.tsx'
import { useAnswer } from '../use-answer.ts'
import { AccountList } from './account-list.tsx'
import { AddAccount } from './add-account.tsx'
import { type Card, PasswordCard } from './password-card.tsx'
import { Sites } from './sites.tsx'

const parts = ['list', 'add', 'sites'] as const
type Props = { sites: Site[]; sitesChanged: () => void; signedOut: () => void }

/** What a landlord governs: who works here, and the sites. */
export function AccountsPage({ sites, sitesChanged, signedOut }: Props) {
  const { t } = useSpeech()
  // a link from elsewhere says which part it is about
  const [part, setPart] = useState(parts.find(each => location.hash === `#${each}`) ?? parts[0])
  const [card, setCard] = useState<Card>()
  const { answer, problem, again: changed } = useAnswer<{ items: Account[] }>('/api/accounts')
  const { answer: own } = useAnswer<OwnAccount>('/api/account')
  // one's own account was closed or made another role's
  useEffect(() => void (problem === 'not-signed-in' && signedOut()), [problem])
  const show = (told: Card) => {
    setCard(told)
    setPart('list')
    changed()
  }
  if (card) return <PasswordCard of={card} leave={() => setCard(undefined)} />
  return (
    <div class="accounts">
      <Parts label={t('accounts')} parts={parts} chosen={part} choose={setPart} name={each => t(`as_part_${each}`)} />
      <Problem reason={problem} />
      {part === 'list' && answer && (
        <AccountList accounts={answer.items} sites={sites} ownId={own?.id} changed={changed} show={show} />
      )}
      {part === 'add' && <AddAccount sites={sites} show={show} />}
      {part === 'sites' && <Sites sites={sites} changed={sitesChanged} />}
    </div>
  )
}
