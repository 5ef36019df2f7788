import type { FileRow, ResidentsPreview } from '../../../schema/api/residents.ts'
import { useSpeech } from '../i18n/words.ts'

const separatorWords = { ';': 'semicolon', ',': 'comma', '\t': 'tab' } as const

/** What of a file is understood how: the columns, how many rows would do what, and the rows. */
export function FilePreview({ of: { separator, columns, counts, rows } }: { of: ResidentsPreview }) {
  const { t, count } = useSpeech()
  const used = columns.filter(({ field }) => field !== null)
  const unused = columns.filter(({ heading, field }) => field === null && heading !== '')
  return (
    <>
      <p>
        {t(`re_separator_${separatorWords[separator]}`)}{' '}
        {used.map(({ heading, field }, at) => (
          <span key={at} class="tag">
            <bdi>{heading}</bdi> → {t(`re_field_${field!}`)}
          </span>
        ))}
      </p>
      {unused.length > 0 && (
        <p class="about">
          {t('re_unused')} <bdi>{unused.map(({ heading }) => heading).join(', ')}</bdi>
        </p>
      )}
      <p role="status">
        <strong>{count('re_new', counts.new)}</strong>
        {counts.there > 0 && ` · ${count('re_there', counts.there)}`}
        {counts.twice > 0 && ` · ${count('re_twice', counts.twice)}`}
        {counts.wrong > 0 && ` · ${count('re_wrong', counts.wrong)}`}
      </p>
      {rows.length < counts.rows && <p class="about">{t('re_shown', { shown: rows.length, rows: counts.rows })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (axe scrollable-region-focusable) */}
      <section class="sheet" aria-label={t('re_rows')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('re_row')}</th>
              <th scope="col">{t('re_what')}</th>
              <th scope="col">{t('re_field_flat')}</th>
              <th scope="col">{t('re_field_name')}</th>
              <th scope="col">{t('re_field_tellBy')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <Row key={row.row} row={row} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

const shapes = { new: '+', there: '=', twice: '=', wrong: '✖' } as const

function Row({ row }: { row: FileRow }) {
  const { t, of } = useSpeech()
  const { is, flat, name, email, phone, tellBy, needsLowDoor, problems, sameAs } = row
  return (
    <tr class={`row-${is}`}>
      <th scope="row">{row.row}</th>
      <td>
        <span aria-hidden="true">{shapes[is]}</span>{' '}
        {is === 'wrong'
          ? problems.map(({ field, reason, value }, at) => (
              <p key={at} class="problem">
                {field && `${t(`re_field_${field}`)} : `}
                {of('re_problem', reason)} {value !== '' && <bdi>« {value} »</bdi>}
              </p>
            ))
          : t(`re_is_${is}`, { row: sameAs ?? '' })}
      </td>
      <td>
        <bdi>{flat}</bdi>
      </td>
      <td>
        <bdi>{name}</bdi>
        {needsLowDoor && ` · ${t('re_field_needsLowDoor')}`}
      </td>
      <td>
        {tellBy.map(way => t(`me_tell_${way}`)).join(', ')}
        <small>
          {[email, phone].filter(Boolean).map(each => (
            <bdi key={each}> {each}</bdi>
          ))}
        </small>
      </td>
    </tr>
  )
}
