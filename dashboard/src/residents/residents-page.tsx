import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Parts } from '../parts.tsx'
import { AddResident } from './add-resident.tsx'
import { ExportResidents } from './export-residents.tsx'
import { FindResidents } from './find-residents.tsx'
import { ImportResidents } from './import-residents.tsx'
import { type Card, MemberCard } from './member-card.tsx'

const parts = ['find', 'add', 'import', 'export'] as const

/** Who lives here and how they are told. */
export function ResidentsPage({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const [part, setPart] = useState<(typeof parts)[number]>('find')
  const [card, setCard] = useState<Card>()
  if (card) return <MemberCard card={card} leave={() => setCard(undefined)} />
  return (
    <div class="counter residents">
      <Parts label={t('residents')} parts={parts} chosen={part} choose={setPart} name={each => t(`re_part_${each}`)} />
      {part === 'find' && <FindResidents siteId={siteId} show={setCard} />}
      {part === 'add' && <AddResident siteId={siteId} show={setCard} />}
      {part === 'import' && <ImportResidents siteId={siteId} />}
      {part === 'export' && <ExportResidents siteId={siteId} />}
    </div>
  )
}
