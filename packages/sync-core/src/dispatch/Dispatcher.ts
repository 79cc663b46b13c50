import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Connectivity } from '../ports/Connectivity.js'
import { claim, unclaim } from '../queue/claim.js'
import { pickDue } from '../queue/pickDue.js'
import type { MirrorChange } from '../queue/QueueMirror.js'
import { forget, pickForgettable } from '../queue/tidy.js'
import { plannedInstant } from '../retry/backoff.js'
import { describeError, type Report } from '../store/report.js'
import { NetworkHints } from './NetworkHints.js'
import type { Presence } from './Presence.js'
import { Sender, type SenderOptions } from './Sender.js'
import { SignInGate } from './SignInGate.js'
import { TakeOver } from './TakeOver.js'

/** After a claim that storage refused. */
const SKIP_MS = 1_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000
/** Claimed before there is a place for them on the network, so that a fast server need not wait for storage. */
const MOST_AHEAD = 28
/** An answer that takes longer says that the network is what is waited for. */
const QUICK_MS = 100

export interface DispatcherOptions extends SenderOptions {
  presence: Presence
  connectivity: Connectivity
  report: Report
  /** A refreshed token was refused as well, or there is none. */
  onSignInNeeded: () => void
}

interface Claim {
  record: MutationRecord
  authorization: Readonly<Record<string, string>>
}

