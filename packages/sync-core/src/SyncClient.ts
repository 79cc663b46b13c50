import type { AnyAction, BaseRow, ClientErrorCode, CodeOf, ErrorCode, RequestOf, RequestProblem, ResponseOf } from '@org/contracts/client'
import type { IdentityReason } from './identity/IdentityState.js'
import type { RealtimeSyncService } from './realtime/RealtimeSyncService.js'

/**
 * Where a mutation stands, for the person who clicked. `confirming` and the short-lived display of
 * `success` belong to the button; everything here is shared by all components, tabs and reloads.
 */
export type MutationPhase =
  | 'running'
  | 'retrying'
  | 'queued'
  | 'circuit-open'
  | 'checking'
  | 'success'
  | 'partial'
  | 'conflict'
  | 'error'
  | 'unknown'

/** Why an attempt or a mutation failed. `code` is the API's, or one of the client's own. */
export interface MutationError<Code extends string = ErrorCode | ClientErrorCode | (string & {})> {
  code: Code
  /** For people: what happened and what to do. */
  message: string
  /** HTTP status; absent when there was no answer. */
  status?: number
  /** True when the queue goes on by itself. */
  willRetry: boolean
  /** Of INVALID_REQUEST: which field breaks which rule. `message` says it in English. */
  problem?: RequestProblem
  /** The server's current row of a VERSION_CONFLICT or an already-done refusal, when it sent one. */
  row?: BaseRow
  /** Bulk only. */
  updated?: number
  failed?: number
  /** Had it already. */
  unchanged?: number
  /** Taken back before they were sent. */
  cancelled?: number
  failures?: readonly { leadId: string; code: string }[]
}

/**
 * Why a mutation of `A` failed: comparing with a code that neither the action nor a client can give does not compile. Codes
 * are open all the same: a newer server may answer with one that nobody here knows.
 */
export type ErrorOf<A extends AnyAction> = MutationError<CodeOf<A> | ClientErrorCode | `HTTP_${number}`>

/** Rows processed so far, those that were taken back not among them; for a single mutation 0 or 1 of 1. */
export interface MutationProgress {
  processed: number
  total: number
  failed: number
}

/** A mutation as components see it. A new object only when something in it changed. */
export interface MutationView<Response = unknown> {
  /** The idempotency key. */
  readonly id: string
  readonly actionName: string
  readonly request: unknown
  readonly lanes: readonly string[]
  readonly phase: MutationPhase
  /** Attempts begun, from 0. */
  readonly attempt: number
  /** Of those, the attempts that came to nothing. */
  readonly failures: number
  /** Attempts shown as "n of m"; after them the phase is `queued` and the background goes on. */
  readonly maxAttempts: number
  /** Epoch ms of the next attempt, when one is planned. */
  readonly nextRetryAt: number | null
  /** Epoch ms: an attempt that begins later is refused, as the click is too old by then. */
  readonly expiresAt: number
  /** Epoch ms of the click. */
  readonly submittedAt: number
  /**
   * What keeps anything from being sent now, if something does: `network`, or why it is uncertain who is signed in. Of
   * what is settled it says nothing.
   */
  readonly waitsFor: 'network' | IdentityReason | undefined
  /** True when an attempt may have reached the server without a recorded outcome. */
  readonly ambiguous: boolean
  /** Phase `checking`: the server has taken it over and has certainly not tried it yet. */
  readonly untried: boolean
  /** `memory`: storage refused, so closing the tab would lose it. */
  readonly durability: 'disk' | 'memory'
  /** True when it was submitted by this tab (since its last load). */
  readonly ownTab: boolean
  readonly progress: MutationProgress
  /** Phase `success`: it took effect, and the answer that says how could not be read, so that `data` is undefined. */
  readonly unreadable: boolean
  readonly data: Response | undefined
  readonly error: MutationError | undefined
  /** True for `success partial conflict error unknown`: nothing more happens by itself. */
  readonly settled: boolean
}

