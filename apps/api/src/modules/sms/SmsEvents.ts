import type { SmsVerdict } from './judgeCarrierAnswer.js'

/** How a look into the carrier's list ended. */
export type ReconcileOutcome = 'found' | 'nothing-yet' | 'send-once-more' | 'left-to-person'

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
  onTaskError?: (task: string, error: unknown) => void
}
