import type { IdentityReason } from '../identity/IdentityState.js'
import type { Detail, DiagnosticCode } from '../ports/Telemetry.js'

/*
 * What diagnostics say to whoever builds a page: what happened, why it matters and what to do. A page loads this with the
 * first one that it has to tell.
 */

/** Of STORAGE_REFUSED: what could not be done. */
export type StorageTrouble = 'left' | 'queue' | 'left-behind' | 'click'

const STORAGE: Readonly<Record<StorageTrouble, string>> = {
  left: "The browser storage failed, so clicks are kept in this tab's memory until it works again.",
  queue: 'The offline queue could not be read or written. Nothing is lost: it is tried again, and a mutation keeps its key.',
  'left-behind': 'What a user left behind could not be deleted from this browser; it is when they sign out the next time.',
  click: 'A click could be kept neither on disk nor in memory.',
}

const IDENTITY: Readonly<Record<IdentityReason, string>> = {
  'token-unavailable':
    'getAccessToken failed, so it is not known who is signed in and nothing is sent; it is asked again every few seconds. See to the error it throws, and let it answer within 20 s.',
  'token-refused':
    'There is no access token, or the API refused it, so nothing is sent. Let getAccessToken return null only when it knows that nobody is signed in, and throw while it does not know; when it does return a token, compare its issuer, audience and end with what the API expects.',
  'api-unreachable':
    'Nobody answers who is signed in, so nothing is sent; it is asked again every few seconds. Check apiUrl, whether the API is up, and whether CORS_ORIGINS names this page.',
  'api-misconfigured':
    'What answered who is signed in is not the API, or has no such route, so nothing is sent. Check that configureCriticalButtons or the provider was given the right apiUrl, and what stands between, or pass getIdentity for an API without GET /api/session.',
  'actor-differs':
    'The API says that a click was made by another user than the one its session or token names, so nothing is sent until both agree. Call refreshIdentity() whenever somebody signs in, out, or as someone else.',
}

const TEXTS: Readonly<Record<string, (detail: Detail) => string>> = {
  STORAGE_REFUSED: ({ what }) => STORAGE[what as StorageTrouble],
  STORAGE_FULL: () => STORAGE.left,
  STORAGE_BACK: () => 'The browser storage works again, and what was kept in memory is stored.',
  STORAGE_LOST: () => "The browser's storage was emptied while clicks were waiting in it. This tab still knew them and stored them again.",
  ENTRY_UNREADABLE: ({ reason }) =>
    reason === undefined ? 'What the offline queue keeps about itself was damaged; it was counted anew.' : unreadable(reason),
  ENTRY_NEWER: ({ reason }) => unreadable(reason),
  UNKNOWN_ACTION: ({ action }) =>
    `A stored mutation waits for the action "${action}", which this page does not know. Pass it in createSyncClient({ actions }).`,
  CALLBACK_THREW: ({ action, asked }) =>
    asked === undefined
      ? 'A callback threw; the mutation itself is not affected.'
      : `"${asked}" of the action "${action}" threw, so it counts as having said nothing. The click itself goes on.`,
  LISTENER_THREW: () => 'A listener threw; the others were still told.',
  IDENTITY_UNAVAILABLE: ({ reason }) => `${IDENTITY[reason as IdentityReason]} More in the documentation: guide/troubleshooting#${reason}.`,
  ANSWER_INVALID: ({ action }) =>
    `An answer to "${action}" lacks what its responseSchema asks for, so it counts as none. It is asked for again, and counts as done once the ledger says so. Let the API answer as the contract says.`,
  ECHO_MISSING: () =>
    'A click took effect, and its answer came without the header Idempotency-Key, so it could not be told from a page of something between. Let gateways pass that header, and expose it by CORS.',
  TAKE_OVER: () => 'A tab ended while it was sending; its mutations are sent from here with their keys.',
  ROW_MALFORMED: ({ table }) => `A row of "${table}" has no id or no version and was left out. Load full rows.`,
  CHUNK_MISSING: () =>
    'The code that keeps rows up to date could not be loaded, so they change with answers alone until the page is loaded anew. Clicks are not affected. Look whether the chunk is deployed and allowed.',
  TAB_MESSAGE_REFUSED: ({ room }) =>
    `A page of this origin said something on the channel of "${room}" that no tab of this user says; it was ignored.`,
}

/** @param detail of the diagnostic; `error` says what was thrown */
export function explain(code: DiagnosticCode, detail: Detail): string {
  const text = TEXTS[code]?.(detail) ?? code
  return detail.error === undefined ? text : `${text} ${detail.error}`
}

function unreadable(reason: unknown): string {
  return `An entry of the offline queue cannot be read: ${reason}. It is kept as it is.`
}
