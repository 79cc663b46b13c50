import type { ChangeSource, FeedHandlers } from '@org/sync-core'

/** Realtime that works: every table that is watched gets what is pushed, at once. */
export class FakeFeed implements ChangeSource {
  readonly #joined = new Map<string, FeedHandlers>()

  join(table: string, handlers: FeedHandlers): () => void {
    this.#joined.set(table, handlers)
    handlers.onStatus('flowing')
    return () => void this.#joined.delete(table)
  }

  push(table: string, change: unknown): void {
    this.#joined.get(table)?.onChange(change)
  }

  async refreshAuth(): Promise<void> {}

  close(): void {
    this.#joined.clear()
  }
}
