import { useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'
import { Parts } from '../parts.tsx'
import { Carriers } from './carriers.tsx'
import { RoomSettings } from './room-settings.tsx'
import { SiteRulesForm } from './site-rules-form.tsx'

const parts = ['rules', 'rooms', 'carriers'] as const

/** What a site has decided: how long parcels wait, when its rooms are open, which carriers come. */
export function SettingsPage({ siteId }: { siteId: string }) {
  const { t } = useSpeech()
  const [part, setPart] = useState<(typeof parts)[number]>('rules')
  return (
    <div class="settings-page">
      <Parts label={t('settings')} parts={parts} chosen={part} choose={setPart} name={each => t(`se_part_${each}`)} />
      {part === 'rules' && <SiteRulesForm siteId={siteId} />}
      {part === 'rooms' && <RoomSettings siteId={siteId} />}
      {part === 'carriers' && <Carriers siteId={siteId} />}
    </div>
  )
}
