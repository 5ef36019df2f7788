export type Buckets = {
  /** false = empty, nothing taken */
  take(key: string): boolean
  hasSome(key: string): boolean
  give(key: string): void
  size(): number
}
type Bucket = { tokens: number; at: number }
type Size = { atOnce: number; perSecond: number; keep: number; now: () => number }

/**
 * Token buckets by key: `atOnce` are there at first, `perSecond` come back. At most `keep` are remembered (`now` in ms);
 * beyond it the one not touched for the longest is forgotten, that is, full again.
 */
export function makeBuckets({ atOnce, perSecond, keep, now }: Size): Buckets {
  const buckets = new Map<string, Bucket>()

  function filled(key: string): Bucket {
    const at = now()
    const old = buckets.get(key)
    const tokens = old ? Math.min(atOnce, old.tokens + ((at - old.at) / 1000) * perSecond) : atOnce
    return { tokens, at }
  }

  function keepIt(key: string, bucket: Bucket): void {
    // put at the end: a Map goes in the order of insertion
    buckets.delete(key)
    if (bucket.tokens >= atOnce) return
    buckets.set(key, bucket)
    if (buckets.size > keep) buckets.delete(buckets.keys().next().value!)
  }

  return {
    take(key) {
      const bucket = filled(key)
      const enough = bucket.tokens >= 1
      if (enough) bucket.tokens -= 1
      keepIt(key, bucket)
      return enough
    },
    hasSome: key => filled(key).tokens >= 1,
    give(key) {
      const bucket = filled(key)
      bucket.tokens += 1
      keepIt(key, bucket)
    },
    size: () => buckets.size,
  }
}
