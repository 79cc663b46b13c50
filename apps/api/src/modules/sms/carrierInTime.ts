import type { SmsCarrier } from './SmsCarrier.js'

/** Longest a call to the carrier may take: below the route's 10 s and the lease's 15 s. */
export const CALL_TIMEOUT_MS = 7_000

/** The call took longer than it may. Whether the carrier accepted the message is not known. */
export class CarrierTimeout extends Error {
  override readonly name = 'CarrierTimeout'
  /** What logs and the row say about it. */
  readonly code = 'TIMEOUT'
}

/**
 * The same carrier, of which every call ends: one that never does would keep its place among those at work, the turn of a
 * background task, and the stop of the process. What throws at once rejects.
 */
export function carrierInTime(carrier: SmsCarrier, limitMs: number = CALL_TIMEOUT_MS): SmsCarrier {
  return {
    send: (message) => within(limitMs, async () => carrier.send(message)),
    listTo: (to, since) => within(limitMs, async () => carrier.listTo(to, since)),
    lookUp: (sid) => within(limitMs, async () => carrier.lookUp(sid)),
  }
}

function within<T>(limitMs: number, call: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CarrierTimeout(`The carrier did not answer within ${limitMs} ms`)), limitMs)
    call()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
