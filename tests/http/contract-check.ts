import Schema from 'typebox/schema'
import type { Role } from '../../schema/api/shared.ts'

type Operation = {
  'x-roles'?: readonly Role[]
  responses: Record<string, { content?: Record<string, { schema: object }> }>
  parameters?: { in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
}
export type Contract = { paths: Record<string, Record<string, Operation>> }

export const operationsOf = ({ paths }: Contract): Map<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  )

/** What is wrong with an answer by its own contract; members that the contract does not name are wrong too. */
export function makeContractCheck(contract: Contract) {
  const operations = [...operationsOf(contract)].map(([route, operation]) => {
    const [method, path] = route.split(' ') as [string, string]
    return { route, method, operation, form: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`) }
  })
  const compiled = new Map<object, ReturnType<typeof Schema.Compile>>()
  return (method: string, path: string, answer: { status: number; body: unknown }): string | undefined => {
    const plain = path.split('?', 1)[0]!
    // a path of its own comes before one with a place for an id
    const found = operations
      .filter(each => each.method === method && each.form.test(plain))
      .sort((a, b) => a.route.split('{').length - b.route.split('{').length)[0]
    if (!found) return undefined
    const { responses } = found.operation
    const said = responses[answer.status] ?? responses[`${String(answer.status)[0]}XX`]
    if (!said) return `${found.route} says nothing of ${answer.status}`
    if (typeof answer.body === 'string') return undefined
    const shape = said.content?.['application/json']?.schema
    if (!shape) return `${found.route} says nothing of the body of ${answer.status}`
    const check = compiled.get(shape) ?? Schema.Compile(closed(shape))
    compiled.set(shape, check)
    if (check.Check(answer.body)) return undefined
    const [, problems] = check.Errors(answer.body)
    return `${found.route} ${answer.status}: ${problems.map(each => `${each.instancePath} ${each.message}`).join('; ')}`
  }
}

function closed(shape: unknown): object {
  if (Array.isArray(shape)) return shape.map(closed)
  if (shape === null || typeof shape !== 'object') return shape as never
  const inner = Object.fromEntries(Object.entries(shape).map(([name, each]) => [name, closed(each)]))
  return inner.type !== undefined && 'properties' in inner ? { additionalProperties: false, ...inner } : inner
}
