import type { CounterParcel } from '../../../schema/api/counter.ts'
import type { Speech } from '../i18n/words.ts'

/** Where a parcel lies, in words: a door, or the shelf behind the counter. */
export const placeOf = ({ door, shelf }: Pick<CounterParcel, 'door' | 'shelf'>, t: Speech['t']): string =>
  door === null ? t('atCounter', { shelf: shelf ?? '' }) : t('door', { n: door })
