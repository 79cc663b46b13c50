import type { ChangeSource, FeedHandlers } from '../ports/ChangeSource.js'
import { describeError } from '../telemetry/report.js'

/**
 * A source whose code is loaded when the first table is joined, so that a page pays for it once it watches rows.
 * Meanwhile a table is connecting, and polled where that takes long; when the code cannot be had it is lost (and
 * polled), and asked for again with the next join, when the page is online again and when it is shown.
 */
export function createLazyChangeSource(load: () => Promise<ChangeSource>): ChangeSource {
  const joins = new Map<FeedHandlers, { table: string; leave: () => void }>()
  let source: ChangeSource | undefined
  let scope: string | null = null
  let isLoading = false
  let isClosed = false

  async function open(): Promise<void> {
    if (source || isLoading || joins.size === 0) return
    isLoading = true
    try {
      const loaded = await load()
      if (isClosed) loaded.close()
      else take(loaded)
    } catch (error) {
      for (const handlers of joins.keys()) handlers.onStatus('lost', describeError(error))
    } finally {
      isLoading = false
    }
  }

  function take(loaded: ChangeSource): void {
    source = loaded
    loaded.setScope?.(scope)
    for (const [handlers, join] of joins) join.leave = loaded.join(join.table, handlers)
  }

  return {
    setScope: (next) => {
      scope = next
      source?.setScope?.(next)
    },
    join: (table, handlers) => {
      if (source) return source.join(table, handlers)
      const join = { table, leave: () => {} }
      joins.set(handlers, join)
      void open()
      return () => {
        joins.delete(handlers)
        join.leave()
      }
    },
    refreshAuth: async () => {
      if (source) await source.refreshAuth()
      else await open()
    },
    close: () => {
      isClosed = true
      joins.clear()
      source?.close()
    },
  }
}
