import { useEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'

export type Drawing = {
  label: string
  /** one row of values a line, or one alone for bars; null: nothing is known */
  values: (number | null)[][]
  /** what stands below: the name of every so many */
  names: string[]
  every: number
  bars?: boolean
  /** the top of the scale, when it is not the highest value */
  most?: number
}

const height = 220
/** dashes as the names beside it have them: colour alone tells nobody apart */
const dashes = [[], [9, 5], [2, 4], [14, 4, 3, 4]]

/** A picture only: the table beside it says the same. Drawn anew when it is wider or the colours change. */
export function Chart(drawing: Drawing) {
  const place = useRef<HTMLDivElement>(null)
  const said = JSON.stringify(drawing)
  useEffect(() => {
    const at = place.current!
    let chart: UPlot | undefined
    const draw = () => {
      chart?.destroy()
      chart = new UPlot(optionsOf(drawing, at), [drawing.values[0]!.map((_, x) => x), ...drawing.values], at)
    }
    draw()
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    const watch = new ResizeObserver(() => chart?.setSize({ width: at.clientWidth, height }))
    watch.observe(at)
    return () => {
      watch.disconnect()
      dark.removeEventListener('change', draw)
      chart?.destroy()
    }
  }, [said])
  return <div class="chart" role="img" aria-label={drawing.label} ref={place} />
}

function optionsOf({ values, names, every, bars, most }: Drawing, at: HTMLElement): UPlot.Options {
  const [ink, line] = [colourOf(at, '--ink'), colourOf(at, '--line')]
  const axis = { stroke: ink, ticks: { stroke: line, width: 1 }, font: '13px system-ui, sans-serif' }
  const last = names.length - 1
  const top = most ?? Math.max(1, ...values.flat().map(each => each ?? 0))
  return {
    ...{ width: at.clientWidth, height, legend: { show: false }, cursor: { show: false } },
    scales: { x: { time: false, range: bars ? [-0.6, last + 0.6] : [0, last] }, y: { range: [0, top] } },
    axes: [
      {
        ...{ ...axis, grid: { show: !bars, stroke: line, width: 0.5 }, incrs: [1, 2, 4].map(n => n * every) },
        ...{ space: bars ? 15 : 45, values: (_, splits) => splits.map(x => names[x] ?? '') },
      },
      {
        ...axis,
        grid: { stroke: line, width: 0.5 },
        incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000, 20000],
      },
    ],
    series: [
      {},
      ...values.map((_, at_) => {
        const colour = colourOf(at, `--chart-${at_ + 1}`)
        if (bars)
          return {
            stroke: colour,
            fill: colour,
            paths: UPlot.paths.bars!({ size: [0.6, 70] }),
            points: { show: false },
          }
        return { stroke: colour, width: 2, dash: dashes[at_]!, points: { show: false } }
      }),
    ],
  }
}

/** A canvas knows no custom properties. */
function colourOf(at: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  at.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