export interface SubmitOptions {
  /** Lowers the action's ttl, never raises it. Milliseconds > 0. */
  expiresAfterMs?: number | undefined
  /** Attempts shown as "n of m". Integer ≥ 1. @default 5 */
  maxAttempts?: number | undefined
  /** The version of the row the person saw at the click, for actions with `expectedVersion`. */
  seenVersion?: number | undefined
  /**
   * The person means it once more: a new mutation even within the action's `duplicateWindowMs` after the
   * same one succeeded. A pending one is still joined. @default false
   */
  again?: boolean | undefined
}

/** What the tab that owns a mutation is told, each at most once in a mutation's life. */
export interface MutationCallbacks<Response = unknown, Failure = MutationError> {
  /** Not called where the answer could not be read (`unreadable`): there is nothing to hand over. */
  onSuccess?: (data: Response, mutation: MutationView<Response>) => void
  /** Final, except that entering `circuit-open` calls it once with `willRetry: true`. */
  onError?: (error: Failure, mutation: MutationView<Response>) => void
  onSettled?: (mutation: MutationView<Response>) => void
}

export interface Submitted<Response> {
  /** The idempotency key: of the new mutation, or of the pending one this click joined. */
  readonly id: string
  /** Resolves when the mutation is settled, or as last known (`settled: false`) when its user signs out or the client is destroyed; never rejects. */
  readonly settled: Promise<MutationView<Response>>
}

export type { IdentityReason }

/**
 * Who is signed in, as far as this client knows. `loading`: nobody is known yet, or a page that was put aside is back and it is
 * asked who looks at it now. `remembered`: clicks are taken for this user and sent once it is known
 * that it is still this one. `confirmed`: it is; with a reason, nothing is sent all the same.
 */
export type Identity =
  | { state: 'loading'; reason?: IdentityReason }
  | { state: 'signed-out'; reason?: 'token-refused' }
  | { state: 'remembered'; actor: string; tenant: string; reason?: IdentityReason }
  | { state: 'confirmed'; actor: string; tenant: string; reason?: IdentityReason }

/** What became of a user's clicks by signing out. */
export interface SignedOutResult {
  /** Clicks given up of which nobody here knows whether they took effect. Always 0 unless `mode` is `discard`. */
  unknownFate: number
}

/** A row as components see it: base row with the pending mutations folded in. */
export interface RowView {
  /** The folded row, with provisional fields applied. */
  readonly row: BaseRow
  /** The last row the server sent; undefined when only an overlay is known. */
  readonly base: BaseRow | undefined
  /** Keys of the pending mutations folded in, in order. */
  readonly pendingIds: readonly string[]
}

/** One unfinished mutation, as `getOfflineQueue()` lists it. */
export interface QueuedMutation {
  id: string
  action: string
  request: unknown
  state: 'queued' | 'sending' | 'waiting' | 'blocked' | 'unknown' | 'dead'
  attempts: number
  createdAt: number
  nextAttemptAt: number | null
  ambiguous: boolean
  lastError: { code: string; message: string; at: number } | null
  durability: 'disk' | 'memory'
}

export interface ConnectivityView {
  /** As far as is known: what the platform says, until an answer of the server shows otherwise. */
  online: boolean
  /** Unfinished mutations of this user in this browser. */
  pendingCount: number
  /** None of them is on its way for the first time: all were tried in vain, or the server or a proxy asked to wait. */
  waitsForServer: boolean
  /** Dead letters and unknown ones: waiting for a person. */
  attentionCount: number
  /** Unsent clicks of people who are not signed in now, while nobody is. Nothing more is known of them until they sign in. */
  waitingForSignIn: number
  durability: 'disk' | 'memory'
}

/**
 * The one object components talk to. Every `get…` returns a value that keeps its identity until
 * something in it changed, so that it fits React's `useSyncExternalStore`.
 */
