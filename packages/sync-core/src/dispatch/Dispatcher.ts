import type { AnyAction } from '@org/contracts'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isPending } from '../mutation/mutationState.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import { type Acknowledged, acknowledge } from '../queue/acknowledge.js'
import { claim } from '../queue/claim.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import { pickDue } from '../queue/pickDue.js'
import type { MirrorChange } from '../queue/QueueMirror.js'
import { recover, TAKE_OVER_AFTER_MS } from '../queue/recover.js'
import { forget, pickForgettable } from '../queue/tidy.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'
import { describeError, type Report } from '../store/report.js'
import type { ApiClient } from './ApiClient.js'
import { acknowledgedVersion, judge, type Verdict } from './attempt.js'
import { mutationRequest, resolveRequest } from './mutationRequest.js'
import type { Pauses } from './Pauses.js'
import type { Presence } from './Presence.js'

/** Between attempts made although the browser says it is offline: it is sometimes wrong. */
const OFFLINE_PROBE_MS = 30_000
/** All clients of an office come back at the same moment. */
const ONLINE_SPREAD_MS = 2_000
/** What another living tab submitted is its own to send first. */
const FOREIGN_GRACE_MS = 3_000
/** After a claim that storage refused. */
const SKIP_MS = 1_000
const LOOK_AROUND_MS = 15_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000

export interface Attempted {
  record: MutationRecord
  verdict: Verdict
  acknowledged: Acknowledged
}

export interface DispatcherOptions {
  queue: OfflineQueue
  api: ApiClient
  pauses: Pauses
  presence: Presence
  clock: Clock
  random: Random
  connectivity: Connectivity
  report: Report
  tabId: string
  requireKeyEcho: boolean
  findAction: (name: string) => AnyAction | undefined
  /** A mounted button shows it. */
  isShown: (record: MutationRecord) => boolean
  /** This tab has the callbacks. */
  mayTell: (record: MutationRecord) => boolean
  /** An answer came, or none; what follows is about to be written down. */
  onAnswered: (record: MutationRecord, verdict: Verdict, startedAt: number) => void
  /** What follows is written down. */
  onAttempted: (attempted: Attempted) => void
  /** A refreshed token was refused as well, or there is none. */
  onSignInNeeded: () => void
  /** Pauses changed, which changes what is shown of waiting mutations. */
  onPausesChanged: () => void
}

