import { useEffect, useState } from 'preact/hooks'

const minuteMs = 60_000

/** ms since 1970, told anew every minute: what is said in days and hours goes on while nothing happens. */
export function useMinute(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs)
    return () => clearInterval(timer)
  }, [])
  return now
}
