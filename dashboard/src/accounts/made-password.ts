/** Without i, l, o, 0, 1, which paper makes alike. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Four groups of five to hand over on paper: 99 bits. */
export function madePassword(): string {
  const letter = (n: number) => letters[n % letters.length]
  const group = () => Array.from(crypto.getRandomValues(new Uint32Array(5)), letter).join('')
  return [group(), group(), group(), group()].join('-')
}