/** The loop: claims what is due, sends it, writes down what follows. Decisions are made elsewhere. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Waiting for an answer. */
  readonly #inFlight = new Set<string>()
  /** Claimed, and what follows is not yet written down. */
  readonly #busy = new Set<string>()
  readonly #forced = new Set<string>()
  readonly #skipped = new Map<string, number>()
  #state: 'running' | 'paused' | 'stopped' = 'paused'
  #signIn: 'ok' | 'renewing' | 'needed' = 'ok'
  #hasRenewed = false
  #isCycling = false
  #isWoken = false
  #isTidying = false
  #cancelTimer = () => {}
  #cancelLookAround = () => {}
  #onlineAt = 0
  #probedAt = 0
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  get needsSignIn(): boolean {
    return this.#signIn === 'needed'
  }

  start(): void {
    if (this.#state === 'stopped') return
    this.#state = 'running'
    this.#probedAt = this.#options.clock.now()
    this.#lookAround()
    this.wake()
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused'
  }

  stop(): void {
    this.#state = 'stopped'
    this.#cancelTimer()
    this.#cancelLookAround()
    this.#becomeIdle()
  }

  /** Someone signed in, or a token may work again. */
  signedIn(): void {
    this.#signIn = 'ok'
    this.#hasRenewed = false
    this.wake()
  }

  /** The network is said to be back: soon, but not all at once. */
  online(): void {
    const { clock, random } = this.#options
    this.#onlineAt = clock.now() + random.uniform() * ONLINE_SPREAD_MS
    this.wake()
  }

  /** The network is said to be gone: try again in a while, in case that is wrong. */
  offline(): void {
    this.#probedAt = this.#options.clock.now()
  }

  /** Looks for work; cheap, safe to call at any hint. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isCycling && this.#state === 'running') void this.#cycle()
  }

  /** Tries these now, whatever was planned. */
  hasten(ids: Iterable<string>): void {
    for (const id of ids) this.#forced.add(id)
    this.#options.pauses.clear()
    this.wake()
  }

  /** Tries everything now; resolves when each has had its attempt or cannot have one. */
  syncNow(): Promise<void> {
    if (this.#state !== 'running') return Promise.resolve()
    if (this.#signIn === 'needed') this.#signIn = 'ok'
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve))
    this.hasten([...this.#options.queue.mirror.unfinished()].map((record) => record.id))
    return idle
  }

  /** The queue changed: another tab's mutations are watched over, and there may be something to send. */
  noteChanges(changes: readonly MirrorChange[]): void {
    for (const { after } of changes) {
      if (after === undefined || !isPending(after)) continue
      for (const tab of [after.origin.tabId, after.sender]) {
        if (tab !== undefined && tab !== this.#options.tabId) this.#options.presence.watch(tab, () => void this.#recoverStuck())
      }
    }
    this.wake()
  }

  async #cycle(): Promise<void> {
    this.#isCycling = true
    try {
      // Clicks of one task are seen together.
      await Promise.resolve()
      while (this.#isWoken && this.#state === 'running') {
        this.#isWoken = false
        await this.#fill()
      }
    } catch (error) {
      this.#options.report('STORAGE_REFUSED', `The offline queue could not be read or written; it is tried again. ${describeError(error)}`)
      this.#arm(this.#options.clock.now() + 1_000)
    } finally {
      this.#isCycling = false
    }
  }

  async #fill(): Promise<void> {
    const { queue, api, clock, tabId } = this.#options
    while (this.#state === 'running' && this.#signIn === 'ok' && !queue.isOutdated) {
      const now = clock.now()
      const isProbing = !this.#isOnline()
      const limit = (isProbing && this.#forced.size === 0 ? 1 : this.#options.pauses.parallel) - this.#inFlight.size
      if (limit <= 0) return
      const force = (record: MutationRecord) => this.#forced.has(record.id)
      const { due, nextAt } = pickDue(queue.mirror.unfinished(), { now, limit, force, notBefore: (record) => this.#notBefore(record, now) })
      if (due.length === 0) {
        this.#arm(nextAt)
        break
      }
      const authorization = await api.authorize()
      if (authorization === null) return this.#needSignIn()
      if (isProbing) this.#probedAt = now
      const { claimed, refused, blockers } = await queue.run(claim(due, { now, tabId, force }))
      for (const { id } of due) this.#forced.delete(id)
      if (refused.length > 0) await this.#correct(refused, blockers, now)
      for (const record of claimed) void this.#attempt(record, authorization)
    }
    if (this.#busy.size === 0) this.#becomeIdle()
    if (this.#busy.size === 0 || queue.mirror.settledCount > MOST_SETTLED) this.#tidy()
  }

  // Off the hot path: deleting each one as it settles would make a long queue a third slower.
  #tidy(): void {
    const { queue, clock } = this.#options
    const forgettable = this.#isTidying ? [] : pickForgettable(queue.mirror, clock.now())
    if (forgettable.length === 0) return
    this.#isTidying = true
    const done = () => {
      this.#isTidying = false
    }
    void queue.run(forget(forgettable)).then(done, done)
  }

  #notBefore(record: MutationRecord, now: number): number {
    const { findAction, pauses, presence, tabId } = this.#options
    if (findAction(record.action) === undefined) return Number.POSITIVE_INFINITY
    const isForeign = record.origin.tabId !== tabId && !presence.isDead(record.origin.tabId)
    // An instant in the future was written before the clock stepped back, and would never come to an end.
    const since = Math.max(...[record.nextAttemptAt, record.storedAt].map((at) => (at !== null && at <= now ? at : 0)))
    const itsTurn = isForeign ? since + FOREIGN_GRACE_MS : 0
    const network = this.#isOnline()
      ? plannedInstant(this.#onlineAt, now, ONLINE_SPREAD_MS)
      : plannedInstant(this.#probedAt + OFFLINE_PROBE_MS, now, OFFLINE_PROBE_MS)
    const skipped = plannedInstant(this.#skipped.get(record.id) ?? 0, now, SKIP_MS)
    return Math.max(pauses.notBefore(record.action, now), itsTurn, network, skipped)
  }

  #isOnline(): boolean {
    return this.#options.connectivity.isOnline()
  }

  // This tab was wrong about them: take over what storage says, and leave them alone for a moment.
  async #correct(
    refused: readonly { id: string; current: MutationRecord | undefined }[],
    blockers: readonly string[],
    now: number,
  ): Promise<void> {
    const { queue } = this.#options
    queue.refresh(refused)
    for (const { id } of refused) this.#skipped.set(id, now + SKIP_MS)
    if (blockers.some((id) => queue.mirror.get(id) === undefined)) await queue.load()
  }

  async #attempt(record: MutationRecord, authorization: Readonly<Record<string, string>>): Promise<void> {
    const { queue, api, clock, report, pauses } = this.#options
    const startedAt = clock.now()
    this.#inFlight.add(record.id)
    this.#busy.add(record.id)
    this.#skipped.delete(record.id)
    try {
      const action = this.#options.findAction(record.action)!
      const request = record.resolving === undefined ? mutationRequest(record, action, startedAt) : resolveRequest(record, startedAt)
      const answer = await api.send(request, authorization)
      const verdict = this.#judge(record, answer)
      pauses.note(record, verdict.outcome, verdict.decision, clock.now())
      this.#options.onAnswered(record, verdict, startedAt)
      // Before it is written down: from that moment on the mutation is due again.
      if (verdict.outcome.kind === 'unauthenticated') void this.#renew()
      else if (verdict.outcome.kind !== 'transport') this.#hasRenewed = false
      const writing = queue.run(acknowledge(record, verdict.decision, this.#acknowledgeOptions(record, action, verdict)))
      // The next one is claimed in the same transaction: half the cost of a long queue.
      this.#inFlight.delete(record.id)
      this.wake()
      const acknowledged = await writing
      this.#options.onAttempted({ record, verdict, acknowledged })
      if (verdict.outcome.kind === 'pause') this.#options.onPausesChanged()
    } catch (error) {
      report(
        'STORAGE_REFUSED',
        `What became of an attempt could not be written down; it will be sent again with its key. ${describeError(error)}`,
      )
    } finally {
      this.#inFlight.delete(record.id)
      this.#busy.delete(record.id)
      this.wake()
    }
  }

  #judge(record: MutationRecord, answer: Parameters<typeof judge>[1]): Verdict {
    const { clock, random, pauses, requireKeyEcho } = this.#options
    return judge(record, answer, { now: clock.now(), random, requireKeyEcho, othersSucceededAt: pauses.succeededAt })
  }

  #acknowledgeOptions(record: MutationRecord, action: AnyAction, { outcome, decision }: Verdict) {
    const { clock, tabId, isShown, mayTell } = this.#options
    const isExpected = outcome.kind === 'refused' && outcome.code.startsWith('ALREADY_')
    const ends = decision.next === 'settle' || decision.next === 'block' || decision.next === 'unknown'
    return {
      now: clock.now(),
      tabId,
      shown: isExpected || isShown(record),
      tell: ends && mayTell(record),
      version: outcome.kind === 'success' ? acknowledgedVersion(action, outcome.body) : null,
      rememberDone: (action.duplicateWindowMs ?? 0) > 0,
      combine: action.combine,
    }
  }

  async #renew(): Promise<void> {
    if (this.#signIn !== 'ok') return
    if (this.#hasRenewed) return this.#needSignIn()
    this.#signIn = 'renewing'
    const isRenewed = await this.#options.api.refresh().catch(() => false)
    this.#hasRenewed = true
    if (!isRenewed) return this.#needSignIn()
    this.#signIn = 'ok'
    this.wake()
  }

  #needSignIn(): void {
    this.#signIn = 'needed'
    this.#becomeIdle()
    this.#options.onSignInNeeded()
  }

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  #becomeIdle(): void {
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #lookAround(): void {
    this.#cancelLookAround()
    this.#cancelLookAround = this.#options.clock.setTimer(() => this.#lookAround(), LOOK_AROUND_MS)
    void this.#options.queue.lookAround().catch(() => undefined)
    void this.#recoverStuck()
  }

  // Gives back what dead or hanging tabs were sending.
  async #recoverStuck(): Promise<void> {
    const { queue, report } = this.#options
    const stuck = [...queue.mirror.unfinished()].filter((record) => this.#isStuck(record))
    const recovered = await Promise.all(stuck.map((record) => queue.run(recover(record)).catch(() => false)))
    if (recovered.includes(true)) report('TAKE_OVER', 'A tab ended while it was sending; its mutations are sent from here with their keys.')
    this.wake()
  }

  #isStuck(record: MutationRecord): boolean {
    if (record.state !== 'sending' || this.#busy.has(record.id)) return false
    const { clock, presence, tabId } = this.#options
    const isMine = record.sender === tabId
    const sinceMs = clock.now() - (record.sendingAt ?? 0)
    const isLate = sinceMs > TAKE_OVER_AFTER_MS || sinceMs < -LONGEST_WAIT_MS
    return isLate || (!isMine && record.sender !== undefined && presence.isDead(record.sender))
  }
}
