import { type ButtonPhase, isActivePhase } from './phase.js'
import { SPINNER_AFTER_MS, SPINNER_AT_LEAST_MS, SUCCESS_SHOWN_MS } from './timing.js'

type Timer = ReturnType<typeof setTimeout>

export interface ShownPhaseOptions {
  /** It caught up, later than it was told. */
  onChange: () => void
  /** A success has been seen long enough. */
  onEnd: () => void
}

/**
 * The phase a person sees, which lags behind the true one: no spinner for quick answers, no flicker of one that is shown,
 * and a success goes by itself. `idle` means: nothing to show yet.
 */
export class ShownPhase {
  readonly #options: ShownPhaseOptions
  #value: ButtonPhase | undefined
  #goal: ButtonPhase | undefined
  #spinningSince: number | null = null
  #catchingUp: Timer | undefined
  #ending: Timer | undefined

  constructor(options: ShownPhaseOptions) {
    this.#options = options
  }

  /** What is seen of `phase`: what it has come to, and before it was followed what a page shows at first. */
  of(phase: ButtonPhase): ButtonPhase {
    return this.#value ?? firstOf(phase)
  }

  /**
   * Goes towards `phase`, at once where nothing speaks against it.
   * @param stays a success of which there is more to say
   */
  follow(phase: ButtonPhase, stays: boolean): void {
    if (phase !== this.#goal) this.#turnTo(phase)
    if (stays || this.#value !== 'success' || phase !== 'success') {
      clearTimeout(this.#ending)
      this.#ending = undefined
    } else this.#ending ??= setTimeout(this.#options.onEnd, SUCCESS_SHOWN_MS)
  }

  stop(): void {
    clearTimeout(this.#catchingUp)
    clearTimeout(this.#ending)
    this.#goal = undefined
    this.#ending = undefined
  }

  #turnTo(phase: ButtonPhase): void {
    this.#goal = phase
    this.#value ??= firstOf(phase)
    clearTimeout(this.#catchingUp)
    const active = isActivePhase(phase)
    const show = () => {
      this.#spinningSince = active ? (this.#spinningSince ?? Date.now()) : null
      this.#value = phase
    }
    const waitMs = showsAfterMs(active, this.#spinningSince)
    if (waitMs <= 0) show()
    else {
      this.#catchingUp = setTimeout(() => {
        show()
        this.#options.onChange()
      }, waitMs)
    }
  }
}

/** For `MutationController`. */
export function lagAsShown(options: ShownPhaseOptions): ShownPhase {
  return new ShownPhase(options)
}

function firstOf(phase: ButtonPhase): ButtonPhase {
  return isActivePhase(phase) ? 'idle' : phase
}

/** `since`: when the spinner began to show, in epoch ms; null while none does. */
function showsAfterMs(active: boolean, since: number | null): number {
  if (active) return since === null ? SPINNER_AFTER_MS : 0
  // However the clock steps meanwhile.
  return since === null ? 0 : Math.min(since + SPINNER_AT_LEAST_MS - Date.now(), SPINNER_AT_LEAST_MS)
}
