import type { KnownTwilioCode } from './TwilioError.js'

/** Twilio's own test numbers: sending to one of them is always refused with its code. */
export const REFUSED_TO: Readonly<Record<string, KnownTwilioCode>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
}

/** Twilio's own test numbers: sending from one of them is always refused with its code. */
export const REFUSED_FROM: Readonly<Record<string, KnownTwilioCode>> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
}

/** How the way of an accepted message ends when it is not `delivered`. */
export interface Ending {
  status: 'undelivered' | 'failed'
  errorCode: number
}

/** Numbers of the simulator's own: accepted like any other, and then not delivered. */
export const ENDS_BADLY: Readonly<Record<string, Ending>> = {
  /** Unreachable handset. */
  '+15005550030': { status: 'undelivered', errorCode: 30003 },
  /** Unknown error: the phone may have it. */
  '+15005550038': { status: 'undelivered', errorCode: 30008 },
  /** Queue overflow before it left. */
  '+15005550031': { status: 'failed', errorCode: 30001 },
}
