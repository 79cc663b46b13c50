/** Paths of everything that is not an action. */
export * as PATHS from './pathsOf.js'
