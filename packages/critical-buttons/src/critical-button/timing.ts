/** How long things take on screen, in milliseconds. */
export const TIMING = {
  /** Quick answers show no spinner at all. */
  spinnerAfterMs: 250,
  /** One that is shown does not flicker. */
  spinnerAtLeastMs: 400,
  /** Pending is announced only when it takes a while. */
  pendingAnnouncedAfterMs: 1_000,
  retryAnnouncedEveryMs: 5_000,
  /** Focus comes back first; a screen reader would drop what is said before. */
  successAnnouncedAfterMs: 150,
  successShownMs: 2_000,
} as const
