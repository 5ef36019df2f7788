import { useEffect, useState } from 'preact/hooks'

let known: number | undefined
const hearers = new Set<(needs: number | undefined) => void>()

/** How many things of the site need somebody; undefined while that is not known for certain. */
export function tellNeeds(needs: number | undefined): void {
  known = needs
  for (const hear of hearers) hear(needs)
}

/** Beside the page, which is not drawn anew for it: what somebody is typing there would be put back. */
export function useNeeds(): number | undefined {
  const [needs, setNeeds] = useState(known)
  useEffect(() => {
    setNeeds(known)
    hearers.add(setNeeds)
    return () => void hearers.delete(setNeeds)
  }, [])
  return needs
}
