/** What one look found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  about: string
  /** `not known`: it could not be found out here, which is neither good nor bad. */
  is: 'good' | 'wrong' | 'not known' | 'left out'
  /** What was found. */
  text: string
  /** What to do about it; null where nothing is to be done. */
  todo: string | null
}

export const good = (about: string, text: string): Finding => ({ about, is: 'good', text, todo: null })
export const wrong = (about: string, text: string, todo: string): Finding => ({ about, is: 'wrong', text, todo })
export const notKnown = (about: string, text: string, todo: string): Finding => ({ about, is: 'not known', text, todo })
export const leftOut = (about: string, text: string): Finding => ({ about, is: 'left out', text, todo: null })

/** Longest any look takes, in milliseconds. */
export const LONGEST_LOOK_MS = 5_000

/** Why something could not be reached, in the words of whoever tried: a system's code, or the kind of error. Never a value. */
export function reasonOf(error: unknown): string {
  const { name, code, cause } = (error ?? {}) as { name?: string; code?: unknown; cause?: unknown }
  const deeper = cause === undefined || cause === null ? null : reasonOf(cause)
  if (deeper !== null && deeper !== 'Error') return deeper
  if (typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)) return code
  return name === 'TimeoutError' ? `no answer within ${LONGEST_LOOK_MS / 1_000} s` : (name ?? 'unknown')
}
