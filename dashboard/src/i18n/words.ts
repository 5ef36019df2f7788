import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './en.ts'
import { fr, type Words } from './fr.ts'

/** One more language: one more file and one more line here. */
export const languages = { fr: { name: 'Français', words: fr as Words }, en: { name: 'English', words: en } }
export type Language = keyof typeof languages

export type Speech = {
  language: Language
  t(word: keyof Words, values?: Record<string, string | number>): string
  /** a word built from data; the data itself when there is none */
  of(kind: string, value: string): string
  moment(iso: string): string
}

export function speechOf(language: Language): Speech {
  const { words } = languages[language]
  const near = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  const far = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const fill = (text: string, values: Record<string, string | number> = {}) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
  return {
    language,
    t: (word, values) => fill(words[word], values),
    of: (kind, value) => (words as Record<string, string>)[`${kind}_${value}`] ?? value,
    moment(iso) {
      const at = new Date(iso)
      return (at.toDateString() === new Date().toDateString() ? near : far).format(at)
    },
  }
}

export const SpeechContext = createContext<Speech>(speechOf('fr'))
export const useSpeech = () => useContext(SpeechContext)

export function firstLanguage(): Language {
  const kept = localStorage.getItem('language') ?? navigator.language.slice(0, 2)
  return kept === 'en' ? 'en' : 'fr'
}
