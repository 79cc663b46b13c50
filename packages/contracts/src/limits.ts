/** Bounds that client and server both enforce. Durations in milliseconds, sizes in bytes. */
export * as LIMITS from './limitValues.js'
