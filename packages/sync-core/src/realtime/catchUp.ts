import { cursorGoneSchema, PATHS, syncChangesPageSchema, z } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import type { CatchUpFailure } from './tableState.js'

/** GET with the client's base URL and token; rejects when there was no answer in time. */
export type Read = (path: string, init?: { signal?: AbortSignal }) => Promise<{ status: number; body: unknown }>

export type CatchUpResult =
  /** `first`: it only fetched the first cursor. */
  | { kind: 'caught-up'; horizonLagMs: number; first: boolean }
  /** The cursor is void: rows have to be read anew. `newEpoch`: versions count anew too. */
  | { kind: 'gone'; newEpoch: boolean }
  | { kind: 'failed'; reason: CatchUpFailure }
  /** `reset` came in between. */
  | { kind: 'stopped' }

/** Reads the change log from this tab's cursor. The cursor lives in memory and moves here alone. */
export interface CatchUp {
  /** Reads to the end of the log. The result is that of a reading which began after this call. Never rejects. */
  run(): Promise<CatchUpResult>
  cursor(): string | null
  /** Forgets cursor and epoch; a reading under way ends as `stopped` and applies nothing more. */
  reset(): void
}

export interface CatchUpOptions {
  read: Read
  report: Report
  /** Takes the changes of one page, unchecked. The cursor moves past them afterwards. */
  apply: (changes: readonly unknown[]) => void
}

// One change this client cannot read must not keep it from all others, so each is checked by itself.
const pageSchema = z.looseObject({ ...syncChangesPageSchema.shape, changes: z.array(z.unknown()) })

export function createCatchUp({ read, report, apply }: CatchUpOptions): CatchUp {
  let cursor: string | null = null
  let epoch: string | null = null
  let life = new AbortController()
  /** The reading that began last. */
  let present: Promise<unknown> = Promise.resolve()
  /** The one that begins when it ends: in a moment, so that tables which are subscribed together share it. */
  let next: Promise<CatchUpResult> | null = null

  async function readToEnd(signal: AbortSignal): Promise<CatchUpResult> {
    for (;;) {
      const since = cursor
      const answer = await readPage(since, signal)
      if (signal.aborted) return { kind: 'stopped' }
      if (answer === null) return { kind: 'failed', reason: 'network' }
      const refusal = refusalOf(answer.status, answer.body)
      if (refusal) return refusal
      const page = pageSchema.safeParse(answer.body)
      if (!page.success || (page.data.hasMore && page.data.next === since)) return malformed()
      if (epoch !== null && page.data.epoch !== epoch) return gone(page.data.epoch)
      epoch = page.data.epoch
      apply(page.data.changes)
      // What `apply` called may have signed the user out.
      if (signal.aborted) return { kind: 'stopped' }
      cursor = page.data.next
      if (!page.data.hasMore) return { kind: 'caught-up', horizonLagMs: page.data.horizonLagMs, first: since === null }
    }
  }

  /** Null when there was no answer. */
  function readPage(since: string | null, signal: AbortSignal) {
    const path = since === null ? PATHS.syncChanges : `${PATHS.syncChanges}?since=${encodeURIComponent(since)}`
    return read(path, { signal }).catch(() => null)
  }

  function refusalOf(status: number, body: unknown): CatchUpResult | null {
    if (status === 200) return null
    const lost = cursorGoneSchema.safeParse(body)
    if (status === 410 && lost.success && cursor !== null) return gone(lost.data.epoch)
    if (status === 401) return { kind: 'failed', reason: 'signed-out' }
    return { kind: 'failed', reason: status === 403 ? 'denied' : 'server' }
  }

  function gone(present: string): CatchUpResult {
    const newEpoch = present !== epoch
    cursor = null
    // Remembered, because the epoch may change once more before the next cursor is read.
    epoch = present
    return { kind: 'gone', newEpoch }
  }

  function malformed(): CatchUpResult {
    report('CHANGES_MALFORMED', 'A page of the change log could not be read, so rows may be out of date. It will be asked for again.')
    return { kind: 'failed', reason: 'malformed' }
  }

  /** The one under way may have read its last page before what the caller wants to see was committed. */
  function beginAfter(before: Promise<unknown>): Promise<CatchUpResult> {
    const { signal } = life
    return before.then(() => {
      if (signal.aborted) return { kind: 'stopped' }
      next = null
      const reading = readToEnd(signal)
      present = reading
      return reading
    })
  }

  return {
    run: () => {
      next ??= beginAfter(present)
      return next
    },
    cursor: () => cursor,
    reset: () => {
      life.abort()
      life = new AbortController()
      cursor = null
      epoch = null
      present = Promise.resolve()
      next = null
    },
  }
}
