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

const WHAT_TO_DO: Record<IdentityReason, string> = {
  'token-unavailable':
    'getAccessToken failed, so it is not known who is signed in and nothing is sent; it is asked again every few seconds. See to the error it throws, and let it answer within 20 s.',
  'token-refused':
    'There is no access token, or the API refused it, so nothing is sent. Let getAccessToken return null only when it knows that nobody is signed in, and throw while it does not know; when it does return a token, compare its issuer, audience and end with what the API expects.',
  'api-unreachable':
    'Nobody answers who is signed in, so nothing is sent; it is asked again every few seconds. Check apiUrl, whether the API is up, and whether CORS_ORIGINS names this page.',
  'api-misconfigured':
    'What answered who is signed in is not the API, or has no such route, so nothing is sent. Check apiUrl and what stands between, or pass getIdentity for an API without GET /api/session.',
  'actor-differs':
    'The API says that a click was made by another user than the one its session or token names, so nothing is sent until both agree. Call refreshIdentity() whenever somebody signs in, out, or as someone else.',
}

/** Tells each cause once. */
export class IdentityTrouble {
  readonly #tell: (error: IdentityError) => void
  readonly #told = new Set<IdentityReason>()

  constructor(tell: (error: IdentityError) => void) {
    this.#tell = tell
  }

  note({ after: { reason, tries, user }, event }: IdentityChange): void {
    if (reason === null || this.#told.has(reason)) return
    // Whoever is not signed in at all is in no trouble.
    if (reason === 'token-refused' && user === null) return
    if (reason === 'api-unreachable' && tries < UNREACHABLE_TRIES) return
    this.#told.add(reason)
    const detail = event.type === 'answered' && event.answer.kind === 'unsure' ? event.answer.detail : undefined
    this.#tell({ reason, message: detail === undefined ? WHAT_TO_DO[reason] : `${WHAT_TO_DO[reason]} ${detail}` })
  }
}
