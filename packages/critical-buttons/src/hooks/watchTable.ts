import type { SyncClient } from '@org/sync-core'

interface Watch {
  users: number
  stop: () => void
}

const watches = new WeakMap<SyncClient, Map<string, Watch>>()
const ignore = () => {}

/**
 * Keeps a table's changes coming while any component shows one of its rows. Ten thousand rows are
 * one subscription. Returns the release, to be called once.
 */
export function watchTable(client: SyncClient, table: string): () => void {
  const tables = watches.get(client) ?? new Map<string, Watch>()
  watches.set(client, tables)
  const watch = tables.get(table) ?? { users: 0, stop: client.realtime.subscribe(table, ignore) }
  tables.set(table, watch)
  watch.users += 1
  return () => {
    watch.users -= 1
    if (watch.users > 0) return
    watch.stop()
    tables.delete(table)
  }
}
