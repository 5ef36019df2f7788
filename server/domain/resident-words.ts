import type { ResidentField } from '../../schema/api/residents.ts'
import type { Channel } from '../store/notices.ts'

/** Without accents, marks, capitals and what cannot be seen. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const table = <T>(words: Record<string, readonly string[]>): Map<string, T> =>
  new Map(Object.entries(words).flatMap(([meaning, texts]) => texts.map(text => [text, meaning as T] as const)))

/** How a column may be named, French and English, folded. */
export const headings = table<ResidentField>({
  flat: [
    ...['appartement', 'appt', 'apt', 'app', 'logement', 'n appartement', 'no appartement', 'numero appartement'],
    ...['numero d appartement', 'n d appartement', 'n logement', 'numero de logement', 'porte', 'lot'],
    ...['flat', 'flat number', 'flat no', 'apartment', 'apartment number', 'unit'],
  ],
  name: [
    ...['nom', 'nom complet', 'nom et prenom', 'nom prenom', 'prenom et nom', 'prenom nom', 'locataire', 'habitant'],
    ...['resident', 'name', 'full name', 'tenant'],
  ],
  givenName: ['prenom', 'prenoms', 'first name', 'given name', 'firstname'],
  familyName: ['nom de famille', 'nom de naissance', 'nom d usage', 'last name', 'family name', 'surname', 'lastname'],
  email: [
    ...['e mail', 'email', 'mail', 'courriel', 'adresse e mail', 'adresse mail', 'adresse email'],
    ...['adresse electronique', 'e mail address', 'email address'],
  ],
  phone: [
    ...['telephone', 'tel', 'mobile', 'portable', 'gsm', 'telephone portable', 'telephone mobile', 'telephone fixe'],
    ...['numero de telephone', 'n telephone', 'phone', 'phone number', 'mobile phone', 'telephone number'],
  ],
  language: ['langue', 'langue des messages', 'language'],
  tellBy: ['prevenir par', 'comment prevenir', 'comment le prevenir', 'canal', 'tell by', 'told by', 'how to tell'],
  needsLowDoor: [
    ...[
      'porte basse',
      'besoin d une porte basse',
      'casier bas',
      'pmr',
      'low door',
      'needs a low door',
      'needs low door',
    ],
  ],
})

export const languageWords = table<string>({ fr: ['fr', 'francais', 'french'], en: ['en', 'anglais', 'english'] })

export const wayWords = table<Channel | 'none'>({
  email: ['e mail', 'email', 'mail', 'courriel', 'par e mail', 'by e mail'],
  sms: ['sms', 'texto', 'par sms', 'text', 'by sms'],
  voice: ['appel', 'par un appel', 'voix', 'vocal', 'telephone', 'tel', 'voice', 'call', 'phone', 'by phone'],
  none: ['aucun', 'rien', 'personne', 'non', 'none', 'comptoir', 'au comptoir', 'counter', 'gardien', 'caretaker'],
})

export const yesWords = new Set(['oui', 'o', 'yes', 'y', 'vrai', 'true', 'x', '1'])
export const noWords = new Set(['', 'non', 'n', 'no', 'faux', 'false', '0'])