export interface SyncClient {
  /**
   * Records the click and returns at once; storing and sending follow. Joins the pending mutation when
   * the last unfinished one in each lane has the same action and request.
   * @throws {SyncError} INVALID_REQUEST when the request breaks the action's schema, NOT_SIGNED_IN before
   *   the first answer about who is signed in, QUEUE_FULL when the queue holds its maximum
   */
  submit<A extends AnyAction>(
    action: A,
    request: RequestOf<A>,
    options?: SubmitOptions,
    callbacks?: MutationCallbacks<ResponseOf<A>, ErrorOf<A>>,
  ): Submitted<ResponseOf<A>>

  /**
   * Makes an action known before its first click, so that clicks of it which an earlier page load stored are shown and sent.
   * A button does so once it is mounted; built-in ones are known without.
   */
  learn?(action: AnyAction): void

  /** For pictures of a page: a success stays on its button until it is dismissed, instead of two seconds. @default false */
  keepsSuccess?: boolean

  getIdentity(): Identity
  subscribeIdentity(listener: () => void): () => void

  getMutation(id: string): MutationView | undefined
  /** The newest mutation in `lane` that is unfinished, or settled and not dismissed; undefined when there is none. */
  getLatestInLane(lane: string, actionName: string): MutationView | undefined
  /** Calls `listener` when a mutation in `lane` changed. */
  subscribeLane(lane: string, listener: () => void): () => void
  subscribeMutation(id: string, listener: () => void): () => void
  /**
   * Offers callbacks for a mutation whose tab may be gone: they are called only if no other tab was told,
   * so still at most once in the mutation's life. Returns a synchronous, idempotent withdrawal; undefined when this client
   * has callbacks for it already: the ending is told once a page, not once a button.
   */
  adopt?(id: string, callbacks: MutationCallbacks): (() => void) | undefined
  /** Forgets a settled mutation's display. */
  dismiss(id: string): void
  /**
   * Cancels: at once when never attempted, else by asking the server. Resolves to what stands.
   * `unreachable`: the server could not be asked; the mutation stays as it was.
   */
  cancel(id: string): Promise<'cancelled' | 'already-done' | 'unreachable'>
  /**
   * Tries now what waits, or starts over what failed (a new key after a recorded rejection).
   * @returns the id of what is tried; undefined where nothing can be
   * @throws {SyncError} when there is no room to start over; then it stands as it did
   */
  retry(id: string): string | undefined

  getRow(table: string, id: string): RowView | undefined
  subscribeRow(table: string, id: string, listener: () => void): () => void
  /** All known rows of a table; a new array only when the set or a row changed. */
  getRows(table: string): readonly RowView[]
  subscribeTable(table: string, listener: () => void): () => void
  /** Hands full rows that the host loaded by itself to the store; lower versions are ignored. */
  ingest(table: string, rows: readonly unknown[]): void

  readonly realtime: RealtimeSyncService

  getQueue(): readonly QueuedMutation[]
  getConnectivity(): ConnectivityView
  /** Calls `listener` when the queue or connectivity changed. */
  subscribeQueue(listener: () => void): () => void
  /** Tries everything that is due now; resolves when each has had its attempt. */
  syncQueue(): Promise<void>
  /** Dead letters: try again, or give up (asks the server first when it may have been carried out). */
  discard(id: string): Promise<'cancelled' | 'already-done' | 'unreachable'>

  /** Fetches `path` with this client's base URL and access token; for reads. */
  read(path: string, init?: { signal?: AbortSignal }): Promise<{ status: number; body: unknown }>

  /**
   * Signs the present user out in all tabs: nothing of theirs is sent or shown any more, and what is settled is deleted
   * at once. `keep` leaves the clicks that still have to go out for their next sign-in; `flush` tries to send them
   * first; `discard` takes them back, asking the server about each that may have arrived, and deletes everything.
   * @param options.timeoutMs bounds `flush` and `discard`. @default 10_000
   */
  signOut(options?: { mode?: 'flush' | 'keep' | 'discard'; timeoutMs?: number }): Promise<SignedOutResult>
  /** Asks again who is signed in; call it after signing in or switching users. */
  refreshIdentity(): Promise<Identity>
  /** Closes connections, timers and listeners. Stored mutations stay stored. */
  destroy(): void
}
