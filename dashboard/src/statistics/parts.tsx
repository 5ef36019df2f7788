import { type Statistics, sizes, waysWithout } from '../../../schema/api/statistics.ts'
import { useSpeech } from '../i18n/words.ts'
import { Chart } from './chart.tsx'
import { FiguresTable } from './figures-table.tsx'
import { fullest, lasts, percent, shareOf, spanName, weekdayName, weekOf } from './fill-words.ts'

type Props = { found: Statistics }
const hours = Array.from({ length: 24 }, (_, hour) => hour)
const weekdays = [1, 2, 3, 4, 5, 6, 7]
/** Below a bar there is no room for words on a telephone: the table's rows have the same numbers. */
const numbers = (rows: unknown[]): string[] => rows.map((_, at) => String(at + 1))

export function Fill({ found: { fill } }: Props) {
  const { t, locale } = useSpeech()
  const there = sizes.filter(size => fill.some(each => each.size === size))
  const most = fullest(fill)
  if (!most) return <p>{t('st_nothing')}</p>
  const weeks = there.map(size => weekOf(fill, size))
  const { size, weekday, hour } = most
  return (
    <>
      <p class="figure">
        <strong>{percent(locale, shareOf(most))}</strong>{' '}
        {t('st_fillSays', { size, hour, weekday: weekdayName(locale, weekday, 'long') })}
      </p>
      <ul class="chart-names">
        {there.map(each => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <Chart
        {...{ label: t('st_fillChart'), values: weeks, every: 24, most: 100 }}
        names={weeks[0]!.map((_, x) => weekdayName(locale, Math.floor(x / 24) + 1, 'short'))}
      />
      <details>
        <summary>{t('st_table')}</summary>
        {there.map((each, at) => (
          <FiguresTable
            key={each}
            caption={t('st_fillOf', { size: each })}
            head={[t('st_hour'), ...weekdays.map(day => weekdayName(locale, day, 'short'))]}
            rows={hours.map(hour => [`${hour} h`, ...weekdays.map(day => weeks[at]![(day - 1) * 24 + hour] ?? '–')])}
          />
        ))}
      </details>
    </>
  )
}

export function Collect({ found: { collect } }: Props) {
  const speech = useSpeech()
  const { t, locale } = speech
  const { medianMs, p90Ms, parcels: n, spans } = collect
  if (medianMs === null || p90Ms === null) return <p>{t('st_nothing')}</p>
  const names = spans.map(({ fromHours, untilHours }) => spanName(speech, fromHours, untilHours))
  return (
    <>
      <p class="figure">
        <strong>{lasts(locale, medianMs / 3600_000)}</strong>{' '}
        {t('st_collectSays', { p90: lasts(locale, p90Ms / 3600_000), n })}
      </p>
      <Chart
        label={t('st_collectChart')}
        values={[spans.map(each => each.parcels)]}
        names={numbers(spans)}
        every={1}
        bars
      />
      <FiguresTable
        caption={t('st_collectChart')}
        head={[t('st_time'), t('st_parcels')]}
        rows={spans.map(({ parcels }, at) => [`${at + 1}. ${names[at]}`, parcels])}
      />
    </>
  )
}

export function Refused({ found: { refused: asked } }: Props) {
  const { t, locale } = useSpeech()
  const refused = asked.reduce((sum, each) => sum + each.refused, 0)
  const all = refused + asked.reduce((sum, each) => sum + each.given, 0)
  if (all === 0) return <p>{t('st_nothing')}</p>
  const { size } = asked.reduce((most, each) => (each.refused > most.refused ? each : most))
  return (
    <>
      <p class="figure">
        <strong>{percent(locale, refused / all)}</strong>{' '}
        {refused === 0 ? t('st_noneRefused') : t('st_refusedSays', { refused, all, size })}
      </p>
      <Chart
        label={t('st_refusedChart')}
        values={[asked.map(each => each.refused)]}
        names={[...sizes]}
        every={1}
        bars
      />
      <FiguresTable
        caption={t('st_refused')}
        head={[t('st_size'), t('st_given'), t('st_turnedAway')]}
        rows={asked.map(each => [each.size, each.given, each.refused])}
      />
    </>
  )
}

export function Ways({ found: { ways } }: Props) {
  const { t, of, locale } = useSpeech()
  const known = ways.filter(({ way }) => way !== 'unknown').reduce((sum, each) => sum + each.parcels, 0)
  const without = ways
    .filter(({ way }) => waysWithout.some(each => each === way))
    .reduce((sum, each) => sum + each.parcels, 0)
  if (known === 0) return <p>{t('st_nothing')}</p>
  const names = ways.map(({ way }) => of('way', way))
  return (
    <>
      <p class="figure">
        <strong>{percent(locale, without / known)}</strong> {t('st_waysSays', { without, known })}
      </p>
      <Chart label={t('st_waysChart')} values={[ways.map(each => each.parcels)]} names={numbers(ways)} every={1} bars />
      <FiguresTable
        caption={t('st_waysChart')}
        head={[t('st_way'), t('st_parcels')]}
        rows={ways.map(({ parcels }, at) => [`${at + 1}. ${names[at]}`, parcels])}
      />
    </>
  )
}

const mostBars = 10

export function Faults({ found: { doors, faults } }: Props) {
  const { t } = useSpeech()
  if (faults.length === 0) return <p class="figure">{t('st_noFaults')}</p>
  const rows = faults.map(each => ({
    name: `${each.controller} · ${each.name ?? t('door', { n: each.door })}`,
    counts: [each.jammed, each.forced, each.heldOpen],
    all: each.jammed + each.forced + each.heldOpen,
  }))
  const worst = rows[0]!
  const shown = rows.slice(0, mostBars)
  return (
    <>
      <p class="figure">
        <strong>{t('st_faultyOf', { faulty: doors.faulty, all: doors.all })}</strong>{' '}
        {t('st_faultsSays', { worst: worst.name, n: worst.all })}
      </p>
      <Chart
        {...{ label: t('st_faultsChart'), values: [shown.map(each => each.all)], every: 1, bars: true }}
        names={numbers(shown)}
      />
      <FiguresTable
        caption={t('st_faults')}
        head={[t('st_door'), t('st_jammed'), t('st_forced'), t('st_heldOpen')]}
        rows={rows.map(({ name, counts }, at) => [`${at + 1}. ${name}`, ...counts])}
      />
    </>
  )
}
