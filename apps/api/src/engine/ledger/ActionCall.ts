import type { ErrorCode, IdempotencyKey } from '@org/contracts'
import type { OwnCodes } from '../codes/meaningOf.js'

/** Who is calling, as the verified token says. */
export interface Caller {
  /** The token's `sub`. */
  actor: string
  /** The organisation: the token's tenant claim. */
  tenant: string
  /** What `request.jwt.claims` says inside an effect, for a team's row-level security. @default the setting is left alone */
  claims?: Readonly<Record<string, unknown>>
}

/** One request to run an action once, as it enters the database. */
export interface ActionCall<Request = unknown> {
  caller: Caller
  actionName: string
  /** Refusals that the action declares beside the common ones. @default none */
  errorCodes?: OwnCodes
  /** Null only for actions whose key is optional: last writer wins, nothing is recorded. */
  key: IdempotencyKey | null
  /** `v1:` + SHA-256 over action, params and the canonical body as received. */
  fingerprint: string
  request: Request
  /** Milliseconds between click and sending by the client's own clock; below 0 counts as 0; null when not told. */
  ageMs: number | null
  /** Client clock at the click, epoch ms; null when not told. Older than the retention is OUTCOME_UNKNOWN. */
  createdAtMs: number | null
  /** The smaller of the action's ttl and `Mutation-Expires-After`. */
  ttlMs: number
}

/**
 * What the ledger transaction answered. `body` is the exact text to send: the bytes of a replay
 * are the bytes of the first answer.
 */
export interface ActionAnswer {
  status: number
  body: string
  /** True when an earlier arrival of the same key gave this answer. */
  replayed: boolean
  /** True when the ledger holds this answer (then it also may enter the replay cache). */
  recorded: boolean
  retryAfterMs: number | null
  /** The row this answer is computed from until it is final (its id); null for everything else. */
  ref: string | null
  /** True when the stored fingerprint is of a version this code does not know: it counted as a match; log it. */
  fingerprintUnknown: boolean
  /** Which rule of the database refused the effect, for the log alone; null for everything else. */
  reason: string | null
}

/**
 * Why a new execution is refused right now (breaker open, quota used up). The ledger is asked first:
 * a key it knows gets its own answer all the same, and a refused call writes nothing.
 */
export interface Refusal {
  code: ErrorCode
  retryAfterMs: number
}

/** Does work that needs a connection once it is its turn; see `FairShare`. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

export interface ActionOptions {
  /** @default at once */
  inTurn?: InTurn
  /** Set to refuse everything the ledger does not know yet. */
  refusal?: Refusal | null
}
