// When things are said, in milliseconds.

/** Pending is announced only when it takes a while. */
export const PENDING_ANNOUNCED_AFTER_MS = 1_000
export const RETRY_ANNOUNCED_EVERY_MS = 5_000
/** Focus comes back first; a screen reader would drop what is said before. */
export const SUCCESS_ANNOUNCED_AFTER_MS = 150
