// How long things are seen, in milliseconds.

/** Quick answers show no spinner at all. */
export const SPINNER_AFTER_MS = 250
/** One that is shown does not flicker. */
export const SPINNER_AT_LEAST_MS = 400
export const SUCCESS_SHOWN_MS = 2_000
