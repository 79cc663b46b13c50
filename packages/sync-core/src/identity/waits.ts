/** A signed-out page asks on, so that signing in elsewhere is seen. */
export const SIGNED_OUT_WAIT_MS = 30_000
/** Ten minutes of it. */
export const SIGNED_OUT_TRIES = 20
/** A cookie session that is refused so often has ended. */
export const COOKIE_TRIES = 3
/** Questions at 0, 1, 3 and 6 seconds found no token; the one at ten seconds is the last. */
export const TOKENLESS_TRIES = 4

/** After the n-th refusal of a cookie session. Milliseconds. */
export function cookieWaitMs(tries: number): number {
  return tries * 1_000
}

/** After the n-th time without a token: asked at 1, 3, 6 and 10 s. Milliseconds. */
export function tokenlessWaitMs(tries: number): number {
  return tries > TOKENLESS_TRIES ? 10_000 : tries * 1_000
}

/** After the n-th time that the token function failed: it is asked every few seconds, as a person waits for it. Milliseconds. */
export function tokenWaitMs(tries: number): number {
  return Math.min(1_000 * 2 ** (tries - 1), 5_000)
}

/** So long a user whom the session names again waits for something to be tried with. */
export const PROBE_MS = 30_000

const QUICK_TRIES = 15

/** After the n-th question without an answer: at most 2 s for half a minute, since a page is useless meanwhile; then ever less often. Milliseconds. */
export function unansweredWaitMs(tries: number): number {
  if (tries <= QUICK_TRIES) return Math.min(500 * 2 ** (tries - 1), 2_000)
  return Math.min(2_000 * 2 ** Math.min(tries - QUICK_TRIES, 4), 30_000)
}

/** After the n-th refusal of a mutation of a user whom the session still names. Milliseconds. */
export function doubtWaitMs(doubts: number): number {
  return Math.min(1_000 * 2 ** Math.min(doubts - 1, 5), 30_000)
}
