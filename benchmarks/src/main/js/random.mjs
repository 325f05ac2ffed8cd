// Random numbers that are the same at each run (the generator "mulberry32").

export const randomFrom = seed => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    /** In [0, 1). */
    real: next,
    /** In [0, below). */
    int: below => Math.floor(next() * below),
    /** An id as Yjs gives one to each session. */
    clientId: () => Math.floor(next() * 4294967296),
    chance: probability => next() < probability,
    pick: list => list[Math.floor(next() * list.length)]
  }
}
