import type { Random } from '../ports/Random.js'

/** Chance that repeats: the same seed gives the same keys and the same jitter. */
export function fakeRandom(seed = 1): Random {
  let state = seed >>> 0 || 1
  // xorshift32: enough for tests, never for real keys.
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  return {
    uniform: () => next() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}
