import type { AttemptNews } from '../identity/IdentityEvent.js'
import { claim } from '../queue/claim.js'
import type { RecordChange } from '../queue/Records.js'
import { plannedInstant } from '../retry/backoff.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Presence } from '../tabs/Presence.js'
import { describeError, type Report } from '../telemetry/report.js'
import { createTidier } from './createTidier.js'
import type { Sendable } from './Outlook.js'
import { pickTurn, startAt, type Turn } from './pickTurn.js'
import { Sender } from './Sender.js'
import type { SendOptions } from './sendClaim.js'
import { TakeOver } from './TakeOver.js'

/** After a claim that storage refused. */
const SKIP_MS = 1_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000

export interface DispatcherOptions extends SendOptions {
  presence: Presence
  report: Report
}

/** The loop: claims what is due, hands it to be sent, looks again. Decisions are made elsewhere, once a turn. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #takeOver: TakeOver
  readonly #sender: Sender
  readonly #tidy: () => void
  readonly #forced = new Set<string>()
  readonly #skipped = new Map<string, number>()
  #isRunning = false
  #isCycling = false
  #isWoken = false
  #cancelTimer = () => {}
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#sender = new Sender({
      ...options,
      atOnce: () => this.#atOnce,
      onVerdict: ({ record, permit }, { outcome }) => {
        this.#skipped.delete(record.id)
        // Before it is written down: from that moment on a mutation refused at the door is due again.
        const news = newsOf(outcome)
        if (news !== undefined) options.api.tell(permit, news)
      },
      onFree: () => this.wake(),
      onStorageError: (error) => this.#reportStorage(error),
    })
    this.#takeOver = new TakeOver({ ...options, isBusy: (id) => this.#sender.isBusy(id), onRecovered: () => this.wake() })
    this.#tidy = createTidier(options)
  }

  start(): void {
    this.#isRunning = true
    this.#takeOver.start()
    this.wake()
  }

  /** Claims and sends nothing more; resolves when what is on the network is written down. */
  stop(): Promise<void> {
    this.#isRunning = false
    this.#cancelTimer()
    this.#takeOver.stop()
    this.#becomeIdle()
    return this.#sender.whenIdle()
  }

  /** Looks for work; cheap, safe to call at any hint. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isCycling && this.#isRunning) void this.#cycle()
  }

  /** Tries these now, whatever was planned for them. */
  hasten(ids: Iterable<string>): void {
    for (const id of ids) this.#forced.add(id)
    this.wake()
  }

  /** Tries everything now; resolves when each has had its attempt or cannot have one. */
  syncNow(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve()
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve))
    this.hasten([...this.#options.queue.records.unfinished()].map((record) => record.id))
    return idle
  }

  /** The queue changed: there may be something to send, or someone to watch over. */
  noteChanges(changes: readonly RecordChange[]): void {
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

  /** Turn by turn, until nothing more is due or there is no room. */
  async #fill(): Promise<void> {
    const { queue } = this.#options
    while (this.#isSending && !queue.isOutdated) {
      const turn = this.#beginTurn()
      if (this.#sender.free(turn.atOnce) <= 0) return
      const nextAt = this.#nextAt(turn)
      if (nextAt === undefined) await this.#take(turn)
      else {
        this.#arm(nextAt)
        break
      }
    }
    if (this.#sender.isIdle) this.#becomeIdle()
    // Off the hot path: deleting each one as it settles would make a long queue a third slower.
    if (this.#sender.isIdle || queue.records.settledCount > MOST_SETTLED) this.#tidy()
  }

  #beginTurn(): Turn {
    const { outlook } = this.#options
    const prospect = outlook.prospect()
    const forced = new Set(this.#forced)
    return {
      ...prospect,
      atOnce: this.#atOnce,
      isForced: ({ id }) => forced.has(id),
      notBefore: (record) => Math.max(prospect.notBefore(record), this.#turnOf(record, prospect.now)),
    }
  }

  /** When to look again; undefined: something is due now. */
  #nextAt(turn: Turn): number | null | undefined {
    // Nothing may be sent before that, so a click made offline need not look at all the others.
    if (turn.quietUntil > turn.now && this.#forced.size === 0) return turn.quietUntil
    const { due, nextAt } = this.#pick(turn)
    return due.length === 0 ? nextAt : undefined
  }

  async #take(turn: Turn): Promise<void> {
    const { queue, api, outlook, tabId } = this.#options
    const permit = await api.authorize()
    if (permit === undefined) return this.#becomeIdle()
    let isDue: (record: Sendable) => boolean = () => false
    const pick = () => {
      const { due } = this.#pick(turn)
      isDue = dueAs(due, turn)
      return due
    }
    const { claimed, refused } = await queue.run(claim(pick, { now: turn.now, tabId, isDue: (record) => isDue(record) }))
    if (claimed.length > 0) outlook.noteAttempt()
    for (const id of [...claimed.map((record) => record.id), ...refused]) this.#forced.delete(id)
    // This tab was wrong about them; if it still is, by an entry it cannot read, it must not ask without a pause.
    for (const id of refused) this.#skipped.set(id, turn.now + SKIP_MS)
    this.#sender.add(claimed.map((record) => ({ record, permit })))
  }

  #pick(turn: Turn) {
    return pickTurn(this.#options.queue.records.unfinished(), turn, this.#sender.free(turn.atOnce))
  }

  /** When this tab may send it, as far as tabs are concerned; Infinity: this page does not know the action. */
  #turnOf(record: Sendable, now: number): number {
    if (this.#options.findAction(record.action) === undefined) return Number.POSITIVE_INFINITY
    const skipped = plannedInstant(this.#skipped.get(record.id) ?? 0, now, SKIP_MS)
    return Math.max(this.#takeOver.turnOf(record, now), skipped)
  }

  #reportStorage(error: unknown): void {
    const message = 'The offline queue could not be read or written. Nothing is lost: it is tried again, and a mutation keeps its key.'
    this.#options.report('STORAGE_REFUSED', `${message} ${describeError(error)}`)
  }

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  get #isSending(): boolean {
    return this.#isRunning && this.#options.api.maySend() !== 'no'
  }

  /** Requests at once; 0: none may be sent. What finds out who is signed in goes alone. */
  get #atOnce(): number {
    if (!this.#isSending) return 0
    return this.#options.api.maySend() === 'probe' ? 1 : this.#options.outlook.atOnce
  }

  /** What may be sent for the user may have changed. */
  leaveChanged(): void {
    if (!this.#isSending) this.#becomeIdle()
    this.wake()
  }

  #becomeIdle(): void {
    this.#sender.giveBack()
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

/** What an outcome says about who is signed in; undefined: nothing, as it may have been given before anyone looked. */
function newsOf({ kind }: Outcome): AttemptNews | undefined {
  if (kind === 'unauthenticated' || kind === 'actor-mismatch') return kind
  return kind === 'transport' || kind === 'pause' ? undefined : 'accepted'
}

/** What storage has is judged by the rules it was picked by; the one that probes for the blocked ones was picked for that. */
function dueAs(due: readonly Sendable[], turn: Turn): (record: Sendable) => boolean {
  const probe = due.find((record) => record.state === 'blocked')?.id
  return (record) => (record.state === 'blocked' && record.id === probe) || startAt(record, turn) <= turn.now
}
