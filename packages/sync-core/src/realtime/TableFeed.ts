import type { ChangeSource, FeedHandlers, FeedStatus } from '../ports/ChangeSource.js'
import { isDelivering } from './tableState.js'

export interface TableFeedOptions {
  table: string
  source: ChangeSource
  onStatus: FeedHandlers['onStatus']
  onChange: FeedHandlers['onChange']
}

/** One table's place at the source: joined or not, and whether changes flow. Of a feed that was left nothing is heard. */
export class TableFeed {
  readonly #options: TableFeedOptions
  #leave: (() => void) | null = null
  #status: FeedStatus | 'none' = 'none'
  #flow = 0

  constructor(options: TableFeedOptions) {
    this.#options = options
  }

  get isJoined(): boolean {
    return this.#leave !== null
  }

  /** Which stretch of flowing it is in; 0 while nothing flows. */
  get flow(): number {
    return isDelivering(this.#status) ? this.#flow : 0
  }

  join(): void {
    if (this.#leave) return
    let isLeft = false
    let leaveSource = () => {}
    // A source may answer before `join` returns, and late after `leave`; whoever is told may leave at once.
    this.#leave = () => {
      isLeft = true
      leaveSource()
    }
    this.#hear('connecting')
    if (isLeft) return
    const leaveJoined = this.#options.source.join(this.#options.table, {
      onStatus: (status, reason) => isLeft || this.#hear(status, reason),
      onChange: (change) => isLeft || this.#options.onChange(change),
    })
    if (isLeft) leaveJoined()
    else leaveSource = leaveJoined
  }

  leave(): void {
    this.#leave?.()
    this.#leave = null
    this.#status = 'none'
  }

  #hear(status: FeedStatus, reason?: string): void {
    // Said again, it means that the channel was joined anew, so something may be missing.
    if (isDelivering(status)) this.#flow += 1
    this.#status = status
    this.#options.onStatus(status, reason)
  }
}
