import { useEffect, useState } from 'preact/hooks'
import type { Role } from '../../schema/api/shared.ts'
import { ask } from './api.ts'
import { Bar } from './bar.tsx'
import { type Language, loadSpeech, type Speech, SpeechContext } from './i18n/words.ts'
import { SignInResident } from './me/sign-in-resident.tsx'
import { BankPage, CourierPage, MePage, ReceiptPage, SetUp, type Site, VerifyPage, workPages } from './pages.ts'
import { RoleContext } from './role.ts'
import { SignIn } from './sign-in.tsx'
import { SiteLive } from './site-live.tsx'

type Me = { role: Role; siteIds: string[] | null; email: string | null }
const isCourierPage = location.pathname === '/courier'
const receiptNumber = /^\/receipt\/(.+)$/.exec(location.pathname)?.[1]
const bankId = /^\/bank\/(.+)$/.exec(location.pathname)?.[1]
const isVerifyPage = location.pathname === '/verify'
const needsSignIn = !isCourierPage && !isVerifyPage && receiptNumber === undefined && bankId === undefined

export function App({ first }: { first: Speech }) {
  const [speech, setSpeech] = useState(first)
  const { language } = speech
  const [settingUp, setSettingUp] = useState(location.pathname === '/setup')
  const [me, setMe] = useState<Me | null | undefined>()
  const [sites, setSites] = useState<Site[]>([])
  const [siteId, setSiteId] = useState('')

  const isMine = me?.role === 'resident' || (!me && location.pathname === '/me')
  useEffect(() => {
    document.documentElement.lang = language
    localStorage.setItem('language', language)
  }, [language])
  // A language that cannot be fetched: the words stay, and the choice goes back to them.
  const speak = (wanted: Language) => loadSpeech(wanted).then(setSpeech, () => setSpeech({ ...speech }))

  const whoAmI = () => ask<Me>('GET', '/api/sessions/me').then(setMe, () => setMe(null))
  useEffect(() => void whoAmI(), [])

  const loadSites = () => {
    if (!me || me.role === 'resident' || !needsSignIn) return
    ask<{ items: Site[] }>('GET', '/api/sites').then(
      ({ items }) => {
        setSites(items)
        const asked = new URLSearchParams(location.search).get('site')
        const last = localStorage.getItem('site')
        const named = items.find(({ id }) => id === asked)
        if (named) chooseSite(named.id)
        else setSiteId((items.find(({ id }) => id === last) ?? items[0])?.id ?? '')
      },
      () => {},
    )
  }
  useEffect(loadSites, [me])

  const chooseSite = (id: string) => {
    localStorage.setItem('site', id)
    setSiteId(id)
  }
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
  const mine = workPages.filter(({ roles }) => me && roles.includes(me.role))
  const asked = workPages.find(({ path }) => path === location.pathname)
  const isForbidden = me?.role !== undefined && asked?.roles.includes(me.role) === false
  const current = isForbidden ? undefined : (asked ?? mine[0])
  const works = mine.length > 0
  const site = sites.find(each => each.id === siteId)

  return (
    <SpeechContext.Provider value={speech}>
      <Bar
        isMine={isMine}
        isKnown={me !== undefined}
        worker={
          works && needsSignIn
            ? { email: me?.email ?? null, pages: mine, currentPath: current?.path, sites, siteId, chooseSite }
            : undefined
        }
        speak={wanted => void speak(wanted)}
        signOut={me ? signOut : undefined}
      />
      <main id="main" tabIndex={-1}>
        {isCourierPage && <CourierPage me={me} changed={whoAmI} />}
        {bankId !== undefined && <BankPage id={decodeURIComponent(bankId)} />}
        {isVerifyPage && <VerifyPage />}
        {receiptNumber !== undefined && <ReceiptPage number={decodeURIComponent(receiptNumber)} />}
        {needsSignIn && me === null && settingUp && <SetUp done={leaveSetUp} />}
        {needsSignIn && me === null && isMine && <SignInResident done={whoAmI} />}
        {needsSignIn && me === null && !isMine && !settingUp && <SignIn done={whoAmI} />}
        {needsSignIn && me?.role === 'resident' && <MePage signedOut={() => setMe(null)} />}
        {needsSignIn && me?.role === 'courier' && <p>{speech.t('notForYou')}</p>}
        {works && location.pathname === '/me' && <p>{speech.t('me_notResident')}</p>}
        {works && isForbidden && <p>{speech.t('notForRole', { role: speech.of('role', me.role) })}</p>}
        {needsSignIn && works && current && 'Page' in current && !siteId && (
          <p>
            {speech.t('noSite')}{' '}
            {mine.some(({ path }) => path === '/accounts') && <a href="/accounts#sites">{speech.t('as_siteAdd')}</a>}
          </p>
        )}
        {needsSignIn && works && (
          <RoleContext.Provider value={me?.role}>
            {site && (
              <SiteLive key={siteId} siteId={siteId} signedOut={() => setMe(null)}>
                {current && 'Page' in current && <current.Page siteId={siteId} site={site} />}
              </SiteLive>
            )}
            {current && 'Siteless' in current && (
              <current.Siteless sites={sites} sitesChanged={loadSites} signedOut={() => setMe(null)} />
            )}
          </RoleContext.Provider>
        )}
      </main>
    </SpeechContext.Provider>
  )
}
