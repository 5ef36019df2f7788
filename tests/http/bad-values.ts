export type Shape = {
  type?: string
  enum?: unknown[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Shape
  properties?: Record<string, Shape>
  required?: string[]
  /** a shape, or null */
  anyOf?: [Shape, { type: 'null' }]
}
export type Bad = { what: string; field: string; value: unknown }

/** Nothing at all, where a member is needed. */
export const missing = Symbol('missing')

/** Values that a member of this shape must refuse, each with the field the answer must name. */
export function badValues(shape: Shape, field: string, inBody: boolean): Bad[] {
  const bad = (what: string, value: unknown, at = field): Bad => ({ what, field: at, value })
  const null_ = inBody ? [bad('null', null)] : []
  if (shape.anyOf?.[1].type === 'null')
    return badValues(shape.anyOf[0], field, inBody).filter(({ value }) => value !== null)
  if (shape.enum) return [bad('not listed', 'nonsense'), bad('NUL', 'a\0b'), ...null_]
  if (shape.type === 'string') return [...badTexts(shape, field, inBody), ...null_]
  if (shape.type === 'boolean') return [bad('wrong type', 'maybe'), ...null_]
  if (shape.type === 'integer') {
    if (shape.maximum === undefined || shape.minimum === undefined) throw new Error(`${field} has no bounds`)
    const wrong = [bad('wrong type', 'x'), ...(inBody ? [bad('a fraction', 1.5)] : [])]
    return [...wrong, bad('too large', shape.maximum + 1), bad('too small', shape.minimum - 1), ...null_]
  }
  if (shape.type === 'array') {
    if (shape.maxItems === undefined) throw new Error(`${field} has no limit`)
    const first = badValues(shape.items!, `${field}.0`, inBody)
    const many = Array.from({ length: shape.maxItems + 1 }, () => goodOf(shape.items!))
    const short = shape.minItems ? [bad('empty', [])] : []
    return [bad('wrong type', 'x'), bad('too many', many), ...short, ...first.map(each => inArray(each)), ...null_]
  }
  if (shape.type === 'object') return badMembers(shape, field)
  throw new Error(`${field}: nothing is known about ${JSON.stringify(shape)}`)
}

function badTexts(shape: Shape, field: string, inBody: boolean): Bad[] {
  const bad = (what: string, value: unknown): Bad => ({ what, field, value })
  const fits = (text: string) =>
    text.length >= (shape.minLength ?? 0) &&
    text.length <= (shape.maxLength ?? Number.POSITIVE_INFINITY) &&
    (shape.pattern === undefined || new RegExp(shape.pattern).test(text))
  const long = 'x'.repeat((shape.maxLength ?? 900) + 1)
  if (fits(long)) throw new Error(`${field} has no limit`)
  const texts = [bad('too long', long), bad('NUL', 'a\0b')]
  for (const [what, text] of [
    ['empty', ''],
    ['only spaces', '   '],
    ['wrong form', '!! not right !!'],
  ] as const)
    if (!fits(text)) texts.push(bad(what, text))
  return inBody ? [...texts, bad('a lone surrogate', 'a\ud800b'), bad('wrong type', 7)] : texts
}

function badMembers(shape: Shape, field: string): Bad[] {
  const good = goodOf(shape) as Record<string, unknown>
  const found: Bad[] = []
  for (const [name, member] of Object.entries(shape.properties ?? {})) {
    const at = `${field}.${name}`
    for (const each of badValues(member, at, true)) found.push({ ...each, value: { ...good, [name]: each.value } })
    if (shape.required?.includes(name)) {
      const { [name]: _, ...rest } = good
      found.push({ what: 'missing', field: at, value: rest })
    }
  }
  return [...found, { what: 'unknown member', field: `${field}.unexpected`, value: { ...good, unexpected: 1 } }]
}

const inArray = (bad: Bad): Bad => ({ ...bad, value: [bad.value] })

/** Something of the right shape, for the members beside the bad one. */
function goodOf(shape: Shape): unknown {
  if (shape.enum) return shape.enum[0]
  if (shape.type === 'integer') return shape.minimum
  if (shape.type === 'boolean') return true
  if (shape.type === 'object')
    return Object.fromEntries(
      (shape.required ?? []).map(name => [name, goodOf((shape.properties as Record<string, Shape>)[name]!)]),
    )
  const samples = ['00000000-0000-7000-8000-000000000000', '2026-12-24', '09:00']
  return samples.find(text => shape.pattern?.includes('-') && new RegExp(shape.pattern).test(text)) ?? 'word'
}
