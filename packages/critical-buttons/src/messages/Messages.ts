import type { RequestProblem } from '@org/contracts/client'
import type { IdentityReason } from '@org/sync-core'

/** What a sentence may mention. */
export interface Words {
  /** Whom or what it is about, for example "Anna Kim". */
  subject?: string | undefined
  /** Label of the status to be set. */
  status?: string | undefined
  /** Rows meant, for bulk actions. */
  count?: number | undefined
  /** Of those, the rows that had it already; known once it is done. */
  unchanged?: number | undefined
  /** The status to be set is the last one: nobody can change it afterwards. */
  isFinal?: boolean | undefined
}

type Sentence = (words: Words) => string

/** The words of one action. All of them are plain sentences without a full stop. */
export interface ActionMessages {
  /** The button at rest: verb and object, "Confirm booking". */
  label: Sentence
  /** The button when it is done, "Confirmed". */
  done: Sentence
  /** "Sending SMS to Anna Kim" */
  pending: Sentence
  /** "Still sending" */
  stillPending: Sentence
  /** "SMS will be sent when you reconnect" */
  queued: Sentence
  /** "SMS sent to Anna Kim" */
  success: Sentence
  /** While the outcome is asked for. @default the common `checking` */
  checking?: Sentence
  /** "SMS not sent" */
  failed: Sentence
  /** What is wrong with what a person entered, naming the limit. @default the common `problem` */
  problem?: (problem: RequestProblem) => string | undefined
  /** Name of the record in a conflict: "Booking". */
  record: Sentence
  /** Tries again after a conflict, naming what for: "Mark as Qualified anyway". @default "Try again" */
  overrule?: Sentence
  /** The confirm dialog: title, text and the button that does it (verb and object, never "OK"). */
  confirmTitle: Sentence
  confirmMessage: Sentence
  confirmLabel: Sentence
}

/** The words that buttons share. */
export interface CommonMessages {
  /** BCP 47 tag, for numbers, plurals and times. */
  locale: string
  /** Sentences by action name; those of `default` are for all actions that say nothing else, before English. */
  actions: Readonly<Record<string, Partial<ActionMessages>>>
  /** Reasons by error code; a code without one shows the server's text. */
  errors: Readonly<Record<string, string>>
  /** What is wrong with a request that was not sent, naming the limit. @default the English sentence that comes with it */
  problem?: (problem: RequestProblem) => string
  /** Labels of lead statuses. */
  statuses: Readonly<Record<string, string>>
  smsStatuses: Readonly<Record<string, string>>

  /** "Attempt 2 of 3" */
  attempt: (attempt: number, maxAttempts: number) => string
  /** "You are offline" */
  offline: string
  /** "Waiting to be sent" */
  waiting: string
  /** Why it is not certain that the person is signed in, or nothing can be clicked: "It is not known right now whether you are signed in" */
  identity: Readonly<Record<IdentityReason | 'signed-out' | 'loading', string>>
  /** "It is sent as soon as that is known" */
  sentWhenKnown: string
  /** "It is sent as soon as you are signed in again" */
  signIn: string
  /** "Trying again in about 30 seconds" */
  tryingAgainIn: (ms: number) => string
  /** "Service is busy" */
  busy: string
  /** "Checking whether it went through" */
  checking: string
  /** An attempt may have reached the server: "It may have taken effect already" */
  mayBeDone: string
  /** After it, offline: "That is settled when you reconnect" */
  settledOnReconnect: string
  /** After it, online: "The server has not answered about it yet, and is asked again by itself" */
  noAnswer: string
  /** "Not saved. Booking was changed by Priya" */
  conflict: (record: string, by: string | undefined) => string
  /** Said after it to those who cannot see the record: "Review the change" */
  reviewChange: string
  /** "It now says Won" */
  conflictNow: (value: string) => string
  /** When both are known: "Not saved. You wanted Qualified. Ben set Contacted" */
  conflictValues: (wanted: string, by: string | undefined, now: string) => string
  /** "Outcome unknown. Look at the record before you try again" */
  unknown: string
  /** "40 of 120 updated, 2 failed" */
  bulkProgress: (processed: number, total: number, failed: number) => string
  /** "2 updated, 3 unchanged, 1 failed" */
  partial: (updated: number, failed: number, unchanged: number, cancelled?: number) => string
  /** It took effect, and that is all that is known: "Done, but the details of the answer could not be read" */
  unreadable: string
  /** "Try again is available" */
  tryAgainAvailable: string
  /** "Not kept on this device: closing this tab would lose it" */
  memoryOnly: string
  /** "Sent a moment ago, so it was not sent twice" */
  repeated: string
  /** "Ben sent it a moment ago, so it was not sent twice" */
  repeatedOf: (by: string) => string
  /** "Could not ask the server, so it was not cancelled" */
  cancelUnreachable: string
  /** The same of several parts: "Could not ask the server about all of it, so part of it goes on" */
  cancelInPart: string
  /** "Too late to cancel: it already took effect" */
  cancelTooLate: string
  /** "The server has taken it over, and stops it if that is still possible" */
  cancelTaken: string
  /** "It had ended before it could be cancelled" */
  cancelEnded: string
  cancelled: string
  /** "This changed while you were deciding. Please confirm again" */
  changedWhileOpen: string

