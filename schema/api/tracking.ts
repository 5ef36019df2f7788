const s10 = /^[A-Z]{2}(\d{8})(\d)[A-Z]{2}$/
const weights = [8, 6, 4, 2, 3, 5, 9, 7]

/**
 * A tracking number by the postal union's standard S10 (UPU S10-12, annex on the check digit): two letters, eight digits,
 * a check digit, two letters. Others have rules of their own and are only kept.
 */
export function s10Digit(tracking: string): 'right' | 'wrong' | 'not-s10' {
  const found = s10.exec(tracking.replace(/\s/g, '').toUpperCase())
  if (!found) return 'not-s10'
  const sum = [...found[1]!].reduce((total, digit, at) => total + Number(digit) * weights[at]!, 0)
  const rest = 11 - (sum % 11)
  const expected = rest === 10 ? 0 : rest === 11 ? 5 : rest
  return Number(found[2]) === expected ? 'right' : 'wrong'
}

/** What a scanner reads off a label, and nobody types to say for whom it is. */
export const looksScanned = (text: string): boolean =>
  /^[A-Za-z0-9 -]{8,60}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 6
