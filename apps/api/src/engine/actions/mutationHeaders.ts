import { HEADERS, type IdempotencyKey, parseIdempotencyKey } from '@org/contracts'
import type { Request } from 'express'
import { Refusal } from '../http/Refusal.js'

/** What a request says about the click it carries. */
export interface MutationHeaders {
  /** Null when absent, or when `refusal` says that it is none. An empty header is none, never "absent": its sender counts on it. */
  key: IdempotencyKey | null
  /** Client clock at the click, epoch ms. */
  createdAtMs: number | null
  /** Time between click and sending by the client's one clock; below 0 counts as 0. */
  ageMs: number | null
  expiresAfterMs: number | null
  /** The client says that it sends this key for the first time. Only a hint. */
  isFirstAttempt: boolean
  /** Who clicked. */
  actor: string | null
  /** What is wrong with these headers; null when nothing is. */
  refusal: Refusal | null
}

/** Reads the `Idempotency-Key` and `Mutation-*` headers. Wrong ones are reported, not thrown: the ledger is asked first. */
export function readMutationHeaders(req: Request): MutationHeaders {
  const keyText = req.get(HEADERS.idempotencyKey)
  const key = keyText === undefined ? null : parseIdempotencyKey(keyText)
  const createdAtMs = readMs(req, HEADERS.mutationCreatedAt)
  const sentAtMs = readMs(req, HEADERS.mutationSentAt)
  const expiresAfterMs = readMs(req, HEADERS.mutationExpiresAfter)
  const isMalformed = [createdAtMs, sentAtMs, expiresAfterMs].some(Number.isNaN)
  return {
    key,
    createdAtMs: orNull(createdAtMs),
    ageMs: ageOf(orNull(createdAtMs), orNull(sentAtMs)),
    expiresAfterMs: orNull(expiresAfterMs),
    isFirstAttempt: req.get(HEADERS.mutationAttempt) === '1',
    actor: req.get(HEADERS.mutationActor) ?? null,
    refusal: refusalOf(req, { keyIsInvalid: keyText !== undefined && key === null, isMalformed }),
  }
}

const MS_HEADERS = [HEADERS.mutationCreatedAt, HEADERS.mutationSentAt, HEADERS.mutationExpiresAfter]
const WHOLE_MS = /^\d{1,15}$/

/** Null when absent, NaN when it is no whole number of milliseconds. */
function readMs(req: Request, name: string): number | null {
  const text = req.get(name)
  if (text === undefined) return null
  return WHOLE_MS.test(text) ? Number(text) : Number.NaN
}

const orNull = (value: number | null) => (Number.isNaN(value) ? null : value)

function ageOf(createdAtMs: number | null, sentAtMs: number | null): number | null {
  return createdAtMs === null || sentAtMs === null ? null : Math.max(0, sentAtMs - createdAtMs)
}

function refusalOf(req: Request, { keyIsInvalid, isMalformed }: { keyIsInvalid: boolean; isMalformed: boolean }): Refusal | null {
  if (keyIsInvalid) return new Refusal('IDEMPOTENCY_KEY_INVALID')
  if (!isMalformed) return null
  const name = MS_HEADERS.find((header) => Number.isNaN(readMs(req, header)))
  return new Refusal('VALIDATION_FAILED', { error: `${name} must be a whole number of milliseconds. Nothing was changed.` })
}
