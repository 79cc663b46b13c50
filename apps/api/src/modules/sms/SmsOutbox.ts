import type { SmsState } from '@org/contracts'
import type { ListedSms, SmsFate } from './SmsCarrier.js'

/** An SMS this process may send now: `sending` is already committed. */
export interface ClaimedSms {
  id: string
  tenant: string
  to: string
  message: string
  /** Counted from 1; the callback URL carries it. */
  attempt: number
  /** Proof of ownership; every later verb names it and does nothing when it is no longer the owner. */
  leaseToken: string
  /** What is left until the click's deadline, for Twilio's `validityPeriod`. Whole seconds, ≥ 5. */
  validitySeconds: number
  /** The click's place in a trace; null: it was not traced. */
  traceparent: string | null
}

/** An SMS of which nobody knows whether Twilio accepted it, due for one more listing. */
export interface IndeterminateSms {
  id: string
  to: string
  message: string
  attempt: number
  leaseToken: string
  /** When the attempt began; listings start there. */
  attemptedAt: Date
  /** Counted from 1. */
  listing: number
}

/** An SMS the carrier has, of which nobody has told how it ended. */
export interface UnreportedSms {
  id: string
  sid: string
}

/** What follows a listing that did not have the message. `lost`: the lease was. */
export type ListingEnd = 'nothing-yet' | 'send-once-more' | 'cancelled' | 'left-to-person' | 'lost'

/** What a report of the carrier changed; `second-sid`: two sids for one attempt, which must raise an alert. */
export type StatusResult = 'applied' | 'ignored' | 'unknown' | 'second-sid'

/** One leased attempt. */
export interface SmsLease {
  id: string
  attempt: number
  leaseToken: string
}

/**
 * The SMS rows as the dispatcher sees them. Each verb is one statement in one transaction and
 * returns false when the lease was lost (then the caller must not go on).
 */
export interface SmsOutbox {
  /**
   * Claims due `pending` rows with `for update skip locked`: writes `sending`, attempt + 1 and the lease,
   * after checking opt-out, deadline (below 5 s left: `expired`) and cancellation under the number's lock.
   */
  claimDue(options: { leaseMs: number; limit: number }): Promise<ClaimedSms[]>
  /** Claims one given row if it is due; null when it is not or someone else has it. */
  claimOne(id: string, options: { leaseMs: number }): Promise<ClaimedSms | null>
  markAccepted(lease: SmsLease, accepted: { sid: string }): Promise<boolean>
  markFailed(lease: SmsLease, failure: { errorCode: number | null; reason: string; optedOut: boolean }): Promise<boolean>
  /** Back to `pending`: Twilio certainly did not take it. */
  postpone(lease: SmsLease, options: { retryAfterMs: number; reason: string }): Promise<boolean>
  markIndeterminate(lease: SmsLease, options: { reason: string }): Promise<boolean>
  /** `sending` rows whose lease ran out become `indeterminate`; returns how many. */
  expireLeases(): Promise<number>
  /** Indeterminate rows due for a listing (20 s, 60 s and 5 min after the attempt). */
  claimIndeterminate(options: { leaseMs: number; limit: number }): Promise<IndeterminateSms[]>
  /** The carrier's list has it: takes sid, status and error code over at once, so that nobody is told "sent" of what was not. */
  takeListed(lease: SmsLease, listed: Pick<ListedSms, 'sid' | 'status' | 'errorCode'>): Promise<StatusResult>
  /**
   * The listing did not have it. After the last one: one more send if the deadline allows and nothing else to that number is
   * unclaimed (`others`), or a person decides.
   */
  endListing(lease: SmsLease, options: { others: boolean }): Promise<ListingEnd>
  /**
   * True when a listed message is certainly not this SMS: another row has its sid, or another row to this number whose fate
   * is unknown too has exactly its text.
   */
  isAnothers(sms: Pick<IndeterminateSms, 'id' | 'to'>, listed: Pick<ListedSms, 'sid' | 'body'>): Promise<boolean>
  /** Rows the carrier took and whose end nobody has told, due to be asked for (1, 5, 30 min after, then hourly for a day). */
  claimUnreported(options: { leaseMs: number; limit: number }): Promise<UnreportedSms[]>
  /** Takes over what the carrier says of it, forward only; null: it does not know it. It is asked for later unless it has ended. */
  takeLookedUp(sms: UnreportedSms, fate: SmsFate | null): Promise<StatusResult>
  /**
   * Applies a signed status callback. Forward only; a later status recovers the sid of an
   * indeterminate row.
   */
  applyStatus(callback: { id: string; attempt: number; sid: string; status: string; errorCode: number | null }): Promise<StatusResult>
  /** Records STOP (true) or START (false) of a number. */
  setOptOut(phone: string, optedOut: boolean): Promise<void>
  stateOf(id: string): Promise<SmsState | null>
}
