import type { SyncChange } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ChangeFeed, TenantChange } from './ChangeFeed.js'

export interface ChangeFeedOptions {
  /** How often to look for other writers' changes, in milliseconds. > 0. @default 200 */
  pollMs?: number
  /** Hears of failed reads; the feed goes on with the next poll. */
  onError?: (error: unknown) => void
}

interface FeedPage extends SqlRow {
  page: { changes: { tenant: string; change: SyncChange }[]; xid: string; seq: string; hasMore: boolean }
}

/** Reads the change log of all organisations as it grows. */
export function createChangeFeed(database: Database, { pollMs = 200, onError = () => undefined }: ChangeFeedOptions = {}): ChangeFeed {
  const listeners = new Set<(changes: readonly TenantChange[]) => void>()
  let place: { xid: string; seq: string } | null = null
  let reading: Promise<void> | null = null
  let again = false
  let timer: NodeJS.Timeout | undefined
  let stopListening = (): void => undefined
  let closed = false

  const readPage = async (): Promise<boolean> => {
    const [row] = await database.query<FeedPage>('select sync.read_feed($1::xid8, $2::bigint) as page', [
      place?.xid ?? null,
      place?.seq ?? null,
    ])
    if (row === undefined || closed) return false
    place = { xid: row.page.xid, seq: row.page.seq }
    if (row.page.changes.length > 0) for (const listener of listeners) listener(row.page.changes)
    return row.page.hasMore
  }
  const drain = async (): Promise<void> => {
    do {
      again = false
      while (!closed && (await readPage()));
    } while (again && !closed)
  }
  // One reader at a time; a commit during a read asks for one more.
  const wake = (): void => {
    again = true
    if (reading !== null || closed || place === null) return
    reading = drain()
      .catch(onError)
      .finally(() => {
        reading = null
        // A commit between the last look and here.
        if (again) wake()
      })
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async start() {
      await readPage()
      stopListening = database.onCommit(wake)
      timer = setInterval(wake, pollMs)
      timer.unref()
    },
    async close() {
      closed = true
      stopListening()
      clearInterval(timer)
      await reading
    },
  }
}
