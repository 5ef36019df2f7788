import type { Speech } from '../i18n/words.ts'

/** How the doors that a controller reports differ from those expected, one sentence each; what is not known stays as it is. */
export const differenceWords = (differ: string, speech: Pick<Speech, 't' | 'of'>): string[] =>
  differ.split('; ').map(each => oneDifference(each, speech))

function oneDifference(text: string, { t, of }: Pick<Speech, 't' | 'of'>): string {
  const [, n = '', what = ''] = /^(\d+): (.*)$/.exec(text) ?? []
  if (what === 'missing') return t('ct_differ_missing', { n })
  if (what === 'not expected') return t('ct_differ_extra', { n })
  const [, member, said, expected] = /^(\w+) is (\S+), expected (\S+)$/.exec(what) ?? []
  if (!member || !said || !expected) return text
  const value = (word: string) => of('ct_value', word)
  return t('ct_differ', { n, member: of('ct_member', member), said: value(said), expected: value(expected) })
}
