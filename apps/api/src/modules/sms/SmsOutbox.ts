import type { SmsState } from '@org/contracts'
import type { ListedSms } from './SmsCarrier.js'

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
  /** 1, 2 or 3. After the third, one more send is allowed if nothing to that number is unclaimed. */
  listing: number
}

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
  /** The listing found nothing: schedule the next one, or leave it to a person after the last. */
  listingFoundNothing(lease: SmsLease): Promise<boolean>
  /** The last listing found nothing to that number: back to `pending` for one more send, if the deadline allows. */
  allowResend(lease: SmsLease): Promise<boolean>
  /** True when a row already owns this sid. */
  isSidClaimed(sid: string): Promise<boolean>
  /**
   * Applies a signed status callback. Forward only; a later status recovers the sid of an
   * indeterminate row.
   */
  applyStatus(callback: { id: string; attempt: number; sid: string; status: string; errorCode: number | null }): Promise<StatusResult>
  /** Records STOP (true) or START (false) of a number. */
  setOptOut(phone: string, optedOut: boolean): Promise<void>
  stateOf(id: string): Promise<SmsState | null>
}
