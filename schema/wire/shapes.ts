import { type TProperties, Type } from 'typebox'

/** ms since 1970 UTC, or ms since boot: both 64 bits on the device, exact in a JSON number. */
export const Millis = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const DoorNumber = Type.Integer({ minimum: 0, maximum: 65_535 })
export const Keypad = Type.Integer({ minimum: 0, maximum: 255 })
/** No NUL and no half of a surrogate pair: no text of PostgreSQL can hold them, nor can UTF-8 the second. */
export const storableText = '^[^\\u0000\\ud800-\\udfff]*$'
export const Name = Type.String({ minLength: 1, maxLength: 128, pattern: storableText })
export const Clock = Type.Union([Type.Literal('synced'), Type.Literal('guessed'), Type.Literal('none')])
export type Clock = 'synced' | 'guessed' | 'none'

/** Contract objects ignore members they do not know, so that either side may be newer than the other. */
export const open = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: true })

export const Cause = open({ grant: Name, order: Type.Optional(Name) })
export type Cause = { grant: string; order?: string }
