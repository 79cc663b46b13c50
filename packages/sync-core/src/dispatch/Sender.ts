import type { AnyAction } from '@org/contracts/client'
import type { AttemptNews } from '../identity/IdentityEvent.js'
import type { Permit, UserApi } from '../identity/UserApi.js'
import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'
import { type Acknowledged, type AcknowledgeOptions, acknowledge } from '../queue/acknowledge.js'
import { isSameAttempt, unclaim } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { LoopTimes } from '../telemetry/LoopTimes.js'
import { acknowledgedVersions, judge, type Verdict } from './attempt.js'
import { requestFor } from './mutationRequest.js'
import type { Outlook } from './Outlook.js'

/** An answer that takes longer says that the network is what is waited for. */
const QUICK_MS = 100
/** Claimed before there is a place for them, so that a fast server need not wait for storage. */
const MOST_AHEAD = 28

/** A mutation written as `sending`, and the leave to send it. */
export interface Claim {
  record: Single<'sending'>
  permit: Permit
}

/** An attempt whose consequence is written down. */
export interface Attempted {
  record: Single<'sending'>
  verdict: Verdict
  /** By what it came to, others rest from now on, or no longer. */
  concernsOthers: boolean
  acknowledged: Acknowledged
}

export interface SendOptions {
  queue: OfflineQueue
  api: UserApi
  outlook: Outlook
  clock: Clock
  random: Random
  loopTimes: LoopTimes
  tabId: string
  requireKeyEcho: boolean
  findAction: (name: string) => AnyAction | undefined
}

/** What an attempt leads to beyond its record, and who wants to know of it. */
export interface AttemptEvents {
  /** A mounted button shows it. */
  isShown(record: MutationRecord): boolean
  /** This tab has the callbacks. */
  mayTell(record: MutationRecord): boolean
  attempted(attempted: Attempted): void
}

/** The loop that claims for it. */
export interface SendLoop {
  /** Requests at once; 0: none, and what is claimed and not on the network yet is given back. */
  readonly atOnce: number
  /** Something was given back, or is being written down: there may be more to do. */
  wake(): void
  reportStorage(error: unknown): void
}

/** What has been claimed: waiting for a place on the network, there, or answered and not yet written down. */
export class Sender {
  readonly #options: SendOptions
  readonly #events: AttemptEvents
  readonly #loop: SendLoop
  readonly #next: Claim[] = []
  readonly #onNetwork = new Set<string>()
  readonly #busy = new Set<string>()
  /** How many more are worth claiming than there are places. */
  #ahead = 0
  /** The last answer was a success, and came at once. */
  #isQuick = false
  #waiting: (() => void)[] = []

  constructor(options: SendOptions, events: AttemptEvents, loop: SendLoop) {
    this.#options = options
    this.#events = events
    this.#loop = loop
  }

  get isIdle(): boolean {
    return this.#busy.size === 0
  }

  /** Resolves when all that was claimed is written down. */
  whenIdle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  isBusy(id: string): boolean {
    return this.#busy.has(id)
  }

  /** How many more may be claimed. @param atOnce requests at once */
  free(atOnce: number): number {
    return atOnce + this.#ahead - this.#onNetwork.size - this.#next.length
  }

  add(claims: readonly Claim[]): void {
    // The network had nothing to do while storage wrote: from now on a few more are claimed at once.
    const wasIdle = this.#onNetwork.size + this.#next.length === 0
    if (wasIdle && this.#isQuick) this.#ahead = Math.min(MOST_AHEAD, this.#ahead + claims.length)
    for (const { record } of claims) this.#busy.add(record.id)
    this.#next.push(...claims)
    this.#send()
  }

  /** What is claimed and has no place on the network is as if it had not been claimed. */
  giveBack(): void {
    this.#ahead = 0
    for (const { record } of this.#next.splice(0)) {
      const { queue, clock } = this.#options
      const done = () => this.#done(record.id)
      // Where that cannot be written, it is taken back as a dead tab's is.
      void queue.run(unclaim(record, clock.now())).then(done, done)
    }
  }

  #send(): void {
    if (this.#next.length === 0) return
    const { atOnce } = this.#loop
    if (atOnce === 0) this.giveBack()
    while (this.#next.length > 0 && this.#onNetwork.size < atOnce) {
      const claim = this.#next.shift()!
      const current = this.#options.queue.records.get(claim.record.id)
      if (current !== undefined && isSameAttempt(current, claim.record)) void this.#attempt(claim)
      // Meanwhile taken back by a person, or by another tab.
      else this.#done(claim.record.id)
    }
  }

  /** One attempt from request to record: sends, decides what follows and writes it down. */
  async #attempt({ record, permit }: Claim): Promise<void> {
    const { api, clock, queue, outlook, loopTimes, findAction } = this.#options
    const startedAt = clock.now()
    this.#onNetwork.add(record.id)
    try {
      const action = findAction(record.action) as AnyAction
      const answer = await api.request(requestFor(record, action, startedAt), permit)
      const options = { ...this.#options, action, now: clock.now(), othersSucceededAt: outlook.answeredAt }
      const verdict = judge(record, answer, options)
      const concernsOthers = outlook.note(record, verdict, startedAt)
      loopTimes.attempted(record, verdict.outcome, startedAt)
      const writing = queue.run(acknowledge(record, verdict.decision, this.#consequence(record, action, verdict)))
      // Before it is written down: from that moment on a mutation refused at the door is due again.
      const news = newsOf(verdict.outcome)
      if (news !== undefined) api.tell(permit, news)
      this.#answered(record.id, verdict.outcome.kind === 'success' && clock.now() - startedAt <= QUICK_MS)
      this.#events.attempted({ record, verdict, concernsOthers, acknowledged: await writing })
    } catch (error) {
      this.giveBack()
      this.#loop.reportStorage(error)
    } finally {
      this.#done(record.id)
    }
  }

  /** Nothing of it is on the network any more. */
  #answered(id: string, isQuick: boolean): void {
    this.#onNetwork.delete(id)
    this.#isQuick = isQuick
    if (isQuick) this.#send()
    else this.giveBack()
    // The next ones are claimed in the same transaction: half the cost of a long queue.
    this.#loop.wake()
  }

  #consequence(record: Single<'sending'>, action: AnyAction, { outcome, decision }: Verdict): AcknowledgeOptions {
    const isExpected = outcome.kind === 'refused' && outcome.code.startsWith('ALREADY_')
    const ends = decision.next === 'settle' || decision.next === 'unknown'
    return {
      now: this.#options.clock.now(),
      shown: isExpected || this.#events.isShown(record),
      tell: ends && this.#events.mayTell(record),
      versions: outcome.kind === 'success' || outcome.kind === 'partial' ? acknowledgedVersions(record, action, outcome.body) : {},
      combine: action.combine,
      untried: outcome.kind === 'accepted' && action.isUntried?.(outcome.body) === true,
    }
  }

  #done(id: string): void {
    this.#onNetwork.delete(id)
    this.#busy.delete(id)
    if (this.isIdle) for (const resolve of this.#waiting.splice(0)) resolve()
    this.#loop.wake()
  }
}

/** What an outcome says about who is signed in; undefined: nothing, as it may have been given before anyone looked. */
function newsOf({ kind }: Outcome): AttemptNews | undefined {
  if (kind === 'unauthenticated' || kind === 'actor-mismatch') return kind
  return kind === 'transport' || kind === 'pause' ? undefined : 'accepted'
}
