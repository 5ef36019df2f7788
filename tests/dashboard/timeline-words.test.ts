import { expect, test } from 'vitest'
import { type Language, languages, loadSpeech } from '../../dashboard/src/i18n/words.ts'
import { factKinds } from '../../schema/api/fact-types.ts'
import { suspectReasons } from '../../schema/api/suspects.ts'
import { alerts, notices } from '../../schema/tables/index.ts'
import { eventShapes } from '../../schema/wire/events.ts'

const all = Object.keys(languages) as Language[]
const speeches = () => Promise.all(all.map(loadSpeech))

test.each(all)('every reason to be suspect has words of its own in %s', async language => {
  const { suspect } = await loadSpeech(language)
  const said = suspectReasons.map(suspect)
  expect(said.filter((words, at) => words === suspectReasons[at] || words === '')).toEqual([])
  expect(new Set(said).size).toBe(suspectReasons.length)
  const [first, ...rest] = (await speeches()).map(each => each.suspect('events-lost'))
  expect(rest).not.toContain(first)
})

test('what does not fit its shape also says where, for the maker of the device', async () => {
  expect((await loadSpeech('en')).suspect('does-not-fit: door must be integer')).toMatch(
    /^badly formed.*\(door must be integer\)$/,
  )
})

test('every event of the contract is among the facts, each under one kind', () => {
  const types = Object.values(factKinds).flat() as string[]
  expect(Object.keys(eventShapes).filter(type => !types.includes(type))).toEqual([])
  expect(new Set(types).size).toBe(types.length)
})

test.each(all)('every fact has words of its own in %s', async language => {
  const { of } = await loadSpeech(language)
  const types = Object.values(factKinds).flat()
  const said = types.map(type => of('event', type))
  expect(types.filter((type, at) => said[at] === type || said[at] === '')).toEqual([])
})

test.each(all)('every kind of notice and of alert has words in %s', async language => {
  const { of } = await loadSpeech(language)
  for (const [kind, values] of [
    ['notice', notices.kind.enumValues],
    ['channel', notices.channel.enumValues],
    ['alert', alerts.kind.enumValues],
  ] as const)
    expect(values.filter(value => of(kind, value) === value)).toEqual([])
})

test('hours run from 0 to 24 in every language', async () => {
  const evening = new Date(new Date().setHours(21, 5, 9, 0)).toISOString()
  expect((await speeches()).map(each => each.moment(evening))).toEqual(all.map(() => '21:05:09'))
})
