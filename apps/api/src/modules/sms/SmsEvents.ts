import type { SmsVerdict } from './judgeCarrierAnswer.js'
import type { ListingEnd } from './SmsOutbox.js'

/** How a look into the carrier's list ended. */
export type ReconcileOutcome = 'found' | ListingEnd

/** What asking for one message brought: something new, nothing new, that the carrier does not know it, or no answer. */
export type LookUpOutcome = 'news' | 'no-news' | 'not-known' | 'failed'

/** What the sending of SMS tells logs and metrics. Never a number or a text. */
export interface SmsEvents {
  onVerdict?: (id: string, verdict: SmsVerdict) => void
  /** An SMS was accepted and costs this many segments. */
  onSegments?: (segments: number) => void
  /** The process slept or the database was slow: the call was not made. */
  onLeaseTooShort?: (id: string) => void
  /** The outcome could not be written by its owner any more; the row has become, or will become, indeterminate. */
  onLeaseLost?: (id: string, verdict: SmsVerdict) => void
  /** Two carrier ids for one attempt: the phone may have got the SMS twice. */
  onSecondSid?: (id: string) => void
  /** The carrier's list could not be read; the row comes again. `reason` is a short word for it. */
  onListingFailed?: (id: string, reason: string) => void
  onReconciled?: (id: string, outcome: ReconcileOutcome) => void
  /** An SMS without a final status was asked for. `reason`: why there was no answer, in a short word. */
  onLookedUp?: (id: string, outcome: LookUpOutcome, reason?: string) => void
  onTaskError?: (task: string, error: unknown) => void
}
