import type { badgeFr } from './badge-fr.ts'

export const badgeEn: Record<keyof typeof badgeFr, string> = {
  bg_title: 'Open with a badge',
  bg_why: 'The person holds the badge to the bank: the box of this parcel opens, once. Their code still works too.',
  bg_uid: 'Number of the badge',
  bg_uidHint: 'Lay the badge on the reader, or copy its 8 to 20 characters: 0 to 9, A to F. It is not kept.',
  bg_give: 'Give this badge',
  bg_works: 'A badge opens the box of this parcel.',
  bg_soon: 'A badge is given; the bank does not have it yet. Held to it before that, it asks the server.',
  bg_takeBack: 'Take the badge back',
  bg_gone: 'The badge is taken back. A bank that is offline will know at its next contact.',
  'error_badge-odd': 'This is no number of a badge: 8 to 20 characters, 0 to 9 and A to F.',
  'error_badge-there': 'A badge opens for this parcel already: take it back first.',
}
