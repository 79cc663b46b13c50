import type { ErrorCode } from './errorCodes.js'

/**
 * What a browser must be able to say by itself: the codes that only a client gives, and refusals it knows without a body.
 * Every other refusal brings its own text with the answer.
 */
export const CLIENT_TEXTS = {
  OFFLINE: 'The server cannot be reached right now.',
  TIMEOUT: 'The server did not answer in time. It is safe to try again.',
  NO_ECHO: 'Something between you and the server answered instead of it. It will be tried again.',
  ANSWER_INVALID: 'The server answered, but not in a way this page understands. It will be asked again.',
  QUEUE_FULL: 'Too many unsent actions are waiting on this device, so this one was not taken. Go online and try again.',
  NOT_SIGNED_IN: 'You are not signed in, so nothing was sent. Sign in and try again.',
  INVALID_REQUEST: 'The request does not match the action, so nothing was sent.',
  TOKEN_UNAVAILABLE:
    'It is not known right now whether you are signed in. That is asked again every few seconds, and this is sent by itself as soon as it is known.',
  CANCELLED: 'This was cancelled before it took effect. Nothing was changed.',
  PARTIAL: 'Some of it was not carried out.',
  UNAUTHENTICATED: 'You are not signed in, or your session has ended. Sign in and try again.',
  ACTOR_MISMATCH: 'This was clicked by another user than the one signed in now, so it was not sent. Sign in as that user to go on.',
  ACTION_ABANDONED: 'This click was cancelled before it took effect. Nothing was changed.',
  OUTCOME_UNKNOWN: 'Nobody recorded whether this took effect. Look at the record before you try again.',
} as const satisfies Readonly<Record<string, string>>

/** A code that no server gives. */
export type ClientErrorCode = Exclude<keyof typeof CLIENT_TEXTS, ErrorCode>

/** The client's own words for a code; undefined when only a server has some. */
export function clientText(code: string): string | undefined {
  return Object.hasOwn(CLIENT_TEXTS, code) ? CLIENT_TEXTS[code as keyof typeof CLIENT_TEXTS] : undefined
}
