import { isSameRequest } from './fingerprint.js'
import type { Claim, Found, Outcome, StoredAnswer } from './IdempotencyStore.js'
import { KEY_REUSED, type KeyRefusal, NEVER_ANSWERED, notKept, UNREADABLE_RECORD } from './refusals.js'

/** What a duplicate is told. */
export type Ending = { kind: 'replay'; answer: StoredAnswer } | { kind: 'refuse'; refusal: KeyRefusal }

/** What follows for a request that claimed its key. */
export type Verdict =
  /** The key is its own: into the handler. */
  | { kind: 'run' }
  /** It holds the key already, by an earlier idempotency() on its way. */
  | { kind: 'pass' }
  /** Another request is at work. */
  | { kind: 'wait' }
  | Ending

const RUN: Verdict = { kind: 'run' }

export const refuse = (refusal: KeyRefusal): Ending => ({ kind: 'refuse', refusal })

/** Decides by what stands in the store. The handler is entered for a key that nobody ever held, and for no other. Pure. */
export function judgeFound(found: Found, claim: Claim): Verdict {
  if (found.kind === 'new') return RUN
  if (found.kind === 'damaged') return refuse(UNREADABLE_RECORD)
  if (found.kind === 'pending' && found.owner === claim.owner) return { kind: 'pass' }
  if (!isSameRequest(found.fingerprint, claim.fingerprint)) return refuse(KEY_REUSED)
  if (found.kind !== 'pending') return endingOf(found)
  return found.isAlive ? { kind: 'wait' } : refuse(NEVER_ANSWERED)
}

/** What duplicates of a request are told once it ended. Pure. */
export function endingOf(outcome: Outcome): Ending {
  return outcome.kind === 'answered' ? { kind: 'replay', answer: outcome.answer } : refuse(notKept(outcome.status))
}
