import type { AnyAction } from '@org/contracts/client'
import type { LastError, MutationRecord, SingleRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { echoed } from '../mutation/transitions.js'
import type { Clock } from '../ports/Clock.js'
import { change } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { Report } from '../telemetry/report.js'
import type { Attempted } from './Sender.js'

export interface AnswerWatchOptions {
  queue: OfflineQueue
  clock: Clock
  report: Report
  findAction: (name: string) => AnyAction | undefined
}

/** Made once per user, with the first row that names one of their clicks. @param hasten tries this one now */
export type WatchAnswers = (options: AnswerWatchOptions, hasten: (id: string) => void) => AnswerWatch

/**
 * Watches for answers that say less than they should: a committed row shows that a click took effect whose answer did
 * not arrive, or came without the key. Rows come by realtime and catch-up alone, and so does this code.
 */
export class AnswerWatch {
  readonly #options: AnswerWatchOptions
  readonly #hasten: (id: string) => void
  /** Their rows were seen while they were being sent. */
  readonly #seen = new Set<string>()
  #isStripReported = false

  constructor(options: AnswerWatchOptions, hasten: (id: string) => void) {
    this.#options = options
    this.#hasten = hasten
  }

  /** A committed row names this mutation as its author. */
  rowSeen(record: MutationRecord): void {
    if (isBulk(record) || hasEnded(record)) return
    if (record.state === 'sending') this.#seen.add(record.id)
    else this.#followUp(record)
  }

  attempted({ record, acknowledged }: Attempted): void {
    const { record: current } = acknowledged
    if (this.#seen.delete(record.id) && current !== undefined && !hasEnded(current)) this.#followUp(current)
  }

  #followUp(record: SingleRecord): void {
    const { lastError, state } = record
    const isLost = lastError?.kind === 'transport' && lastError.status === null
    // The server owns it (202) and its row has moved, or its answer was lost: the same key brings it.
    if (state === 'waiting' || (isLost && state !== 'unknown')) this.#hasten(record.id)
    else if (isStripped(lastError) || state === 'unknown') void this.#look(record)
  }

  async #look(record: SingleRecord): Promise<void> {
    const { queue, clock, findAction, report } = this.#options
    if (isStripped(record.lastError) && !this.#isStripReported) {
      this.#isStripReported = true
      report('ECHO_MISSING')
    }
    // Its row alone does not say that an SMS was sent; only the ledger does.
    const why = findAction(record.action)?.isUntried === undefined ? 'echoed' : 'unread'
    const decide = (current: MutationRecord) => {
      if (isBulk(current)) return undefined
      return current.state === 'queued' || current.state === 'blocked' || current.state === 'unknown' ? echoed(current, why) : undefined
    }
    // Where it cannot be written, it is sent again with its own key.
    await queue.run(change(record, decide, { now: clock.now() })).catch(() => undefined)
  }
}

function isStripped(error: LastError | null): boolean {
  return error?.code === 'NO_ECHO' && error.status !== null && error.status >= 200 && error.status < 300
}
