import type { Outcome } from '../retry/classifyOutcome.js'

export interface SignInGateOptions {
  /** Gets another token than the refused one; true when there is one. */
  refresh: () => Promise<boolean>
  onOpen: () => void
  /** A refreshed token was refused as well, or there is none. */
  onSignInNeeded: () => void
}

/** Closed while the server does not know who is asking: one refreshed token is tried, then a person has to sign in. */
export class SignInGate {
  readonly #options: SignInGateOptions
  #state: 'open' | 'renewing' | 'needed' = 'open'
  #hasRenewed = false

  constructor(options: SignInGateOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get needsSignIn(): boolean {
    return this.#state === 'needed'
  }

  /** What the server made of the present token. */
  note(outcome: Outcome): void {
    if (outcome.kind === 'unauthenticated') void this.#renew()
    else if (outcome.kind !== 'transport') this.#hasRenewed = false
  }

  open(): void {
    this.#state = 'open'
    this.#hasRenewed = false
    this.#options.onOpen()
  }

  close(): void {
    this.#state = 'needed'
    this.#options.onSignInNeeded()
  }

  async #renew(): Promise<void> {
    if (this.#state !== 'open') return
    if (this.#hasRenewed) return this.close()
    this.#state = 'renewing'
    const isRenewed = await this.#options.refresh().catch(() => false)
    if (!isRenewed) return this.close()
    this.#hasRenewed = true
    this.#state = 'open'
    this.#options.onOpen()
  }
}
