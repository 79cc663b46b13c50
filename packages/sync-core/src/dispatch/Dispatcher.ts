import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Connectivity } from '../ports/Connectivity.js'
import { claim, unclaim } from '../queue/claim.js'
import { pickDue } from '../queue/pickDue.js'
import type { MirrorChange } from '../queue/QueueMirror.js'
import { plannedInstant } from '../retry/backoff.js'
import { describeError, type Report } from '../store/report.js'
import { createTidier } from './createTidier.js'
import { NetworkHints } from './NetworkHints.js'
import { type Claim, Places } from './Places.js'
import type { Presence } from './Presence.js'
import { Sender, type SenderOptions } from './Sender.js'
import { SignInGate } from './SignInGate.js'
import { TakeOver } from './TakeOver.js'

/** After a claim that storage refused. */
const SKIP_MS = 1_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000
/** An answer that takes longer says that the network is what is waited for. */
const QUICK_MS = 100

export interface DispatcherOptions extends SenderOptions {
  presence: Presence
  connectivity: Connectivity
  report: Report
  /** A refreshed token was refused as well, or there is none. */
  onSignInNeeded: () => void
}

/** The loop: claims what is due, hands it to be sent, looks again. Decisions are made elsewhere. */
export class Dispatcher {
  readonly network: NetworkHints
  readonly signIn: SignInGate
  readonly #options: DispatcherOptions
  readonly #sender: Sender
  readonly #takeOver: TakeOver
  readonly #tidy: () => void
  readonly #places = new Places()
  /** Claimed, and what follows is not yet written down. */
  readonly #busy = new Set<string>()
  readonly #forced = new Set<string>()
  readonly #skipped = new Map<string, number>()
  #state: 'running' | 'paused' | 'stopped' = 'paused'
  #isCycling = false
  #isWoken = false
  #cancelTimer = () => {}
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.network = new NetworkHints(options)
    this.#sender = new Sender(options)
    this.#takeOver = new TakeOver({ ...options, isBusy: (id) => this.#busy.has(id), onRecovered: () => this.wake() })
    this.#tidy = createTidier(options)
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
      const free = () => this.#places.free(isProbing && !isForced ? 1 : pauses.parallel)
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
      for (const { id } of claimed) this.#busy.add(id)
      this.#places.add(claimed.map((record) => ({ record, authorization })))
      this.#send()
    }
    if (this.#busy.size === 0) this.#becomeIdle()
    // Off the hot path: deleting each one as it settles would make a long queue a third slower.
    if (this.#busy.size === 0 || queue.mirror.settledCount > MOST_SETTLED) this.#tidy()
  }

  #notBefore(record: MutationRecord, now: number): number {
    const { findAction, pauses } = this.#options
    if (findAction(record.action) === undefined) return Number.POSITIVE_INFINITY
    const skipped = plannedInstant(this.#skipped.get(record.id) ?? 0, now, SKIP_MS)
    return Math.max(pauses.notBefore(record.action, now), this.#takeOver.turnOf(record, now), this.network.notBefore(now), skipped)
  }

  #send(): void {
    const { queue, pauses } = this.#options
    if (this.#state !== 'running' || !this.signIn.isOpen) this.#giveBack()
    for (let next = this.#places.take(pauses.parallel); next !== undefined; next = this.#places.take(pauses.parallel)) {
      const { id, attempts } = next.record
      const current = queue.mirror.get(id)
      if (current?.state === 'sending' && current.attempts === attempts) void this.#attempt(next)
      // Meanwhile taken back by a person, or by another tab.
      else this.#done(id)
    }
  }

  /** What is claimed and has no place on the network is as if it had not been claimed. */
  #giveBack(): void {
    const records = this.#places.clear()
    if (records.length === 0) return
    const done = () => {
      for (const { id } of records) this.#busy.delete(id)
      this.wake()
    }
    // Where that cannot be written, they are taken back as a dead tab's are.
    void this.#options.queue.run(unclaim(records)).then(done, done)
  }

  async #attempt({ record, authorization }: Claim): Promise<void> {
    const { report, clock } = this.#options
    const startedAt = clock.now()
    this.#skipped.delete(record.id)
    try {
      await this.#sender.send(record, authorization, ({ outcome }) => {
        // Before it is written down: from that moment on a mutation refused with 401 is due again.
        this.signIn.note(outcome)
        const isQuick = outcome.kind === 'success' && clock.now() - startedAt <= QUICK_MS
        this.#places.leave(record.id, isQuick)
        if (isQuick) this.#send()
        else this.#giveBack()
        // The next ones are claimed in the same transaction: half the cost of a long queue.
        this.wake()
      })
    } catch (error) {
      this.#giveBack()
      report(
        'STORAGE_REFUSED',
        `What became of an attempt could not be written down; it will be sent again with its key. ${describeError(error)}`,
      )
    } finally {
      this.#done(record.id)
      this.wake()
    }
  }

  #done(id: string): void {
    this.#places.leave(id)
    this.#busy.delete(id)
  }

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  #becomeIdle(): void {
    this.#giveBack()
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
