import type { SingleRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import type { Sendable } from '../queue/claim.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'
import { causeOf } from '../retry/causeOf.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'
import { Pauses, type Rest } from './Pauses.js'
import { isAnswered, Recovery } from './Recovery.js'

/** In a row, before one request at a time probes the way. */
const TRANSPORT_FAILURES = 5
/** Between attempts made although the platform says that there is no network: it is sometimes wrong. */
const OFFLINE_PROBE_MS = 30_000
/** All clients of an office come back at the same moment. */
const ONLINE_SPREAD_MS = 2_000

export interface OutlookOptions {
  clock: Clock
  random: Random
  connectivity: Connectivity
  /** `parallel`: requests at once while all is well. */
  limits: { parallel: number }
}

/** `place`: none is free on the network; `lane`: another one of its lane is being sent. */
export type Wait = 'place' | 'lane'

/** What is known at one moment of when what may be sent. */
export interface Prospect {
  readonly now: number
  /** Nothing goes by itself before. */
  readonly quietUntil: number
  /** When the platform last said that it may be worth trying, and nothing has refuted it. */
  readonly hintedAt: number
  /** When it is tried by its own plan, or because what it waited for is over; Infinity: not by itself. */
  readonly plannedAt: (record: Sendable) => number
  /** Instant before which network and server leave no room for it; 0: none. */
  readonly notBefore: (record: Sendable) => number
}

/** What the platform says of the network, what the server asked for and what requests came to: when may what be sent? */
export class Outlook {
  readonly #options: OutlookOptions
  readonly #pauses: Pauses
  readonly #recovery = new Recovery()
  #wait: Wait | null = null
  #answeredAt: number | null = null
  /** An answer has shown that the platform is wrong, until it says it once more or a request gets no answer again. */
  #isRefuted = false
  #triedAt: number
  #failures = 0

  constructor(options: OutlookOptions) {
    this.#options = options
    this.#pauses = new Pauses(options.clock)
    this.#triedAt = options.clock.now()
  }

  /** As far as is known: the platform's word until an answer refutes it. It delays attempts and never forbids them. */
  get isOffline(): boolean {
    return !this.#isRefuted && !this.#options.connectivity.isOnline()
  }

  /** Requests at once; one probe at a time while offline, and after five transport failures in a row. */
  get atOnce(): number {
    return this.#failures >= TRANSPORT_FAILURES || this.isOffline ? 1 : this.#options.limits.parallel
  }

  /** What clicks that nothing else keeps waiting have waited for, for longer than a moment. */
  get wait(): Wait | null {
    return this.#wait
  }

  /** When the server last answered anything that was no trouble of its own. */
  get answeredAt(): number | null {
    return this.#answeredAt
  }

  /** Until when nothing of this action is sent: server or proxy asked for it, or the network has just come back; undefined: it may be. */
  restOf(action: string): Rest | undefined {
    return this.#pauses.of(action)
  }

  /** What one turn goes by. What is noted later does not change it, but a pause that is asked for meanwhile is kept. */
  prospect(): Prospect {
    const now = this.#options.clock.now()
    const { isOffline } = this
    const probeAt = (since: number) => (isOffline ? plannedInstant(since + OFFLINE_PROBE_MS, now, OFFLINE_PROBE_MS) : 0)
    const quietUntil = probeAt(this.#triedAt)
    return {
      now,
      quietUntil,
      hintedAt: this.#recovery.hintedAt,
      plannedAt: (record) => Math.min(ownPlan(record, { now, isOffline }), this.#recovery.hastenedTo(record, now)),
      notBefore: (record) => Math.max(quietUntil, probeAt(record.storedAt ?? now), this.#pauses.until(record.action)),
    }
  }

  /** Something is being sent; while offline the next one is tried in a while. */
  noteAttempt(): void {
    this.#triedAt = this.#options.clock.now()
  }

  /** What clicks wait for, or nothing any more. @returns whether that is news */
  noteWait(wait: Wait | null): boolean {
    const isNews = wait !== this.#wait
    this.#wait = wait
    return isNews
  }

  /** What an attempt came to. @param sentAt when its request began @returns whether others rest from now on, or no longer */
  note(record: SingleRecord, { outcome, decision }: { outcome: Outcome; decision: Decision }, sentAt: number): boolean {
    const now = this.#options.clock.now()
    this.#recovery.note(record, outcome, { sentAt, now })
    this.#isRefuted = isAnswered(outcome)
    const isLost = outcome.kind === 'transport' && outcome.strike === null
    this.#failures = isAnswered(outcome) ? 0 : this.#failures + (isLost ? 1 : 0)
    const isPaused = this.#pauses.note(record.action, outcome, decision.next === 'retry' ? (decision.at ?? now) : now)
    if (outcome.kind === 'transport' || outcome.kind === 'pause') return isPaused
    this.#answeredAt = now
    return this.#pauses.end(record.action, sentAt)
  }

  /** What the platform says about page and network: it may be worth trying, soon, but not all at once. Or in a while, in case it is wrong. */
  hear(event: ConnectivityEvent): void {
    const { clock, random } = this.#options
    const now = clock.now()
    if (event === 'online' || event === 'visible') {
      this.#recovery.hint(now)
      this.#pauses.hint(event === 'online' ? now + random.uniform() * ONLINE_SPREAD_MS : now)
    }
    if (event !== 'offline') return
    this.#isRefuted = false
    this.#triedAt = now
  }
}

function ownPlan(record: Sendable, { now, isOffline }: { now: number; isOffline: boolean }): number {
  if (record.state === 'blocked') return Number.POSITIVE_INFINITY
  // What failed in the future was planned before the clock stepped back.
  if (record.lastError !== null && record.lastError.at > now) return 0
  // Offline, any that waits for the network is as good a probe as another.
  return isOffline && isWayLost(record) ? 0 : plannedInstant(record.nextAttemptAt ?? 0, now, LONGEST_WAIT_MS)
}

function isWayLost({ lastError }: Sendable): boolean {
  return lastError !== null && lastError.retryAfterMs === undefined && causeOf(lastError) === 'way'
}
