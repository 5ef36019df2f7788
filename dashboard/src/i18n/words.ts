import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { partsOf } from '../../../schema/api/suspects.ts'
import type { Words } from './fr.ts'

/** One more language: one more file and one more line here. */
export const languages = {
  fr: { name: 'Français', locale: 'fr-FR', load: async (): Promise<Words> => (await import('./fr.ts')).fr },
  en: { name: 'English', locale: 'en-GB', load: async (): Promise<Words> => (await import('./en.ts')).en },
}
export type Language = keyof typeof languages

export type Speech = {
  language: Language
  locale: string
  t(word: keyof Words, values?: Record<string, string | number>): string
  /** a word built from data; the data itself when there is none */
  of(kind: string, value: string): string
  /** why something is suspect; a detail for the maker of the device stays as it is */
  suspect(why: string): string
  moment(iso: string): string
  /** a number with its word, by the language's own rule of plurals */
  count(word: Counted, n: number): string
}

/** words that there are two of, for one and for many */
type Counted = { [word in keyof Words]: word extends `${infer Stem}_one` ? Stem : never }[keyof Words]

/** Fetches the words of one language only: nobody waits for those of the others. */
export async function loadSpeech(language: Language): Promise<Speech> {
  const { load, locale } = languages[language]
  const words = await load()
  const near = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const far = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const plural = new Intl.PluralRules(locale)
  const fill = (text: string, values: Record<string, string | number> = {}) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => isolated(values[name] ?? whole))
  const of = (kind: string, value: string) => (words as Record<string, string>)[`${kind}_${value}`] ?? value
  return {
    language,
    locale,
    t: (word, values) => fill(words[word], values),
    of,
    suspect(why) {
      const [reason, detail] = partsOf(why)
      return detail ? `${of('suspect', reason)} (${detail})` : of('suspect', reason)
    },
    count(word, n) {
      const rule = plural.select(n) === 'one' ? 'one' : 'other'
      return fill(words[`${word}_${rule}` as keyof Words], { n: n.toLocaleString(locale) })
    },
    moment(iso) {
      const at = new Date(iso)
      return (at.toDateString() === new Date().toDateString() ? near : far).format(at)
    },
  }
}

/** Hebrew, Arabic and what else is written from the right: its letters, and marks that turn the direction. */
const fromTheRight =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
/** FSI … PDI (UAX #9): where no element can stand, what is written from the right does not move what stands around it. */
export function isolated(value: string | number): string {
  const text = String(value)
  return fromTheRight.test(text) ? `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069` : text
}

export const SpeechContext = createContext<Speech | undefined>(undefined)
/** Nothing is drawn before its words are there. */
export const useSpeech = () => useContext(SpeechContext)!

export function firstLanguage(): Language {
  const kept = localStorage.getItem('language') ?? navigator.language.slice(0, 2)
  return kept === 'en' ? 'en' : 'fr'
}
