import type { Single } from '../mutation/MutationRecord.js'
import { claim, unclaim } from '../queue/claim.js'
import { pickDue } from '../queue/pickDue.js'
import type { MirrorChange } from '../queue/QueueMirror.js'
import { plannedInstant } from '../retry/backoff.js'
import type { Presence } from '../tabs/Presence.js'
import { describeError, type Report } from '../telemetry/report.js'
import { createTidier } from './createTidier.js'
import { type Claim, SendSlots } from './SendSlots.js'
import { type SendOptions, sendClaim } from './sendClaim.js'
import { TakeOver } from './TakeOver.js'

/** After a claim that storage refused. */
const SKIP_MS = 1_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000
/** An answer that takes longer says that the network is what is waited for. */
const QUICK_MS = 100

export interface DispatcherOptions extends SendOptions {
  presence: Presence
  report: Report
  /** A refreshed token was refused as well, or there is none. */
  onSignInNeeded: () => void
}

/** The loop: claims what is due, hands it to be sent, looks again. Decisions are made elsewhere. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #takeOver: TakeOver
  readonly #tidy: () => void
  readonly #slots = new SendSlots()
  /** Claimed, and what follows is not yet written down. */
  readonly #busy = new Set<string>()
  readonly #forced = new Set<string>()
  readonly #skipped = new Map<string, number>()
  #isRunning = false
  #needsSignIn = false
  #isCycling = false
  #isWoken = false
  #cancelTimer = () => {}
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#takeOver = new TakeOver({ ...options, isBusy: (id) => this.#busy.has(id), onRecovered: () => this.wake() })
    this.#tidy = createTidier(options)
  }

  /** True while the server does not know who is asking: there is no token, or a renewed one was refused as well. */
  get needsSignIn(): boolean {
    return this.#needsSignIn
  }

  /** Someone is signed in (again). */
  signedIn(): void {
    this.#needsSignIn = false
    this.wake()
  }

  start(): void {
    this.#isRunning = true
    this.#takeOver.start()
    this.wake()
  }

  /** Claims and sends nothing more; what is on the network is still written down. */
  stop(): void {
    this.#isRunning = false
    this.#cancelTimer()
    this.#takeOver.stop()
    this.#becomeIdle()
  }

  /** Looks for work; cheap, safe to call at any hint. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isCycling && this.#isRunning) void this.#cycle()
  }

  /** Tries these now, whatever was planned. */
  hasten(ids: Iterable<string>): void {
    for (const id of ids) this.#forced.add(id)
    this.#options.pauses.clear()
    this.wake()
  }

  /** Tries everything now; resolves when each has had its attempt or cannot have one. */
  syncNow(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve()
    this.#needsSignIn = false
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
      while (this.#isWoken && this.#isRunning) {
        this.#isWoken = false
        await this.#fill()
      }
    } catch (error) {
      this.#reportStorage(error)
      this.#arm(this.#options.clock.now() + SKIP_MS)
    } finally {
      this.#isCycling = false
    }
  }

  async #fill(): Promise<void> {
    const { queue, api, clock, pauses, tabId } = this.#options
    while (this.#isSending && !queue.isOutdated) {
      const now = clock.now()
      const isForced = this.#forced.size > 0
      const quietUntil = isForced ? 0 : pauses.quietUntil
      if (quietUntil > now) {
        // Nothing may be sent before that, so a click made offline need not look at all the others.
        this.#arm(quietUntil)
        break
      }
      const force = (record: { id: string }) => this.#forced.has(record.id)
      const free = () => this.#slots.free(pauses.parallel)
      const notBefore = (record: Single<'queued' | 'waiting'>) => this.#notBefore(record, now)
      const pick = () => pickDue(queue.mirror.unfinished(), { now, limit: free(), force, notBefore })
      if (free() <= 0) return
      const { due, nextAt } = pick()
      if (due.length === 0) {
        this.#arm(nextAt)
        break
      }
      const authorization = await api.authorize()
      if (authorization == null) return this.#askForSignIn()
      pauses.noteAttempt()
      const { claimed, refused } = await queue.run(claim(() => pick().due, { now, tabId, force }))
      for (const { id } of claimed) this.#forced.delete(id)
      for (const id of refused) {
        this.#forced.delete(id)
        // This tab was wrong about it; if it still is, by an entry it cannot read, it must not ask without a pause.
        this.#skipped.set(id, now + SKIP_MS)
      }
      for (const { id } of claimed) this.#busy.add(id)
      this.#slots.add(claimed.map((record) => ({ record, authorization })))
      this.#send()
    }
    if (this.#busy.size === 0) this.#becomeIdle()
    // Off the hot path: deleting each one as it settles would make a long queue a third slower.
    if (this.#busy.size === 0 || queue.mirror.settledCount > MOST_SETTLED) this.#tidy()
  }

  #notBefore(record: Single<'queued' | 'waiting'>, now: number): number {
    const { findAction, pauses } = this.#options
    if (findAction(record.action) === undefined) return Number.POSITIVE_INFINITY
    const skipped = plannedInstant(this.#skipped.get(record.id) ?? 0, now, SKIP_MS)
    return Math.max(pauses.notBefore(record.action), this.#takeOver.turnOf(record, now), skipped)
  }

  #send(): void {
    const { queue, pauses } = this.#options
    if (!this.#isSending) this.#giveBack()
    for (let next = this.#slots.take(pauses.parallel); next !== undefined; next = this.#slots.take(pauses.parallel)) {
      const { id, attempts } = next.record
      const current = queue.mirror.get(id)
      if (current?.state === 'sending' && current.attempts === attempts) void this.#attempt(next)
      // Meanwhile taken back by a person, or by another tab.
      else this.#done(id)
    }
  }

  /** What is claimed and has no place on the network is as if it had not been claimed. */
  #giveBack(): void {
    const records = this.#slots.clear()
    if (records.length === 0) return
    const done = () => {
      for (const { id } of records) this.#busy.delete(id)
      this.wake()
    }
    // Where that cannot be written, they are taken back as a dead tab's are.
    void this.#options.queue.run(unclaim(records)).then(done, done)
  }

  async #attempt(claim: Claim): Promise<void> {
    const { record } = claim
    const { clock } = this.#options
    const startedAt = clock.now()
    this.#skipped.delete(record.id)
    try {
      await sendClaim(claim, this.#options, ({ outcome }) => {
        // Before it is written down: from that moment on a mutation refused with 401 is due again.
        if (outcome.kind === 'unauthenticated') this.#askForSignIn()
        const isQuick = outcome.kind === 'success' && clock.now() - startedAt <= QUICK_MS
        this.#slots.leave(record.id, isQuick)
        if (isQuick) this.#send()
        else this.#giveBack()
        // The next ones are claimed in the same transaction: half the cost of a long queue.
        this.wake()
      })
    } catch (error) {
      this.#giveBack()
      this.#reportStorage(error)
    } finally {
      this.#done(record.id)
      this.wake()
    }
  }

  #reportStorage(error: unknown): void {
    const message = 'The offline queue could not be read or written. Nothing is lost: it is tried again, and a mutation keeps its key.'
    this.#options.report('STORAGE_REFUSED', `${message} ${describeError(error)}`)
  }

  #done(id: string): void {
    this.#slots.leave(id)
    this.#busy.delete(id)
  }

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  get #isSending(): boolean {
    return this.#isRunning && !this.#needsSignIn
  }

  #askForSignIn(): void {
    if (this.#needsSignIn) return
    this.#needsSignIn = true
    this.#becomeIdle()
    this.#options.onSignInNeeded()
  }

  #becomeIdle(): void {
    this.#giveBack()
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
