import { useSpeech } from '../i18n/words.ts'

type Props = { caption: string; head: string[]; rows: (string | number)[][] }

/** Reached by the keyboard too: it may be wider than the screen. */
export function FiguresTable({ caption, head, rows }: Props) {
  const { locale } = useSpeech()
  return (
    // biome-ignore lint/a11y: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <div class="figures-table" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map(each => (
              <th key={each} scope="col">
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              {cells.map((each, at) => (
                <td key={head[at + 1]}>{each.toLocaleString(locale)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
