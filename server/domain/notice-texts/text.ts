import type { NoticeKind } from '../notices.ts'
import { english } from './en.ts'
import { french } from './fr.ts'

export type NoticeFacts = {
  name: string
  site: string
  /** where it lies; null: at the counter */
  bank: string | null
  door: number | null
  carrier: string | null
  /** 8 digits */
  code: string | null
  deadlineAt: Date | null
  timeZone: string
  /** of the page for residents */
  url: string | null
}
/** One mail, one short message, one call; each says it all. */
export type NoticeText = { subject: string; text: string; sms: string; voice: string }

/** What a language has to say: sentences without greeting, the same for every channel unless they are too long for one. */
export type Words = {
  greeting(name: string): string
  signature(site: string): string
  page(url: string): string
  place(bank: string | null, door: number | null): string
  again: string
  /** a day in words, as Intl has it */
  locale: string
  kinds: { [kind in NoticeKind]: (said: Said) => { subject: string; lines: string[]; sms: string } }
}
export type Said = { place: string; carrier: string | null; code: string | null; day: string; shortDay: string }

const languages: Record<string, Words> = { fr: french, en: english }

/** In a language that is not there yet it is told in French. */
export function noticeText(kind: NoticeKind, facts: NoticeFacts, language: string): NoticeText {
  const words = languages[language] ?? french
  const { name, site, bank, door, carrier, code, url } = facts
  const code44 = code && `${code.slice(0, 4)} ${code.slice(4)}`
  const said = { place: words.place(bank, door), carrier, ...dayWords(facts, words.locale) }
  const { subject, lines, sms } = words.kinds[kind]({ ...said, code: code44 })
  const sentences = words.kinds[kind]({ ...said, code: code && spelled(code) }).lines
  const spoken = sentences.map(each => (/[.?]$/.test(each) ? each : `${each}.`)).join(' ')
  const mail = [words.greeting(name), ...lines, ...(url ? [words.page(url)] : []), words.signature(site)]
  return {
    subject: `${subject} · ${site}`,
    text: `${mail.join('\n\n')}\n`,
    sms: inGsm(`${site}: ${sms}`),
    voice: `${site}. ${spoken} ${words.again} ${spoken}`,
  }
}

function dayWords({ deadlineAt, timeZone }: NoticeFacts, locale: string) {
  if (!deadlineAt) return { day: '', shortDay: '' }
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' })
  const shortDay = new Intl.DateTimeFormat(locale, { timeZone, day: '2-digit', month: '2-digit' })
  return { day: day.format(deadlineAt), shortDay: shortDay.format(deadlineAt) }
}

const gsm = /[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]/

/** GSM 03.38's basic table has é but no î, and one letter outside of it doubles the price of the whole message. */
const inGsm = (text: string): string =>
  text
    .replaceAll('’', "'")
    .replace(/\p{Script=Latin}/gu, letter =>
      gsm.test(letter) ? letter : letter.normalize('NFD').replace(/\p{M}/gu, ''),
    )

/** Digit by digit, with a pause in the middle. */
const spelled = (code: string): string => `${[...code.slice(0, 4)].join(', ')} … ${[...code.slice(4)].join(', ')}`
