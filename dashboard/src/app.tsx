import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Role } from '../../schema/api/shared.ts'
import { ask } from './api.ts'
import { CounterPage } from './counter/counter-page.tsx'
import { CourierPage } from './courier/courier-page.tsx'
import { firstLanguage, type Language, languages, SpeechContext, speechOf } from './i18n/words.ts'
import { MePage } from './me/me-page.tsx'
import { SignInResident } from './me/sign-in-resident.tsx'
import { ReceiptPage } from './receipt-page.tsx'
import { RoomsPage } from './rooms/rooms-page.tsx'
import { SetUp } from './set-up.tsx'
import { SignIn } from './sign-in.tsx'
import { WallPage } from './wall/wall-page.tsx'

type Me = { role: Role; siteIds: string[] | null }
/** Pages with an address of their own; everything else is the wall. */
const isCourierPage = location.pathname === '/courier'
const receiptNumber = /^\/receipt\/(.+)$/.exec(location.pathname)?.[1]
const isWall = !isCourierPage && receiptNumber === undefined
type Site = { id: string; name: string }

const hrefs = { wall: '/', counter: '/counter', rooms: '/rooms' }
const pages = { '/counter': CounterPage, '/rooms': RoomsPage } as Record<string, typeof WallPage>

export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  const speech = useMemo(() => speechOf(language), [language])
  const [settingUp, setSettingUp] = useState(location.pathname === '/setup')
  const [me, setMe] = useState<Me | null | undefined>()
  const [sites, setSites] = useState<Site[]>([])
  const [siteId, setSiteId] = useState('')

  const isMine = me?.role === 'resident' || (!me && location.pathname === '/me')
  useEffect(() => {
    document.documentElement.lang = language
    document.title = speech.t(isMine ? 'me_title' : 'title')
    localStorage.setItem('language', language)
  }, [language, speech, isMine])

  const whoAmI = () => ask<Me>('GET', '/api/sessions/me').then(setMe, () => setMe(null))
  useEffect(() => void whoAmI(), [])

  useEffect(() => {
    if (!me || me.role === 'resident' || !isWall) return
    ask<{ items: Site[] }>('GET', '/api/sites').then(
      ({ items }) => {
        setSites(items)
        setSiteId(items[0]?.id ?? '')
      },
      () => {},
    )
  }, [me])

  const leaveSetUp = () => {
    history.replaceState(null, '', '/')
    setSettingUp(false)
    void whoAmI()
  }
  const signOut = () =>
    ask('DELETE', '/api/sessions/me').then(
      () => setMe(null),
      () => setMe(null),
    )
  const Page = pages[location.pathname] ?? WallPage
  const watches = me?.role === 'caretaker' || me?.role === 'landlord'

  return (
    <SpeechContext.Provider value={speech}>
      <header class="bar">
        <h1>{speech.t(isMine ? 'me_title' : 'title')}</h1>
        {watches && isWall && (
          <nav aria-label={speech.t('pages')}>
            {(['wall', 'counter', 'rooms'] as const).map(page => (
              <a key={page} href={hrefs[page]} aria-current={hrefs[page] === location.pathname ? 'page' : undefined}>
                {speech.t(page)}
              </a>
            ))}
          </nav>
        )}
        {watches && isWall && sites.length > 0 && (
          <label>
            {speech.t('site')}{' '}
            <select value={siteId} onChange={event => setSiteId(event.currentTarget.value)}>
              {sites.map(site => (
                <option key={site.id} value={site.id}>
                  {site.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {speech.t('language')}{' '}
          <select value={language} onChange={event => setLanguage(event.currentTarget.value as Language)}>
            {Object.entries(languages).map(([key, { name }]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {me && (
          <button type="button" onClick={signOut}>
            {speech.t('signOut')}
          </button>
        )}
      </header>
      <main>
        {isCourierPage && <CourierPage me={me} changed={whoAmI} />}
        {receiptNumber !== undefined && <ReceiptPage number={decodeURIComponent(receiptNumber)} />}
        {isWall && me === null && settingUp && <SetUp done={leaveSetUp} />}
        {isWall && me === null && isMine && <SignInResident done={whoAmI} />}
        {isWall && me === null && !isMine && !settingUp && <SignIn done={whoAmI} />}
        {isWall && me?.role === 'resident' && <MePage signedOut={() => setMe(null)} />}
        {isWall && me?.role === 'courier' && <p>{speech.t('notForYou')}</p>}
        {watches && location.pathname === '/me' && <p>{speech.t('me_notResident')}</p>}
        {isWall && watches && !siteId && <p>{speech.t('noSite')}</p>}
        {isWall && watches && siteId && <Page key={siteId} siteId={siteId} signedOut={() => setMe(null)} />}
      </main>
    </SpeechContext.Provider>
  )
}
