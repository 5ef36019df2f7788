/** `rounds` and `seconds` as wished, or each benchmark's own */
export type Arguments = {
  names: string[]
  rounds?: number
  seconds?: number
  scale: number
  profile: boolean
  help: boolean
}

const most = { rounds: 1_000, seconds: 600, scale: 1 }
type Member = keyof typeof most

/** All problems at once, each naming the option and what was given. */
export function readArguments(given: string[], known: string[]): Arguments | { problems: string[] } {
  const read: Arguments = { names: [], scale: 1, profile: false, help: false }
  const problems: string[] = []
  const words = given.flatMap(word => (word.startsWith('--') ? word.split(/=(.*)/, 2) : [word]))
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const member = word.slice(2) as Member
    if (word === '--help' || word === '-h') read.help = true
    else if (word === '--profile') read.profile = true
    else if (word.startsWith('--') && Object.hasOwn(most, member)) {
      const value = words[0]?.startsWith('--') ? undefined : words.shift()
      const number = Number(value)
      const fits = number > 0 && number <= most[member] && (member !== 'rounds' || Number.isInteger(number))
      if (value !== undefined && fits) read[member] = number
      else problems.push(`${word} needs a ${wanted(member)}, not ${show(value)}`)
    } else if (word.startsWith('-')) problems.push(`unknown option ${show(word)}`)
    else if (known.includes(word)) read.names.push(word)
    else problems.push(`unknown benchmark ${show(word)}: there are ${known.join(', ')}`)
  }
  return problems.length > 0 ? { problems } : read
}

const wanted = (member: Member): string =>
  member === 'rounds' ? `whole number from 1 to ${most.rounds}` : `number above 0, at most ${most[member]}`
const show = (word: string | undefined): string => (word === undefined ? 'nothing' : JSON.stringify(word))
