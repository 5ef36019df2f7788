/**
 * The one form in which a fact is hashed, as on the server so in the browser of whoever checks a proof: JSON without spaces,
 * members in the order of their UTF-16 units, a moment as its ms since 1970.
 */
export function canonical(value: unknown): string {
  if (value instanceof Date) return String(value.getTime())
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, each]) => each !== undefined)
    members.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}
