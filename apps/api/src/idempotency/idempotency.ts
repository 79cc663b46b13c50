import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Request, RequestHandler, Response } from 'express'
import { type CapturedAnswer, captureAnswer } from './captureAnswer.js'
import type { BeginResult, IdempotencyStore, StoredAnswer } from './IdempotencyStore.js'
import { type Flight, type FlightAnswer, InFlight } from './InFlight.js'
import { isReplayable } from './idempotencyContext.js'
import { LeaseKeeper } from './LeaseKeeper.js'
import { sendStoredAnswer } from './sendStoredAnswer.js'

/** Who claims what: made from the request, or null when it carries no usable key. */
export interface ClaimIdentity {
  /** Tenant, actor and key, so that one user's answer never reaches another. */
  id: string
  fingerprint: string
  /** Largest answer body the fast store keeps; a longer one is replayed by the ledger alone. */
  maxBytes: number
}

/** What the middleware tells about itself. */
export interface IdempotencyEvents {
  /** `store`: the fast store; `flight`: a duplicate joined one in flight; `ledger`: neither could decide. */
  onArrival?: (outcome: 'new' | 'replayed-store' | 'replayed-flight' | 'left-to-ledger') => void
  onStoreError?: (verb: 'begin' | 'complete' | 'release' | 'renew', error: unknown) => void
  onForeignFingerprint?: () => void
}

export interface IdempotencyOptions extends IdempotencyEvents {
  store: IdempotencyStore
  identify: (req: Request, res: Response) => ClaimIdentity | null
  /** How long a finished answer is replayed from the store, from its completion. */
  windowMs: number
  /** @default 15_000 */
  leaseMs?: number
  /** @default 5_000 */
  heartbeatMs?: number
  /** How long a duplicate waits for the same key in this process. @default 5_000 */
  flightWaitMs?: number
  /** How long it waits for another replica. @default 2_000 */
  replicaWaitMs?: number
  /** An answer never waits longer than this for the store to keep it. @default 50 */
  completeWaitMs?: number
}

export interface Idempotency {
  middleware: RequestHandler
  /** Requests with a key in flight in this process. */
  inFlight: () => number
  stop: () => void
}

const FIRST_POLL_MS = 50
const LONGEST_POLL_MS = 200

/**
 * Answers duplicates from the fast store or from the request in flight, and lets everything it cannot
 * decide go on to the handler, where the ledger decides: another fingerprint, a store that fails, a
 * duplicate that waited long enough. It never refuses by itself.
 */
export function createIdempotency(options: IdempotencyOptions): Idempotency {
  const settings = { leaseMs: 15_000, heartbeatMs: 5_000, flightWaitMs: 5_000, replicaWaitMs: 2_000, completeWaitMs: 50, ...options }
  const flights = new InFlight()
  const storeFailed = (verb: Parameters<NonNullable<IdempotencyEvents['onStoreError']>>[0]) => (error: unknown) => {
    options.onStoreError?.(verb, error)
    return undefined
  }
  const leases = new LeaseKeeper({ ...settings, onError: storeFailed('renew') })

  const middleware: RequestHandler = async (req, res, next) => {
    const claim = options.identify(req, res)
    if (claim === null) return next()
    const joined = flights.find(claim.id)
    if (joined !== undefined) return await join(joined, claim, { req, res, next })
    const land = flights.open(claim.id, claim.fingerprint)
    const owner = randomUUID()
    const begun = await begin(claim, owner)
    if (begun?.kind === 'completed') return replay(res, begun, land)
    options.onArrival?.(begun?.kind === 'new' ? 'new' : 'left-to-ledger')
    // A claim whose answer was lost may have been taken: then it is ours to complete, else that does nothing.
    lead({ claim, owner: begun === undefined || begun.kind === 'new' ? owner : null, res, land })
    next()
  }

  async function join(flight: Flight, claim: ClaimIdentity, http: { req: Request; res: Response; next: () => void }): Promise<void> {
    const answer = flight.fingerprint === claim.fingerprint ? await atMost(flight.answer, settings.flightWaitMs) : null
    if (answer) {
      options.onArrival?.('replayed-flight')
      return sendStoredAnswer(http.res, answer, answer)
    }
    options.onArrival?.('left-to-ledger')
    http.next()
  }

  /** Claims, and waits a little while another replica holds the key; undefined when the store failed. */
  async function begin(claim: ClaimIdentity, owner: string): Promise<BeginResult | undefined> {
    const deadline = performance.now() + settings.replicaWaitMs
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
      const result = await options.store
        .begin(claim.id, { fingerprint: claim.fingerprint, owner, leaseMs: settings.leaseMs })
        .catch(storeFailed('begin'))
      if (result?.kind !== 'pending' || performance.now() + pollMs > deadline) return result
      await wait(pollMs)
    }
  }

  function replay(res: Response, begun: BeginResult & { kind: 'completed' }, land: (answer: FlightAnswer) => void): void {
    if (begun.foreignFingerprint) options.onForeignFingerprint?.()
    options.onArrival?.('replayed-store')
    land({ ...begun.answer, recorded: true })
    sendStoredAnswer(res, begun.answer, { recorded: true })
  }

  function lead(lead: { claim: ClaimIdentity; owner: string | null; res: Response; land: (answer: FlightAnswer | null) => void }): void {
    const { claim, owner, res, land } = lead
    const letGo = owner === null ? null : leases.hold(claim.id, owner)
    captureAnswer(res, {
      maxBytes: claim.maxBytes,
      onAnswer: async (captured) => {
        letGo?.()
        const replayable = isReplayable(res, captured.status)
        const answer = captured.complete
        if (owner !== null) await atMost(settle(claim.id, owner, replayable ? captured : null), settings.completeWaitMs)
        land(answer === null ? null : { ...answer, recorded: replayable })
      },
    })
  }

  async function settle(id: string, owner: string, captured: CapturedAnswer | null): Promise<void> {
    const answer: StoredAnswer | null = captured?.complete ?? null
    if (answer === null) await options.store.release(id, { owner }).catch(storeFailed('release'))
    else await options.store.complete(id, { owner, answer, windowMs: settings.windowMs }).catch(storeFailed('complete'))
  }

  return { middleware, inFlight: () => flights.size, stop: () => leases.stop() }
}

/** The promise's value, or null when it takes longer than `limitMs`. */
function atMost<T>(promise: Promise<T>, limitMs: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs, null)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
