import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Request, RequestHandler, Response } from 'express'
import { atMost } from '../time/atMost.js'
import { captureAnswer } from './captureAnswer.js'
import type { BeginResult, IdempotencyStore, StoredAnswer } from './IdempotencyStore.js'
import { type Flight, InFlight } from './InFlight.js'
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

export type StoreVerb = keyof IdempotencyStore

/** What the middleware tells about itself. */
export interface IdempotencyEvents {
  /** `store`: the fast store; `flight`: a duplicate joined one in flight; `ledger`: neither could decide. */
  onArrival?: (outcome: 'new' | 'replayed-store' | 'replayed-flight' | 'left-to-ledger') => void
  onStoreError?: (verb: StoreVerb, error: unknown) => void
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
  /** A handler that has not answered after this has hung or lost its client: its key is left to whoever comes next. @default 60_000 */
  longestMs?: number
  /** How long a duplicate waits for the same key in this process. @default 5_000 */
  flightWaitMs?: number
  /** How long it waits for another replica. @default 2_000 */
  replicaWaitMs?: number
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
  const settings = { leaseMs: 15_000, heartbeatMs: 5_000, longestMs: 60_000, flightWaitMs: 5_000, replicaWaitMs: 2_000, ...options }
  const flights = new InFlight()
  const failed = (verb: StoreVerb) => (error: unknown) => {
    options.onStoreError?.(verb, error)
    return undefined
  }
  const storeFailed = { begin: failed('begin'), complete: failed('complete'), release: failed('release') }
  const leases = new LeaseKeeper({ ...settings, onError: failed('renew'), onHung: (id) => flights.close(id, null) })

  const middleware: RequestHandler = async (req, res, next) => {
    const claim = options.identify(req, res)
    if (claim === null) return next()
    const joined = flights.find(claim.id)
    if (joined !== undefined) return await join(joined, claim, { res, next })
    flights.open(claim.id, claim.fingerprint)
    const owner = randomUUID()
    let begun = await claimOnce(claim, owner)
    if (begun?.kind === 'pending') begun = await claimAfter(claim, owner)
    if (begun?.kind === 'completed') return replay(claim, begun, res)
    options.onArrival?.(begun?.kind === 'new' ? 'new' : 'left-to-ledger')
    carryOut(claim, owner, res)
    next()
  }

  async function join(flight: Flight, claim: ClaimIdentity, { res, next }: { res: Response; next: () => void }): Promise<void> {
    const answer = flight.fingerprint === claim.fingerprint ? await atMost(flight.join(), settings.flightWaitMs) : null
    if (answer) {
      options.onArrival?.('replayed-flight')
      return sendStoredAnswer(res, answer, answer)
    }
    options.onArrival?.('left-to-ledger')
    next()
  }

  /** Claims; undefined when the store failed. */
  function claimOnce(claim: ClaimIdentity, owner: string): Promise<BeginResult | undefined> {
    return options.store.begin(claim.id, { fingerprint: claim.fingerprint, owner, leaseMs: settings.leaseMs }).catch(storeFailed.begin)
  }

  /** Claims again and again while another replica holds the key, for a little while. */
  async function claimAfter(claim: ClaimIdentity, owner: string): Promise<BeginResult | undefined> {
    let waitedMs = 0
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
      await wait(pollMs)
      waitedMs += pollMs
      const result = await claimOnce(claim, owner)
      if (result?.kind !== 'pending' || waitedMs >= settings.replicaWaitMs) return result
    }
  }

  function replay(claim: ClaimIdentity, begun: BeginResult & { kind: 'completed' }, res: Response): void {
    if (begun.foreignFingerprint) options.onForeignFingerprint?.()
    options.onArrival?.('replayed-store')
    flights.close(claim.id, { ...begun.answer, recorded: true })
    sendStoredAnswer(res, begun.answer, { recorded: true })
  }

  /** Completes the claim with the handler's answer. Where it is not ours (the store lost it, or another replica holds it) that does nothing. */
  function carryOut(claim: ClaimIdentity, owner: string, res: Response): void {
    const held = leases.hold(claim.id, owner)
    captureAnswer(res, {
      maxBytes: claim.maxBytes,
      onAnswer: async ({ status, complete }) => {
        leases.letGo(held)
        const recorded = isReplayable(res, status)
        await settle(claim.id, owner, recorded ? complete : null)
        flights.close(claim.id, complete === null ? null : { ...complete, recorded })
      },
    })
  }

  function settle(id: string, owner: string, answer: StoredAnswer | null): Promise<unknown> {
    if (answer === null) return options.store.release(id, { owner }).catch(storeFailed.release)
    return options.store.complete(id, { owner, answer, windowMs: settings.windowMs }).catch(storeFailed.complete)
  }

  return { middleware, inFlight: () => flights.size, stop: () => leases.stop() }
}
