import type { FunctionComponent } from 'preact'
import type { pagePaths } from '../../schema/api/pages.ts'
import { may } from '../../schema/api/roles.ts'
import type { Role } from '../../schema/api/shared.ts'
import type { Words } from './i18n/fr.ts'
import { lazy } from './lazy.tsx'

export type Site = { id: string; name: string; timeZone: string }

export type WorkPage = {
  path: '/' | (typeof pagePaths)[number]
  word: keyof Words
  roles: readonly Role[]
  /** reached by links alone: the bar does not list it */
  hidden?: true
  /** where there are several such, the bar lists them one level down */
  seldom?: true
} & (
  | { Page: FunctionComponent<{ siteId: string; site: Site }> }
  /** of no site: shown before there is one */
  | { Siteless: FunctionComponent<{ sites: Site[]; sitesChanged: () => void; signedOut: () => void }> }
)

/** Pages of those who work at a site, as the bar lists them. */
export const workPages: WorkPage[] = [
  {
    path: '/',
    word: 'wall',
    roles: may.watch,
    Page: lazy(async () => (await import('./wall/wall-page.tsx')).WallPage),
  },
  {
    path: '/counter',
    word: 'counter',
    roles: [...may.help, 'technician'],
    Page: lazy(async () => (await import('./counter/counter-page.tsx')).CounterPage),
  },
  {
    path: '/rooms',
    word: 'rooms',
    roles: may.help,
    Page: lazy(async () => (await import('./rooms/rooms-page.tsx')).RoomsPage),
  },
  {
    path: '/residents',
    word: 'residents',
    roles: may.people,
    Page: lazy(async () => (await import('./residents/residents-page.tsx')).ResidentsPage),
  },
  {
    path: '/controllers',
    word: 'controllers',
    seldom: true,
    roles: may.devices,
    Page: lazy(async () => (await import('./controllers/controllers-page.tsx')).ControllersPage),
  },
  {
    path: '/settings',
    word: 'settings',
    seldom: true,
    roles: may.settings,
    Page: lazy(async () => (await import('./settings/settings-page.tsx')).SettingsPage),
  },
  {
    path: '/history',
    word: 'history',
    seldom: true,
    roles: may.decide,
    Page: lazy(async () => (await import('./history/history-page.tsx')).HistoryPage),
  },
  {
    path: '/statistics',
    word: 'statistics',
    seldom: true,
    roles: may.decide,
    Page: lazy(async () => (await import('./statistics/statistics-page.tsx')).StatisticsPage),
  },
  {
    path: '/parcel',
    word: 'pl_page',
    hidden: true,
    roles: may.help,
    Page: lazy(async () => (await import('./parcel/parcel-page.tsx')).ParcelPage),
  },
  {
    path: '/accounts',
    word: 'accounts',
    seldom: true,
    roles: may.govern,
    Siteless: lazy(async () => (await import('./accounts/accounts-page.tsx')).AccountsPage),
  },
  {
    path: '/account',
    word: 'ac_page',
    hidden: true,
    roles: may.account,
    Siteless: lazy(async () => (await import('./account/account-page.tsx')).AccountPage),
  },
]

export const BankPage = lazy(async () => (await import('./bank/bank-page.tsx')).BankPage)
export const CourierPage = lazy(async () => (await import('./courier/courier-page.tsx')).CourierPage)
export const MePage = lazy(async () => (await import('./me/me-page.tsx')).MePage)
export const ReceiptPage = lazy(async () => (await import('./receipt-page.tsx')).ReceiptPage)
export const VerifyPage = lazy(async () => (await import('./verify/verify-page.tsx')).VerifyPage)
export const SetUp = lazy(async () => (await import('./set-up.tsx')).SetUp)
