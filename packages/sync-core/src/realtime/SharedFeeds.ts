import type { ChangeSource, FeedStatus } from '../ports/ChangeSource.js'

export interface SharedFeedsOptions {
  /** The real connection. */
  source: ChangeSource
  onStatus: (table: string, status: FeedStatus, reason?: string) => void
  onChange: (table: string, change: unknown) => void
}

interface Feed {
  status: FeedStatus
  leave: () => void
}

/** The feeds of the real connection that this tab has joined for itself and for others; none while another tab has it. */
export class SharedFeeds {
  readonly #options: SharedFeedsOptions
  readonly #feeds = new Map<string, Feed>()

  constructor(options: SharedFeedsOptions) {
    this.#options = options
  }

  statusOf(table: string): FeedStatus | undefined {
    return this.#feeds.get(table)?.status
  }

  statuses(): Record<string, FeedStatus> {
    return Object.fromEntries([...this.#feeds].map(([table, { status }]) => [table, status]))
  }

  /** Joins what is wanted and not joined, and leaves what nobody wants. */
  follow(wanted: ReadonlySet<string>): void {
    for (const table of [...this.#feeds.keys()]) if (!wanted.has(table)) this.#leave(table)
    for (const table of wanted) if (!this.#feeds.has(table)) this.#join(table)
  }

  leaveAll(): void {
    this.follow(new Set())
  }

  #join(table: string): void {
    const { source, onStatus, onChange } = this.#options
    const feed: Feed = { status: 'connecting', leave: () => {} }
    this.#feeds.set(table, feed)
    const isCurrent = () => this.#feeds.get(table) === feed
    const leave = source.join(table, {
      onStatus: (status, reason) => {
        if (!isCurrent()) return
        feed.status = status
        onStatus(table, status, reason)
      },
      onChange: (change) => {
        if (isCurrent()) onChange(table, change)
      },
    })
    feed.leave = leave
    // Whoever was told at once may have left it already.
    if (!isCurrent()) leave()
  }

  #leave(table: string): void {
    const feed = this.#feeds.get(table)
    this.#feeds.delete(table)
    feed?.leave()
  }
}
