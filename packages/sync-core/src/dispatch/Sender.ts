import type { Single } from '../mutation/MutationRecord.js'
import { unclaim } from '../queue/change.js'
import type { Verdict } from './attempt.js'
import { type Claim, SendSlots } from './SendSlots.js'
import { type SendOptions, sendClaim } from './sendClaim.js'

/** An answer that takes longer says that the network is what is waited for. */
const QUICK_MS = 100

export interface SenderOptions extends SendOptions {
  /** Requests at once; 0: none, and what is claimed and not on the network yet is given back. */
  atOnce: () => number
  /** An answer came, and what follows is not written down yet. */
  onVerdict: (claim: Claim, verdict: Verdict) => void
  /** Something was given back, or written down: there may be more to do. */
  onFree: () => void
  onStorageError: (error: unknown) => void
}

/** What has been claimed: on the network, waiting for a place there, or answered and not yet written down. */
export class Sender {
  readonly #options: SenderOptions
  readonly #slots = new SendSlots()
  readonly #busy = new Set<string>()
  readonly #waiting: (() => void)[] = []

  constructor(options: SenderOptions) {
    this.#options = options
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

  /** How many more may be claimed. */
  free(atOnce: number): number {
    return this.#slots.free(atOnce)
  }

  add(claims: readonly Claim[]): void {
    for (const { record } of claims) this.#busy.add(record.id)
    this.#slots.add(claims)
    this.#send()
  }

  /** What is claimed and has no place on the network is as if it had not been claimed. */
  giveBack(): void {
    const records = this.#slots.clear()
    if (records.length === 0) return
    const done = () => {
      for (const { id } of records) this.#done(id)
      this.#options.onFree()
    }
    // Where that cannot be written, they are taken back as a dead tab's are.
    const { queue, clock } = this.#options
    void Promise.all(records.map((record) => queue.run(unclaim(record, clock.now())))).then(done, done)
  }

  #send(): void {
    const { atOnce } = this.#options
    if (atOnce() === 0) this.giveBack()
    for (let next = this.#slots.take(atOnce()); next !== undefined; next = this.#slots.take(atOnce())) {
      if (this.#isStillClaimed(next.record)) void this.#attempt(next)
      // Meanwhile taken back by a person, or by another tab.
      else this.#done(next.record.id)
    }
  }

  #isStillClaimed({ id, attempts }: Single<'sending'>): boolean {
    const current = this.#options.queue.records.get(id)
    return current?.state === 'sending' && current.attempts === attempts
  }

  async #attempt(claim: Claim): Promise<void> {
    const { clock, onVerdict, onFree, onStorageError } = this.#options
    const startedAt = clock.now()
    try {
      await sendClaim(claim, this.#options, (verdict) => {
        onVerdict(claim, verdict)
        const isQuick = verdict.outcome.kind === 'success' && clock.now() - startedAt <= QUICK_MS
        this.#slots.leave(claim.record.id, isQuick)
        if (isQuick) this.#send()
        else this.giveBack()
        // The next ones are claimed in the same transaction: half the cost of a long queue.
        onFree()
      })
    } catch (error) {
      this.giveBack()
      onStorageError(error)
    } finally {
      this.#done(claim.record.id)
      onFree()
    }
  }

  #done(id: string): void {
    this.#slots.leave(id)
    this.#busy.delete(id)
    if (this.isIdle) for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
