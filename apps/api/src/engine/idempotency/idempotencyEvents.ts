import type { IdempotencyStore } from './IdempotencyStore.js'
import type { KeyRefusal } from './refusals.js'

/** What became of a request. `joined`: it waited for the first one and got its answer. */
export type ArrivalOutcome = 'new' | 'replayed' | 'joined' | 'in-progress' | 'reused' | 'unknown' | 'no-key' | 'store-away' | 'store-full'

/** What the middleware tells about itself. Whatever a listener throws changes nothing and becomes a process warning. */
export interface IdempotencyEvents {
  /** Each request that was looked at. */
  onArrival?: (outcome: ArrivalOutcome) => void
  /** Each failed verb of the store. @default a process warning, once a verb */
  onStoreError?: (verb: keyof IdempotencyStore, error: unknown) => void
}

/** What a refusal is called there. */
export function arrivalOutcome({ code }: KeyRefusal): ArrivalOutcome {
  switch (code) {
    case 'IDEMPOTENCY_IN_PROGRESS':
      return 'in-progress'
    case 'IDEMPOTENCY_KEY_REUSED':
      return 'reused'
    case 'OUTCOME_UNKNOWN':
      return 'unknown'
    case 'OVERLOADED':
      return 'store-full'
    default:
      return 'store-away'
  }
}

/** Calls a listener that may throw, or reject, without harm to the request. */
export function tell<Args extends unknown[]>(listener: ((...args: Args) => unknown) | undefined, ...args: Args): void {
  if (listener === undefined) return
  try {
    const said = listener(...args)
    if (said instanceof Promise) said.catch(warn)
  } catch (error) {
    warn(error)
  }
}

function warn(error: unknown): void {
  process.emitWarning(`A listener given to idempotency() failed: ${String(error)}`, 'IdempotencyWarning')
}

/** For whoever listens to nothing: each verb's first failure. */
export function warnOfStore(): (verb: keyof IdempotencyStore, error: unknown) => void {
  const told = new Set<string>()
  return (verb, error) => {
    if (told.has(verb)) return
    told.add(verb)
    process.emitWarning(`The store of idempotency() failed at ${verb}: ${String(error)}`, 'IdempotencyWarning')
  }
}
