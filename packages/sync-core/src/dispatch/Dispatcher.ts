import type { MutationRecord } from '../mutation/MutationRecord.js'
import { claim, type Sendable } from '../queue/claim.js'
import { forget, pickForgettable } from '../queue/forget.js'
import type { RecordChange } from '../queue/Records.js'
import type { Presence } from '../tabs/Presence.js'
import { describeError, type Report } from '../telemetry/report.js'
import type { Wait } from './Outlook.js'
import { pickTurn, type Turn } from './pickTurn.js'
import { type AttemptEvents, Sender, type SendLoop, type SendOptions } from './Sender.js'
import { TakeOver } from './TakeOver.js'

/** Until what storage refused, or had otherwise than this tab thought, is looked at again. */
const PAUSE_MS = 1_000
/** Clicks that wait for a place on the network for longer are said to wait. */
const A_MOMENT_MS = 1_000
/** Beyond this, settled mutations are forgotten in the middle of work, too. */
const MOST_SETTLED = 2_000

export interface DispatcherOptions extends SendOptions {
  presence: Presence
  report: Report
  /** How all clicks stand is told. */
  status: { allChanged(): void }
}

/** The loop: claims what is due, hands it to be sent, looks again. Decisions are made elsewhere, once a turn. */
export class Dispatcher implements SendLoop {
  readonly #options: DispatcherOptions
  readonly #takeOver: TakeOver
  readonly #sender: Sender
  readonly #forced = new Set<string>()
  #isRunning = false
  #isCycling = false
  #isWoken = false
  #isTidying = false
  #cancelTimer = () => {}
  #wait: Wait | null = null
  /** Another one of its lane goes before some click. */
  #isBehind = false
  /** Until clicks have waited for a moment. */
  #cancelMoment: (() => void) | undefined
  #idle: (() => void)[] = []

  constructor(options: DispatcherOptions, events: AttemptEvents) {
    this.#options = options
    this.#sender = new Sender(options, events, this)
    this.#takeOver = new TakeOver(options, { isBusy: (id) => this.#sender.isBusy(id), onRecovered: () => this.wake() })
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
    this.#cancelMoment?.()
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
    // What is not stored yet, and what is being sent, leave nothing to do.
    if (changes.some(({ after }) => after === undefined || (after.seq !== null && after.state !== 'sending'))) this.wake()
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
      this.reportStorage(error)
      this.#arm(this.#options.clock.now() + PAUSE_MS)
    } finally {
      this.#isCycling = false
    }
  }

  /** Turn by turn, until nothing more is due or there is no room. */
  async #fill(): Promise<void> {
    const { queue } = this.#options
    let nextAt: number | null | undefined
    this.#isBehind = false
    while (nextAt === undefined && queue.records.unfinishedCount > 0 && !queue.isOutdated) {
      const { atOnce } = this
      if (atOnce === 0) break
      if (this.#sender.free(atOnce) <= 0) return this.#noteWait('place')
      nextAt = await this.#take(this.#beginTurn(atOnce))
    }
    this.#arm(nextAt ?? null)
    this.#noteWait(this.#isBehind ? 'lane' : null)
    if (this.#sender.isIdle) this.#becomeIdle()
    // Off the hot path: deleting each one as it settles would make a long queue a third slower.
    if (this.#sender.isIdle || queue.records.settledCount > MOST_SETTLED) this.#tidy()
  }

  /** Clicks wait, or none does; that is said once it takes longer than a moment. */
  #noteWait(wait: Wait | null): void {
    this.#wait = wait
    if (wait === null) {
      this.#cancelMoment?.()
      this.#cancelMoment = undefined
    } else this.#cancelMoment ??= this.#options.clock.setTimer(() => this.#tellWait(), A_MOMENT_MS)
    if (wait === null || this.#options.outlook.wait !== null) this.#tellWait()
  }

  #tellWait(): void {
    const { outlook, status } = this.#options
    // What was claimed ahead would only seem to be sent.
    if (this.#wait === 'place') this.#sender.giveBack()
    if (outlook.noteWait(this.#wait)) status.allChanged()
  }

  #beginTurn(atOnce: number): Turn {
    const { outlook, findAction } = this.#options
    const prospect = outlook.prospect()
    return {
      ...prospect,
      atOnce,
      isForced: ({ id }) => this.#forced.has(id),
      // Infinity: this page does not know the action.
      notBefore: (record) =>
        findAction(record.action) === undefined
          ? Number.POSITIVE_INFINITY
          : Math.max(prospect.notBefore(record), this.#takeOver.turnOf(record, prospect.now)),
    }
  }

  /** Claims what is due. @returns when to look again; undefined: at once, null: when something changes */
  async #take(turn: Turn): Promise<number | null | undefined> {
    const { queue, api, outlook, tabId } = this.#options
    // Nothing may be sent before that, so a click made offline need not look at all the others.
    if (turn.quietUntil > turn.now && this.#forced.size === 0) return turn.quietUntil
    let nextAt: number | null | undefined
    const pick = (unfinished: Iterable<MutationRecord>): readonly Sendable[] => {
      const picked = pickTurn(unfinished, turn, this.#sender.free(turn.atOnce))
      nextAt = picked.nextAt
      this.#isBehind = picked.isBehind
      return picked.due
    }
    if (pick(queue.records.unfinished()).length === 0) return nextAt
    const permit = await api.authorize()
    if (permit === undefined) {
      this.#becomeIdle()
      return undefined
    }
    this.#isWoken = false
    const claimed = await queue.run(claim(pick, { sender: tabId, sendingAt: turn.now }))
    // What storage had otherwise has told so, and is looked at now.
    if (claimed.length === 0) return this.#isWoken ? undefined : turn.now + PAUSE_MS
    outlook.noteAttempt()
    for (const { id } of claimed) this.#forced.delete(id)
    this.#sender.add(claimed.map((record) => ({ record, permit })))
    return nextAt
  }

  reportStorage(error: unknown): void {
    this.#options.report('STORAGE_REFUSED', { what: 'queue', error: describeError(error) })
  }

  #arm(at: number | null): void {
    this.#cancelTimer()
    if (at === null || at === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    // A timer may come late (a throttled tab) but never means that the moment has come: the cycle looks again.
    this.#cancelTimer = clock.setTimer(() => this.wake(), Math.max(0, at - clock.now()))
  }

  /** Requests at once; 0: none may be sent. What finds out who is signed in goes alone. */
  get atOnce(): number {
    const leave = this.#isRunning ? this.#options.api.maySend() : 'no'
    if (leave === 'no') return 0
    return leave === 'probe' ? 1 : this.#options.outlook.atOnce
  }

  /** What may be sent for the user may have changed. */
  leaveChanged(): void {
    if (this.atOnce === 0) this.#becomeIdle()
    this.wake()
  }

  #becomeIdle(): void {
    this.#sender.giveBack()
    this.#forced.clear()
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Forgets settled mutations whose time is up, one step at a time. */
  #tidy(): void {
    const { queue, clock } = this.#options
    const forgettable = this.#isTidying ? [] : pickForgettable(queue.records, clock.now())
    if (forgettable.length === 0) return
    this.#isTidying = true
    const done = () => {
      this.#isTidying = false
    }
    void queue.run(forget(forgettable)).then(done, done)
  }
}
