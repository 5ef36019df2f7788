/** What is counted while the server runs; everything else is read when somebody asks. No label names a person or a secret. */
export type Metrics = {
  add(name: string, labels: Record<string, string>, by?: number): void
  /** seconds, counts or bytes, into the buckets that were declared with the name */
  observe(name: string, labels: Record<string, string>, value: number): void
  text(): string
}

type Declared = { help: string; buckets?: readonly number[] }
type Series = { labels: Record<string, string>; value: number; counts: number[]; sum: number }

/** Counters and histograms in the text format 0.0.4 of Prometheus. */
export function makeMetrics(declared: Record<string, Declared>): Metrics {
  const all = new Map(Object.keys(declared).map(name => [name, new Map<string, Series>()]))

  function seriesOf(name: string, labels: Record<string, string>): Series {
    const series = all.get(name)
    if (!series) throw new Error(`no metric is called ${name}`)
    const key = labelText(labels)
    const counts = Array.from(declared[name]!.buckets ?? [], () => 0)
    const found = series.get(key) ?? { labels, value: 0, counts, sum: 0 }
    series.set(key, found)
    return found
  }

  return {
    add(name, labels, by = 1) {
      seriesOf(name, labels).value += by
    },
    observe(name, labels, value) {
      const series = seriesOf(name, labels)
      series.value += 1
      series.sum += value
      for (const [at, most] of declared[name]!.buckets!.entries()) if (value <= most) series.counts[at]! += 1
    },
    text: () => [...all].map(([name, series]) => family(name, declared[name]!, [...series.values()])).join(''),
  }
}

function family(name: string, { help, buckets }: Declared, series: Series[]): string {
  const lines = series.flatMap(({ labels, value, counts, sum }) =>
    buckets
      ? [
          ...buckets.map((most, at) => sample(`${name}_bucket`, { ...labels, le: String(most) }, counts[at]!)),
          sample(`${name}_bucket`, { ...labels, le: '+Inf' }, value),
          sample(`${name}_sum`, labels, sum),
          sample(`${name}_count`, labels, value),
        ]
      : [sample(name, labels, value)],
  )
  return described({ name, type: buckets ? 'histogram' : 'counter', help }, lines)
}

/** A value as it is now. */
export const gauge = (name: string, help: string, values: [labels: Record<string, string>, value: number][]): string =>
  described(
    { name, type: 'gauge', help },
    values.map(([labels, value]) => sample(name, labels, value)),
  )

const described = ({ name, type, help }: Record<'name' | 'type' | 'help', string>, lines: string[]): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`

const sample = (name: string, labels: Record<string, string>, value: number): string =>
  `${name}${labelText(labels)} ${value}\n`

function labelText(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/["\\\n]/g, found => (found === '\n' ? '\\n' : `\\${found}`))}"`,
  )
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
