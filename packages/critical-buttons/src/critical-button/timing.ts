// How long things take on screen, in milliseconds.

/** Quick answers show no spinner at all. */
export const SPINNER_AFTER_MS = 250
/** One that is shown does not flicker. */
export const SPINNER_AT_LEAST_MS = 400
/** Pending is announced only when it takes a while. */
export const PENDING_ANNOUNCED_AFTER_MS = 1_000
export const RETRY_ANNOUNCED_EVERY_MS = 5_000
/** Focus comes back first; a screen reader would drop what is said before. */
export const SUCCESS_ANNOUNCED_AFTER_MS = 150
export const SUCCESS_SHOWN_MS = 2_000
