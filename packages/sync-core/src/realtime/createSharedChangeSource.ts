import { scopeName } from '../identity/scopeName.js'
import type { ChangeSource, FeedHandlers } from '../ports/ChangeSource.js'
import type { Tabs } from '../tabs/Tabs.js'
import { TabShare } from './TabShare.js'

export interface SharedChangeSourceOptions {
  /** The connection that only one tab opens. */
  source: ChangeSource
  tabs: Tabs
}

/**
 * One connection for all tabs of a user: the tab that holds a Web Lock has it and passes changes on, with a
 * growing term so that a leader that was replaced while it hung is not believed. A tab that can see no leader
 * connects by itself; hearing a change twice is harmless, because changes merge by version.
 *
 * Only changes are shared. Each tab reads the change log by itself, so nothing hangs on another tab's health.
 * Without Web Locks each tab has its own connection.
 */
export function createSharedChangeSource({ source, tabs }: SharedChangeSourceOptions): ChangeSource {
  if (!tabs.options.locks.available) return source
  const local = new Map<string, FeedHandlers>()
  let share: TabShare | null = null

  return {
    setUser: (user) => {
      share?.close()
      source.setUser?.(user)
      share = user === null ? null : new TabShare({ source, tabs, scope: scopeName(user), local })
    },
    join: (table, handlers) => {
      local.set(table, handlers)
      share?.onLocalJoin(table)
      return () => {
        if (local.get(table) !== handlers) return
        local.delete(table)
        share?.onLocalLeave()
      }
    },
    refreshAuth: () => (share?.isConnected ? source.refreshAuth() : Promise.resolve()),
    close: () => {
      share?.close()
      share = null
      local.clear()
      source.close()
    },
  }
}
