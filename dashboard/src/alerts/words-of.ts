import type { AttentionItem } from '../../../schema/api/attention.ts'
import { isolated, type Speech } from '../i18n/words.ts'

const insideOf = { told: 'alert', 'notice-dead': 'notice' } as const

/** What a resident said, why a fact is suspect, which notice: in words. */
function detailOf({ kind, what }: AttentionItem, { of, suspect }: Speech): string {
  if (what === null) return ''
  if (kind === 'suspect') return suspect(what)
  return kind === 'told' || kind === 'notice-dead' ? of(insideOf[kind], what) : what
}

/** Where it is, without a name: a door, a bank, the shelf, or the number on the receipt. */
function placeOf({ bank, door, doorName, shelf, receipt }: AttentionItem, { t }: Speech): string {
  const at = doorName ?? (door === null ? null : t('door', { n: door }))
  const lies = shelf === null ? null : t('atCounter', { shelf })
  const slip = receipt && t('receipt', { n: receipt })
  return [at, lies, bank, slip].flatMap(each => (each ? [isolated(each)] : [])).join(' · ')
}

export type AlertWords = { title: string; place: string; happened: string; todo: string }

export function wordsOf(item: AttentionItem, speech: Speech): AlertWords {
  const { kind, until } = item
  const values = { what: detailOf(item, speech), until: until ? speech.moment(until) : '' }
  return {
    title: speech.t(`at_${kind}`),
    place: placeOf(item, speech),
    happened: speech.t(`at_${kind}_what`, values),
    todo: speech.t(`at_${kind}_do`),
  }
}
