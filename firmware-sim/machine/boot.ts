import { checkOf } from '../../schema/wire/codes.ts'
import { catchUpAtBoot, doorAtBoot } from './boot-doors.ts'
import { saveTime } from './clock.ts'
import { isMuted, record, withUse } from './journal.ts'
import type { Flash, Held, Input, Journal, Setup, Stored, Use } from './state.ts'
import { restoreTries } from './tries.ts'
import { change, deviceOff, type Turn } from './turn.ts'

type Boot = Extract<Input, { type: 'boot' }>

/** Starts from what flash and journal hold and from what the sensors say; everything else is forgotten. */
export function bootDevice(turn: Turn, input: Boot) {
  const { setup } = turn.state
  const off = deviceOff(setup)
  const journal = journalAtBoot(setup, input)
  const flash = flashAtBoot(setup, input.stored, off.flash)
  const held = input.stored.journal?.held ?? []
  const clock =
    input.keptTime === undefined
      ? ({ kind: 'none', offset: flash.lastTime } as const)
      : ({ kind: 'guessed', offset: Math.floor(input.keptTime) } as const)
  turn.state = {
    ...off,
    on: true,
    bootedAt: turn.now,
    boot: input.boot,
    journal,
    flash,
    appended: held.length,
    clock,
    doors: Object.fromEntries(setup.doors.map(each => [each.door, doorAtBoot(held, input.sensed, each.door)])),
  }
  if (!input.stored.journal) turn.effects.push({ type: 'rewrite', journal })
  change(turn, { mutedSaid: isMuted(turn) && saidMuted(journal) })
  record(turn, { type: 'started', reason: input.reason })
  restoreTries(turn)
  // resets that come faster than the hour would never save it
  if (clock.kind === 'guessed') saveTime(turn)
  catchUpAtBoot(turn, held, input.sensed)
}

const saidMuted = (journal: Journal): boolean =>
  journal.held.some(each => each.event.type === 'sensors-muted' && each.event.seq > journal.acked)

function journalAtBoot(setup: Setup, input: Boot): Journal {
  const stored = input.stored.journal
  if (!stored) return { name: input.journal, held: [], last: 0, acked: 0 }
  return { ...stored, held: stored.held.slice(-setup.journalSize) }
}

/** A list made for another codeKey is worth nothing: it starts with version 0. */
function flashAtBoot(setup: Setup, stored: Stored, empty: Flash): Flash {
  const keyMark = checkOf(setup.codeKey, 'list')
  const flash = stored.flash ?? empty
  const grants = flash.keyMark === keyMark && stored.journal ? flash.grants : empty.grants
  return { ...flash, keyMark, grants, uses: usesOf(flash.uses, stored.journal?.held ?? []) }
}

function usesOf(uses: Record<string, Use>, held: Held[]): Record<string, Use> {
  return held
    .filter(each => each.event.type === 'unlocked')
    .reduce((sum, { event, step }) => {
      const { grant } = event.cause as { grant: string }
      return withUse(sum, grant, Number(event.at), step)
    }, uses)
}
