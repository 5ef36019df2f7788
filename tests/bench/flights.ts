import type { Figures } from './benchmark.ts'

/** What the server commits together, from its own /metrics; asked before and after, so that it costs nothing meanwhile. */
export async function watchFlights(url: string): Promise<() => Promise<Figures>> {
  const before = await read(url)
  return async () => {
    const after = await read(url)
    const count = after.flights - before.flights
    return {
      'messages per flight': (after.messages - before.messages) / count,
      'ms per flight': ((after.seconds - before.seconds) / count) * 1_000,
    }
  }
}

async function read(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const numberOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    flights: numberOf('doors_flight_seconds_count'),
    messages: numberOf('doors_flight_messages_sum'),
    seconds: numberOf('doors_flight_seconds_sum'),
  }
}
