/** What decides when the change log is read next. */
export interface ScheduleFacts {
  /** True when some table gets no changes pushed. */
  polling: boolean
  /** True when something is expected in the log that the last catch-up did not show yet. */
  expecting: boolean
  visible: boolean
  online: boolean
  /** Failed catch-ups in a row. */
  failures: number
}

const POLL_VISIBLE_MS = 2_500
const POLL_HIDDEN_MS = 30_000
const EXPECTING_MS = 2_000
const ANTI_ENTROPY_MS = 30_000
const PROBE_MS = 30_000
const MAX_BACKOFF_MS = 60_000

const TURN_MS = { visible: { from: 100, spread: 1_900 }, hidden: { from: 2_000, spread: 8_000 } }

/**
 * Milliseconds until a client reads the log after all clients were told something at once. Pure.
 *
 * - visible: 0.1–2 s, the first tenth because a hint may be ahead of what its transaction shows to others
 * - hidden: 2–10 s; a page that comes to the front reads at once anyway
 * @param uniform chance in [0, 1)
 */
export function turnDelay(isVisible: boolean, uniform: number): number {
  const { from, spread } = isVisible ? TURN_MS.visible : TURN_MS.hidden
  return from + spread * uniform
}

/**
 * Milliseconds until the next catch-up. Pure.
 *
 * - after failures: 1 s doubled each time up to a minute, half of it jitter, so that clients do not return together
 * - offline: every 30 s, because the platform's word on being offline is only a hint
 * - polled tables, and those whose changes do not flow yet: 2.5–5 s while visible, 30–60 s while hidden
 * - something is missing in the log (an open transaction, a push that the log does not show): 2–4 s
 * - live: 30–60 s, because pushed changes may be lost silently
 * @param uniform chance in [0, 1)
 */
export function nextCatchUpDelay(facts: ScheduleFacts, uniform: number): number {
  const jittered = (ms: number) => ms * (1 + uniform)
  if (!facts.online) return jittered(PROBE_MS)
  if (facts.failures > 0) return jittered(Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** Math.min(facts.failures, 6)) / 2)
  if (facts.polling) return jittered(facts.visible ? POLL_VISIBLE_MS : POLL_HIDDEN_MS)
  return jittered(facts.expecting ? EXPECTING_MS : ANTI_ENTROPY_MS)
}
