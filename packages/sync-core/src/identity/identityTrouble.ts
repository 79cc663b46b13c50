import type { IdentityChange } from './IdentityEvent.js'
import type { IdentityReason } from './IdentityState.js'

/** Why it cannot be known who is signed in, for whoever builds the page. */
export interface IdentityError {
  reason: IdentityReason
  /** What happened, why it matters and what to do. No token, no user. */
  message: string
}

/** A server that starts up, or a train in a tunnel, is nobody's mistake. */
const UNREACHABLE_TRIES = 5

/** Tells each cause once. */
export class IdentityTrouble {
  readonly #tell: (reason: IdentityReason, detail: string | undefined) => void
  readonly #told = new Set<IdentityReason>()

  /** @param tell given what was seen of it, too */
  constructor(tell: (reason: IdentityReason, detail: string | undefined) => void) {
    this.#tell = tell
  }

  note({ after: { reason, tries, user }, event }: IdentityChange): void {
    if (reason === null || this.#told.has(reason)) return
    // Whoever is not signed in at all is in no trouble.
    if (reason === 'token-refused' && user === null) return
    if (reason === 'api-unreachable' && tries < UNREACHABLE_TRIES) return
    this.#told.add(reason)
    this.#tell(reason, event.type === 'answered' && event.answer.kind === 'unsure' ? event.answer.detail : undefined)
  }
}
