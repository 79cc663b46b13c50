import { isKnownTwilioCode, TWILIO_REFUSALS, type TwilioRefusal } from './TwilioError.js'
import { decideHit, type Hit, resolveTwilioFaults, type TwilioFaults, type TwilioFaultsInput } from './twilioFaults.js'

/** The fault plan in force: asked once by every call, counting down `times`. */
export class FaultSwitch {
  readonly #random: () => number
  #plan = resolveTwilioFaults()
  #calls = 0

  constructor(random: () => number) {
    this.#random = random
  }

  get plan(): TwilioFaults {
    return this.#plan
  }

  /** Calls that asked so far. */
  get calls(): number {
    return this.#calls
  }

  set(input?: TwilioFaultsInput): void {
    this.#plan = resolveTwilioFaults(input)
  }

  /** What this call meets. */
  next(call: 'create' | 'read'): Hit {
    this.#calls += 1
    const { hit, plan } = decideHit(this.#plan, call, this.#random())
    this.#plan = plan
    return hit
  }

  /** Whether this status callback gets lost. */
  losesCallback(): boolean {
    return this.#plan.lostCallbacks > 0 && this.#random() < this.#plan.lostCallbacks
  }

  /** What mode `error` answers. */
  refusal(): TwilioRefusal {
    const { status, code } = this.#plan
    return { status, code, message: isKnownTwilioCode(code) ? TWILIO_REFUSALS[code].message : 'The request was refused' }
  }
}
