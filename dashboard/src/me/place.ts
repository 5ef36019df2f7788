import type { OwnParcel } from '../../../schema/api/resident.ts'
import type { Speech } from '../i18n/words.ts'

/** Where a parcel lies, in words: a box of a bank, or the shelf behind the counter. */
export const placeOf = ({ bank, door, shelf }: Pick<OwnParcel, 'bank' | 'door' | 'shelf'>, { t }: Speech): string =>
  door === null ? t('me_counter', { shelf: shelf ?? '' }) : t('me_where', { bank: bank ?? '', n: door })