/** The loop: claims what is due, hands it to be sent, looks again. Decisions are made elsewhere. */
export class Dispatcher {
  readonly network: NetworkHints
  readonly signIn: SignInGate
  readonly #options: DispatcherOptions
  readonly #sender: Sender
  readonly #takeOver: TakeOver
  /** Waiting for an answer. */
  readonly #inFlight = new Set<string>()
  /** Claimed, and next to be sent. */
  #ready: Claim[] = []
  /** So many more may be claimed than fit on the network. */
  #ahead = 0
  /** The last answer was a success, and came at once. */
  #isQuick = false
  /** Claimed, and what follows is not yet written down. */
  readonly #busy = new Set<string>()
  readonly #forced = new Set<string>()
  readonly #skipped = new Map<string, number>()
  #state: 'running' | 'paused' | 'stopped' = 'paused'
  #isCycling = false
  #isWoken = false
  #isTidying = false
  #cancelTimer = () => {}
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.network = new NetworkHints(options)
    this.#sender = new Sender(options)
    this.#takeOver = new TakeOver({ ...options, isBusy: (id) => this.#busy.has(id), onRecovered: () => this.wake() })
    this.signIn = new SignInGate({
      refresh: () => options.api.refresh(),
      onOpen: () => this.wake(),
      onSignInNeeded: () => {
        this.#becomeIdle()
        options.onSignInNeeded()
      },
    })
  }

  start(): void {
    if (this.#state === 'stopped') return
    this.#state = 'running'
    this.#takeOver.start()
    this.wake()
  }

  pause(): void {
    if (this.#state !== 'running') return
    this.#state = 'paused'
    this.#giveBack()
  }

  stop(): void {
    this.#state = 'stopped'
    this.#cancelTimer()
    this.#takeOver.stop()
    this.#becomeIdle()
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
    if (this.signIn.needsSignIn) this.signIn.open()
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve))
    this.hasten([...this.#options.queue.mirror.unfinished()].map((record) => record.id))
    return idle
  }

  /** The queue changed: there may be something to send, or someone to watch over. */
  noteChanges(changes: readonly MirrorChange[]): void {
    this.#takeOver.watch(changes)
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
      this.#arm(this.#options.clock.now() + SKIP_MS)
    } finally {
      this.#isCycling = false
    }
  }

  async #fill(): Promise<void> {
    const { queue, api, clock, pauses, tabId } = this.#options
    while (this.#state === 'running' && this.signIn.isOpen && !queue.isOutdated) {
      const now = clock.now()
      const isForced = this.#forced.size > 0
      const quietUntil = isForced ? 0 : this.network.notBefore(now)
      if (quietUntil > now) {
        // Nothing may be sent before that, so a click made offline need not look at all the others.
        this.#arm(quietUntil)
        break
      }
      const isProbing = !this.network.isOnline
      const force = (record: MutationRecord) => this.#forced.has(record.id)
      const free = () => (isProbing && !isForced ? 1 : pauses.parallel + this.#ahead) - this.#inFlight.size - this.#ready.length
      const notBefore = (record: MutationRecord) => this.#notBefore(record, now)
      const pick = () => pickDue(queue.mirror.unfinished(), { now, limit: free(), force, notBefore })
      if (free() <= 0) return
      const { due, nextAt } = pick()
      if (due.length === 0) {
        this.#arm(nextAt)
        break
      }
      const authorization = await api.authorize()
      if (authorization === null) return this.signIn.close()
      if (isProbing) this.network.probed()
      const { claimed, refused } = await queue.run(claim(() => pick().due, { now, tabId, force }))
      for (const { id } of claimed) this.#forced.delete(id)
      for (const id of refused) {
        this.#forced.delete(id)
        // This tab was wrong about it; if it still is, by an entry it cannot read, it must not ask without a pause.
        this.#skipped.set(id, now + SKIP_MS)
      }
      this.#take(claimed, authorization)
    }
    if (this.#busy.size === 0) this.#becomeIdle()
    if (this.#busy.size === 0 || queue.mirror.settledCount > MOST_SETTLED) this.#tidy()
  }

  #notBefore(record: MutationRecord, now: number): number {
    const { findAction, pauses } = this.#options
    if (findAction(record.action) === undefined) return Number.POSITIVE_INFINITY
    const skipped = plannedInstant(this.#skipped.get(record.id) ?? 0, now, SKIP_MS)
    return Math.max(pauses.notBefore(record.action, now), this.#takeOver.turnOf(record, now), this.network.notBefore(now), skipped)
  }

  #take(claimed: readonly MutationRecord[], authorization: Claim['authorization']): void {
    // The network had nothing to do while storage wrote: next time a few more are claimed at once.
    const wasIdle = this.#inFlight.size + this.#ready.length === 0
    if (wasIdle && this.#isQuick) this.#ahead = Math.min(MOST_AHEAD, this.#ahead + claimed.length)
    for (const record of claimed) {
      this.#busy.add(record.id)
      this.#ready.push({ record, authorization })
    }
    this.#sendReady()
  }

  #sendReady(): void {
    while (this.#ready.length > 0 && this.#inFlight.size < this.#options.pauses.parallel) {
      const { record, authorization } = this.#ready.shift()!
      const current = this.#options.queue.mirror.get(record.id)
      // Meanwhile taken back by a person, or by another tab.
      if (current?.state !== 'sending' || current.attempts !== record.attempts) this.#busy.delete(record.id)
      else void this.#attempt(record, authorization)
    }
  }

  /** What is claimed and not on the network yet is as if it had not been claimed. */
  #giveBack(): void {
    this.#ahead = 0
    if (this.#ready.length === 0) return
    const records = this.#ready.splice(0).map(({ record }) => record)
    const done = () => {
      for (const { id } of records) this.#busy.delete(id)
      this.wake()
    }
    // Not written: another tab, or this one, takes them back as it does with a dead tab's.
    void this.#options.queue.run(unclaim(records)).then(done, done)
  }

  async #attempt(record: MutationRecord, authorization: Claim['authorization']): Promise<void> {
    const { report, clock } = this.#options
    const startedAt = clock.now()
    this.#inFlight.add(record.id)
    this.#skipped.delete(record.id)
    try {
      await this.#sender.send(record, authorization, ({ outcome }) => {
        // Before it is written down: from that moment on a mutation refused with 401 is due again.
        this.signIn.note(outcome)
        // The next one is claimed in the same transaction: half the cost of a long queue.
        this.#inFlight.delete(record.id)
        this.#isQuick = outcome.kind === 'success' && clock.now() - startedAt <= QUICK_MS
        if (this.#isQuick && this.#state === 'running') this.#sendReady()
        else this.#giveBack()
        this.wake()
      })
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

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  #becomeIdle(): void {
    this.#ahead = 0
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
