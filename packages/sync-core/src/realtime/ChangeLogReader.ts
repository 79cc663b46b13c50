import { cursorGoneSchema, PATHS, syncChangesPageSchema, z } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import type { CatchUpFailure } from './tableState.js'

/** GET with the client's base URL and token; rejects when there was no answer in time. */
export type Read = (path: string, init?: { signal?: AbortSignal }) => Promise<{ status: number; body: unknown }>

export type CatchUpResult =
  /** `isFirst`: it only fetched the first cursor. */
  | { kind: 'caught-up'; horizonLagMs: number; isFirst: boolean }
  /** The cursor is void: rows have to be read anew. `isNewEpoch`: versions count anew too. */
  | { kind: 'gone'; isNewEpoch: boolean }
  | { kind: 'failed'; reason: CatchUpFailure }
  /** `reset` came in between. */
  | { kind: 'stopped' }

export interface ChangeLogReaderOptions {
  read: Read
  report: Report
  /** Takes the changes of one page, unchecked. The cursor moves past them afterwards. */
  apply: (changes: readonly unknown[]) => void
}

// One change this client cannot read must not keep it from all others, so each is checked by itself.
const pageSchema = z.looseObject({ ...syncChangesPageSchema.shape, changes: z.array(z.unknown()) })

/** Reads the change log from this tab's cursor. The cursor lives in memory and moves here alone. */
export class ChangeLogReader {
  readonly #options: ChangeLogReaderOptions
  #cursor: string | null = null
  #epoch: string | null = null
  #life = new AbortController()
  /** The reading that began last. */
  #present: Promise<unknown> = Promise.resolve()
  /** The one that begins when it ends: in a moment, so that tables which are subscribed together share it. */
  #next: Promise<CatchUpResult> | null = null

  constructor(options: ChangeLogReaderOptions) {
    this.#options = options
  }

  get cursor(): string | null {
    return this.#cursor
  }

  /** Reads to the end of the log. The result is that of a reading which began after this call. Never rejects. */
  catchUp(): Promise<CatchUpResult> {
    this.#next ??= this.#beginAfter(this.#present)
    return this.#next
  }

  /** Forgets cursor and epoch; a reading under way ends as `stopped` and applies nothing more. */
  reset(): void {
    this.#life.abort()
    this.#life = new AbortController()
    this.#cursor = null
    this.#epoch = null
    this.#present = Promise.resolve()
    this.#next = null
  }

  /** The one under way may have read its last page before what the caller wants to see was committed. */
  #beginAfter(before: Promise<unknown>): Promise<CatchUpResult> {
    const { signal } = this.#life
    return before.then(() => {
      if (signal.aborted) return { kind: 'stopped' }
      this.#next = null
      const reading = this.#readToEnd(signal)
      this.#present = reading
      return reading
    })
  }

  async #readToEnd(signal: AbortSignal): Promise<CatchUpResult> {
    for (;;) {
      const since = this.#cursor
      const answer = await this.#readPage(since, signal)
      if (signal.aborted) return { kind: 'stopped' }
      if (answer === null) return { kind: 'failed', reason: 'network' }
      const refusal = this.#refusalOf(answer.status, answer.body)
      if (refusal) return refusal
      const page = pageSchema.safeParse(answer.body)
      if (!page.success || (page.data.hasMore && page.data.next === since)) return this.#malformed()
      const { changes, next, hasMore, horizonLagMs, epoch } = page.data
      if (this.#epoch !== null && epoch !== this.#epoch) return this.#gone(epoch)
      this.#epoch = epoch
      this.#options.apply(changes)
      // What `apply` called may have signed the user out.
      if (signal.aborted) return { kind: 'stopped' }
      this.#cursor = next
      if (!hasMore) return { kind: 'caught-up', horizonLagMs, isFirst: since === null }
    }
  }

  /** Null when there was no answer. */
  #readPage(since: string | null, signal: AbortSignal) {
    const path = since === null ? PATHS.syncChanges : `${PATHS.syncChanges}?since=${encodeURIComponent(since)}`
    return this.#options.read(path, { signal }).catch(() => null)
  }

  #refusalOf(status: number, body: unknown): CatchUpResult | null {
    if (status === 200) return null
    const lost = cursorGoneSchema.safeParse(body)
    if (status === 410 && lost.success && this.#cursor !== null) return this.#gone(lost.data.epoch)
    if (status === 401) return { kind: 'failed', reason: 'signed-out' }
    return { kind: 'failed', reason: status === 403 ? 'denied' : 'server' }
  }

  #gone(epoch: string): CatchUpResult {
    const isNewEpoch = epoch !== this.#epoch
    this.#cursor = null
    // Remembered, because the epoch may change once more before the next cursor is read.
    this.#epoch = epoch
    return { kind: 'gone', isNewEpoch }
  }

  #malformed(): CatchUpResult {
    const message = 'A page of the change log could not be read, so rows may be out of date. It will be asked for again.'
    this.#options.report('CHANGES_MALFORMED', message)
    return { kind: 'failed', reason: 'malformed' }
  }
}
