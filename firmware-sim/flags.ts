import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Every unknown flag, missing value and stray word at once; strict parsing would stop at the first. */
export function flagProblems(args: string[], flags: NonNullable<ParseArgsConfig['options']>): string[] {
  const { tokens } = parseArgs({ args, options: flags, strict: false, tokens: true })
  return tokens.flatMap(token => {
    if (token.kind === 'positional') return [`${token.value}: is neither a flag nor the value of one`]
    if (token.kind !== 'option') return []
    const { name, rawName, value, inlineValue } = token
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (!flag) return [`${rawName}: there is no such flag`]
    if (flag.type === 'boolean') return value === undefined ? [] : [`${rawName}: takes no value`]
    const isMissing = value === undefined || (!inlineValue && value.startsWith('-'))
    return isMissing ? [`${rawName}: needs a value (one that begins with - is written ${rawName}=-1)`] : []
  })
}
