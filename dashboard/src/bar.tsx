import { useEffect } from 'preact/hooks'
import { type Language, languages, useSpeech } from './i18n/words.ts'
import { Menu } from './menu.tsx'
import { useNeeds } from './needs.ts'
import type { Site, WorkPage } from './pages.ts'

/** fewer than these stand in the bar themselves */
const leastGrouped = 3

export type Worker = {
  email: string | null
  pages: readonly WorkPage[]
  currentPath: string | undefined
  sites: Site[]
  siteId: string
  chooseSite: (id: string) => void
}
type Props = {
  isMine: boolean
  /** not before it is known who this is: what is folded away for them does not flash by */
  isKnown: boolean
  /** undefined: nobody who works here */
  worker: Worker | undefined
  speak: (language: Language) => void
  /** undefined: nobody is signed in */
  signOut: (() => void) | undefined
}

/** Top of every page: where one is, where else one may go, and what is one's own. */
export function Bar({ isMine, isKnown, worker, speak, signOut }: Props) {
  const { t, language } = useSpeech()
  const needs = useNeeds()
  const title = t(isMine ? 'me_title' : 'title')
  // also read in the tab of a page that is not looked at
  useEffect(() => {
    document.title = needs ? `(${needs}) ${title}` : title
  }, [title, needs])
  const own = (
    <>
      <label class="choice language">
        {t('language')}
        <select value={language} onChange={event => speak(event.currentTarget.value as Language)}>
          {Object.entries(languages).map(([key, { name }]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {signOut && (
        <button type="button" onClick={signOut}>
          {t('signOut')}
        </button>
      )}
    </>
  )
  return (
    <header class={worker ? 'bar works' : 'bar'}>
      {worker && (
        <a class="skip" href="#main">
          {t('toContent')}
        </a>
      )}
      <h1>{title}</h1>
      {worker && <Pages {...worker} needs={needs} />}
      {worker && worker.sites.length > 0 && <SiteChoice {...worker} />}
      {worker ? (
        <Menu kind="own-menu" name={<bdi>{worker.email ?? t('ac_page')}</bdi>}>
          <a class="own" href="/account" aria-current={worker.currentPath === '/account' ? 'page' : undefined}>
            {t('ac_page')}
          </a>
          {own}
        </Menu>
      ) : (
        isKnown && own
      )}
    </header>
  )
}

function Pages({ pages, currentPath, needs }: Worker & { needs: number | undefined }) {
  const { t, count } = useSpeech()
  const seldom = pages.filter(page => page.seldom)
  const grouped = seldom.length < leastGrouped ? [] : seldom
  const link = ({ path, word }: WorkPage) => (
    <a key={path} href={path} aria-current={path === currentPath ? 'page' : undefined}>
      {t(word)}
      {path === '/' && !!needs && (
        <>
          {' '}
          <span class="needs" aria-hidden="true">
            {needs}
          </span>
          <span class="said">{count('at_needs', needs)}</span>
        </>
      )}
    </a>
  )
  return (
    <nav aria-label={t('pages')}>
      {pages.filter(page => !page.hidden && !grouped.includes(page)).map(link)}
      {grouped.length > 0 && (
        <Menu kind="more-pages" name={t('morePages')} isCurrent={grouped.some(({ path }) => path === currentPath)}>
          {grouped.map(link)}
        </Menu>
      )}
    </nav>
  )
}

function SiteChoice({ sites, siteId, chooseSite }: Worker) {
  const { t } = useSpeech()
  return (
    <label class="choice">
      {t('site')}
      <select value={siteId} onChange={event => chooseSite(event.currentTarget.value)}>
        {sites.map(site => (
          <option key={site.id} value={site.id}>
            {site.name}
          </option>
        ))}
      </select>
    </label>
  )
}
