import { createFormatter } from '../messages/format.js'
import type { CommonMessages } from '../messages/Messages.js'

/**
 * English for everything a button shows that is not about one action.
 * @param locale for numbers, plurals and times. BCP 47.
 */
export function createCommonWords(locale: string): CommonMessages {
  const { number, plural, duration } = createFormatter(locale)
  return {
    locale,
    actions: {},
    errors: {},
    statuses: {},
    smsStatuses: {},
    attempt: (attempt, maxAttempts) => `Attempt ${number(attempt)} of ${number(maxAttempts)}`,
    offline: 'You are offline',
    waiting: 'Waiting to be sent',
    identity: {
      loading: 'One moment, it is being looked up who is signed in',
      'signed-out': 'You are not signed in',
      'token-unavailable': 'It is not known right now whether you are signed in',
      'token-refused': 'You are not signed in, or your session has ended',
      'api-unreachable': 'The server cannot be reached right now',
      'api-misconfigured': 'Something else answers in place of the server',
      'actor-differs': 'Someone else may be signed in here now',
    },
    sentWhenKnown: 'It is sent as soon as that is known',
    signIn: 'It is sent as soon as you are signed in again',
    tryingAgainIn: (ms) => `Trying again in about ${duration(ms)}`,
    busy: 'Service is busy',
    checking: 'Checking whether it went through',
    mayBeDone: 'It may have taken effect already',
    settledOnReconnect: 'That is settled when you reconnect',
    noAnswer: 'The server has not answered about it yet, and is asked again by itself',
    unreadable: 'Done, but the details of the answer could not be read',
    conflict: (record, by = 'someone else') => `Not saved. ${record} was changed by ${by}`,
    reviewChange: 'Review the change',
    conflictNow: (value) => `It now says ${value}`,
    conflictValues: (wanted, by = 'Someone else', now) => `Not saved. You wanted ${wanted}. ${by} set ${now}`,
    unknown: 'Outcome unknown. Look at the record before you try again',
    bulkProgress: (processed, total, failed) =>
      `${number(processed - failed)} of ${number(total)} updated${failed > 0 ? `, ${number(failed)} failed` : ''}`,
    partial: (updated, failed, unchanged, cancelled = 0) =>
      [
        `${number(updated)} updated`,
        unchanged > 0 && `${number(unchanged)} unchanged`,
        (failed > 0 || cancelled === 0) && `${number(failed)} failed`,
        cancelled > 0 && `${number(cancelled)} cancelled in time`,
      ]
        .filter(Boolean)
        .join(', '),
    tryAgainAvailable: 'Try again is available',
    memoryOnly: 'Not kept on this device: closing this tab would lose it',
    repeated: 'Sent a moment ago, so it was not sent twice',
    repeatedOf: (by) => `${by} sent it a moment ago, so it was not sent twice`,
    cancelUnreachable: 'Could not ask the server, so it was not cancelled',
    cancelInPart: 'Could not ask the server about all of it, so part of it goes on',
    cancelTooLate: 'Too late to cancel: it already took effect',
    cancelTaken: 'The server has taken it over, and stops it if that is still possible',
    cancelEnded: 'It had ended before it could be cancelled',
    cancelled: 'Cancelled',
    changedWhileOpen: 'This changed while you were deciding. Please confirm again',
    buttons: {
      tryAgain: 'Try again',
      tryNow: 'Try now',
      checkAgain: 'Check again',
      retryFailed: (count) => `Retry ${number(count)} failed ${plural(count, { one: 'lead', other: 'leads' })}`,
      sendAgain: 'Send again',
      dismiss: 'Dismiss',
      reviewed: 'I have seen the change',
      undo: 'Undo',
      cancel: 'Cancel',
      back: 'Cancel',
    },
  }
}

/** Shared by everything that has no other catalogue. */
export const commonWords: CommonMessages = createCommonWords('en')
