import type { Request } from 'express'
import type { IdempotencyStore, MaybeLater } from './IdempotencyStore.js'
import type { IdempotencyEvents } from './idempotencyEvents.js'
import { type ReplayedHeaders, readReplayedHeaders } from './replayedHeaders.js'

/** Whose key it is, for example an organisation and a person. Two scopes never see each other's answers. */
export type Scope = string | number | bigint | readonly (string | number | bigint)[]

export interface IdempotencyOptions extends IdempotencyEvents {
  /** Where keys are remembered: `MemoryStore` for one process, `RedisStore` for any number. */
  store: IdempotencyStore
  /**
   * Whose key it is: made of who is signed in, never of what the request says of itself. A part that is undefined, null
   * or empty fails the request: without it one person would get another's answer.
   */
  scope: (req: Request) => MaybeLater<Scope>
  /** Whether POST and PATCH without a key are refused (400). Other methods may come without one. @default true */
  required?: boolean
  /** How long an answer is replayed, and no key is used again, from the answer. Milliseconds ≥ 1,000. @default 24 hours */
  windowMs?: number
  /** How long a duplicate waits for the first one's answer before it is refused with 409. Milliseconds ≥ 0. @default 5_000 */
  waitMs?: number
  /** How long a request counts as at work after the last sign of its process. Milliseconds ≥ 100. @default 15_000 */
  leaseMs?: number
  /** How long a handler counts as at work after its client left without an answer. Milliseconds ≥ 0. @default 60_000 */
  graceMs?: number
  /**
   * How long the store, and `scope`, may take to say something. After that the request is refused: with 503, or with the
   * error that `scope` said nothing. Milliseconds ≥ 100. @default 5_000
   */
  patienceMs?: number
  /** Longest body that is kept, in bytes; a longer one is sent, and its duplicates are refused. ≥ 0. @default 262_144 (256 KiB) */
  maxAnswerBytes?: number
  /** The only headers that a replay repeats. @default all that the handler set, but for those of one answer or connection */
  replayedHeaders?: readonly string[]
  /**
   * What the request asks for, in the place of its body and uploaded files. Anything that can be compared: JSON, dates, maps,
   * sets, bytes, files. Needed where the handler reads the body as a stream.
   */
  fingerprint?: (req: Request) => unknown
}

type Numbers = Required<Pick<IdempotencyOptions, 'windowMs' | 'waitMs' | 'leaseMs' | 'graceMs' | 'patienceMs' | 'maxAnswerBytes'>>

/** The options, checked, with their defaults. */
export interface IdempotencySettings extends Numbers, Pick<IdempotencyOptions, 'store' | 'scope' | 'fingerprint'>, IdempotencyEvents {
  required: boolean
  onlyHeaders: ReplayedHeaders
}

const DEFAULTS: Numbers = {
  windowMs: 24 * 60 * 60 * 1_000,
  waitMs: 5_000,
  leaseMs: 15_000,
  graceMs: 60_000,
  patienceMs: 5_000,
  maxAnswerBytes: 256 * 1_024,
}
const LEAST: Partial<Numbers> = { windowMs: 1_000, leaseMs: 100, patienceMs: 100 }

/**
 * @throws {TypeError} when `store` or `scope` is missing
 * @throws {RangeError} naming the option and what was received
 */
export function readOptions(options: IdempotencyOptions): IdempotencySettings {
  const { store, scope, fingerprint, required = true, replayedHeaders, onArrival, onStoreError } = options
  if (typeof store?.claim !== 'function') throw new TypeError('idempotency(): `store` is missing. Give it a MemoryStore or a RedisStore.')
  if (typeof scope !== 'function') throw new TypeError(SCOPE_MISSING)
  const numbers = readNumbers(options)
  return {
    ...numbers,
    store,
    scope,
    required,
    onlyHeaders: readReplayedHeaders(replayedHeaders),
    ...(fingerprint && { fingerprint }),
    ...(onArrival && { onArrival }),
    ...(onStoreError && { onStoreError }),
  }
}

const SCOPE_MISSING =
  'idempotency(): `scope` is missing. Say whose key it is, for example scope: (req) => req.user.id; without it one person would get another’s answer.'

function readNumbers(options: IdempotencyOptions): Numbers {
  const numbers = { ...DEFAULTS }
  for (const name of Object.keys(DEFAULTS) as (keyof Numbers)[]) {
    const value = options[name] ?? DEFAULTS[name]
    const least = LEAST[name] ?? 0
    if (!(Number.isFinite(value) && value >= least)) {
      throw new RangeError(`idempotency(): ${name} must be a number of at least ${least}, received ${value}`)
    }
    numbers[name] = value
  }
  return numbers
}
