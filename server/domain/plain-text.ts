/** Nobody sees these, and some of them turn the direction of all that follows. Joiners stay: Persian and Indic words need them. */
const unseen = /(?![\u200c\u200d])\p{Cf}/gu
const controls = /(?![\t\r\n])\p{Cc}+/gu
const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** A name, a number: on one line, of what can be seen. */
export const plainText = (text: string): string => text.replace(unseen, '').replace(breaks, ' ')
/** What somebody has to say may have several lines. */
export const plainLines = (text: string): string => text.replace(unseen, '').replace(controls, ' ')