  buttons: {
    tryAgain: string
    tryNow: string
    checkAgain: string
    /** "Retry 1 failed lead" */
    retryFailed: (count: number) => string
    sendAgain: string
    dismiss: string
    /** In a dialog whose record changed: takes note of the change. */
    reviewed: string
    undo: string
    cancel: string
    /** Leaves a dialog without doing it. */
    back: string
  }
}

/** The words of LeadStatusButton beside those of its action. */
export interface StatusMessages {
  /** Accessible name of the button and its menu: "Status of Anna Kim" */
  chooseStatus: (subject: string | undefined) => string
  /** "Ben set it to Lost" */
  changedTo: (value: string, by: string | undefined) => string
}

/** The words of LeadStatusBulkUpdateButton beside those of its action. */
export interface BulkMessages {
  /** "and 3 more" */
  more: (count: number) => string
}

/** The words of OfflineIndicator. */
export interface IndicatorMessages {
  /** "Offline, 2 actions waiting" */
  offline: (pending: number) => string
  /** "Sending 2 actions" */
  sending: (pending: number) => string
  /** "2 actions wait for their sign-in": of whoever clicked, who may not be the one who reads it */
  waitingForSignIn: (pending: number) => string
  /** "2 actions wait for the server" */
  waitingForServer: (pending: number) => string
  /** "1 action needs your attention" */
  attention: (count: number) => string
  backOnline: string
  /** Shown when nothing waits, with `alwaysShown`: "All sent" */
  allSent: string
  syncNow: string
}

/** The words of SmsHistory. */
export interface HistoryMessages {
  title: string
  empty: string
  loading: string
  failed: string
  /** "just now", "5 minutes ago" or a date. Both in epoch ms. */
  time: (at: number, now: number) => string
}

/**
 * Every word the components show or announce. Made by `createEnglishMessages`; pass your own
 * language, or parts of it, to the provider's `messages`.
 */
export interface Messages extends CommonMessages, StatusMessages, BulkMessages {
  actions: Record<'booking.confirm' | 'sms.send' | 'lead.updateStatus' | 'lead.bulkUpdateStatus' | 'default', ActionMessages>
  indicator: IndicatorMessages
  history: HistoryMessages
}

/** Parts of a catalogue. What is missing is English. */
export type PartialMessages = Partial<Omit<CommonMessages, 'buttons' | 'identity'> & StatusMessages & BulkMessages> & {
  identity?: Partial<CommonMessages['identity']>
  buttons?: Partial<CommonMessages['buttons']>
  indicator?: Partial<IndicatorMessages>
  history?: Partial<HistoryMessages>
}

/** Complete in what all buttons share; each component lays the rest over its own English. */
export type CatalogueInUse = CommonMessages & Omit<PartialMessages, keyof CommonMessages>
