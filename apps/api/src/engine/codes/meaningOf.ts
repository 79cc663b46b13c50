import { ERROR_CODES, type ErrorCodeEntry, isErrorCode } from '@org/contracts'

/** What an action declares beside the common codes, by code. */
export type OwnCodes = Readonly<Record<string, ErrorCodeEntry | undefined>>

/** A code and what it means on the wire. */
export interface Meaning extends ErrorCodeEntry {
  code: string
}

const LONGEST = 64

/**
 * What a code means: for everybody, else for the action that declares it. One that nobody declared is an answer all the
 * same: it says no for good, and names itself. The same rule as `sync.meaning_of`.
 */
export function meaningOf(code: unknown, own: OwnCodes = {}): Meaning {
  const name = (typeof code === 'string' ? [...code.trim()].slice(0, LONGEST).join('') : '') || 'EFFECT_REFUSED'
  if (isErrorCode(name)) return { code: name, ...ERROR_CODES[name] }
  const entry = Object.hasOwn(own, name) ? own[name] : undefined
  return { code: name, ...(entry ?? { status: 422, retryable: false, text: `This was refused (${name}).` }) }
}
