import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newModel, Play } from './commands.ts'
import { timelessDatabase } from './database.ts'
import { allProven } from './proven.ts'
import { anyStep } from './steps.ts'
import { buildHouse, openWorld } from './world.ts'

const steps = Number(process.env.MODEL_STEPS ?? 2_000)
/** the same lives in every `npm test`; a soak is given another one */
const seed = Number(process.env.MODEL_SEED ?? 1)
const mostSteps = 200
const livesPerRound = 10
const tellEvery = 5_000
/** by then a life that goes wrong is short enough to read */
const shortenMs = 120_000
/** so many lives that go wrong are enough to read; one of them does not hide the others */
const mostWrong = 10

test(`${steps} steps of random lives of parcels, seed ${seed}`, { timeout: 60_000 + steps * 200 }, async () => {
  const database = await timelessDatabase()
  const house = await buildHouse(database.sql)
  const began = Date.now()
  const wrong: string[] = []
  let played = 0
  let lives = 0
  let isShortening = false
  const life = fc.commands([anyStep.map(step => new Play(step))], { maxCommands: mostSteps, size: 'max' })
  const property = fc.asyncProperty(life, async commands => {
    const world = await openWorld(house)
    const isNew = !isShortening
    try {
      await fc.asyncModelRun(() => ({ model: newModel(), real: world }), commands)
      await allProven(world)
    } catch (error) {
      isShortening = true
      throw error
    } finally {
      if (isNew) lives += 1
      if (isNew) played += world.steps
      await world.close()
    }
  })
  const tell = (to: number) =>
    console.log(
      `model: ${played} steps in ${lives} lives, seeds ${seed} to ${to}, ${(Date.now() - began) / 1000} s, ${wrong.length} wrong`,
    )
  try {
    for (let now = seed, told = 0; played < steps && wrong.length < mostWrong; now++) {
      isShortening = false
      // every other round without the small values that fast-check prefers in its first runs
      const unbiased = now % 2 === 0
      const settings = { seed: now, numRuns: livesPerRound, unbiased, interruptAfterTimeLimit: shortenMs }
      const round = await fc.check(property, settings)
      const said = round.failed && `${fc.defaultReportMessage(round)}\n${round.errorInstance}`
      if (said) wrong.push(said)
      if (said) console.log(said)
      if (played < told + tellEvery && played < steps) continue
      told = played
      tell(now)
    }
  } finally {
    await database.close()
  }
  expect(wrong.join('\n')).toBe('')
  expect(played).toBeGreaterThanOrEqual(steps)
})
