import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { Problem } from '../problem.tsx'
import { useSend } from '../send.ts'
import { columnsOf } from '../wall/places.ts'
import { DrawnBank } from './drawn-bank.tsx'
import { standingTwice } from './new-door.ts'

type Place = Pick<WallDoor, 'size' | 'height' | 'column' | 'row'>
type Props = { of: WallController; doors: WallDoor[]; leave: () => void }

const sizes = ['S', 'M', 'L', 'XL'] as const
const heights = ['low', 'normal', 'high'] as const
const numbers = ['column', 'row'] as const

/** Where each box of a bank stands, how large it is and how high: as it is seen from before it. */
export function PlacesForm({ of: bank, doors, leave }: Props) {
  const { t } = useSpeech()
  const { send, busy, problem } = useSend()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const [changes, setChanges] = useState<Record<number, Partial<Place>>>({})
  const boxes = doors.filter(({ kind }) => kind === 'compartment').map(each => ({ ...each, ...changes[each.door] }))
  const twice = standingTwice(boxes)
  const change = (door: number, place: Partial<Place>) =>
    setChanges(before => ({ ...before, [door]: { ...before[door], ...place } }))

  function asDrawn() {
    for (const [column, { doors: inside }] of columnsOf(boxes).entries())
      for (const [row, { door }] of inside.entries()) change(door.door, { column: column + 1, row: row + 1 })
  }
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const placed = Object.entries(changes).map(([door, place]) => ({ door: Number(door), ...place }))
    if (placed.length === 0 || (await send(`/api/controllers/${bank.id}/places`, { doors: placed }))) leave()
  }

  return (
    <form class="panel places-form" onSubmit={submit}>
      <h2 ref={heading} tabIndex={-1}>
        {t('ct_placesOf', { bank: bank.name })}
      </h2>
      <p>{t('ct_placesHint')}</p>
      <div class="places">
        <div class="places-table-box">
          <table class="places-table">
            <thead>
              <tr>
                {(['ct_door', 'ct_size', 'ct_height', 'ct_column', 'ct_row'] as const).map(word => (
                  <th key={word} scope="col">
                    {t(word)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {boxes.map(box => (
                <Row key={box.door} box={box} change={place => change(box.door, place)} />
              ))}
            </tbody>
          </table>
        </div>
        <DrawnBank doors={boxes.map(({ name, ...box }) => (name === null ? box : { ...box, name }))} />
      </div>
      <p role="status">{twice.length > 0 && t('ct_twice', { doors: twice.join(', ') })}</p>
      <Problem reason={problem} />
      <p class="buttons">
        <button type="submit" class="main" aria-busy={busy} disabled={twice.length > 0}>
          {t('ct_placesDo')}
        </button>
        <button type="button" onClick={asDrawn}>
          {t('ct_asDrawn')}
        </button>
        <button type="button" onClick={leave}>
          {t('close')}
        </button>
      </p>
    </form>
  )
}

function Row({ box, change }: { box: WallDoor; change: (place: Partial<Place>) => void }) {
  const { t, of } = useSpeech()
  const label = (what: 'ct_size' | 'ct_height' | 'ct_column' | 'ct_row') =>
    t('ct_ofDoor', { what: t(what), n: box.door })
  return (
    <tr>
      <th scope="row">
        {box.door} {box.name && <bdi>{box.name}</bdi>}
      </th>
      <td>
        <select
          aria-label={label('ct_size')}
          value={box.size ?? ''}
          onChange={event => change({ size: event.currentTarget.value as Place['size'] })}
        >
          {sizes.map(size => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </td>
      <td>
        <select
          aria-label={label('ct_height')}
          value={box.height}
          onChange={event => change({ height: event.currentTarget.value as Place['height'] })}
        >
          {heights.map(height => (
            <option key={height} value={height}>
              {of('ct_value', height)}
            </option>
          ))}
        </select>
      </td>
      {numbers.map(member => (
        <td key={member}>
          <input
            type="number"
            min={1}
            max={500}
            aria-label={label(`ct_${member}`)}
            value={box[member] ?? ''}
            // both or neither
            required={box.column !== null || box.row !== null}
            onInput={event => change({ [member]: event.currentTarget.valueAsNumber || null })}
          />
        </td>
      ))}
    </tr>
  )
}
