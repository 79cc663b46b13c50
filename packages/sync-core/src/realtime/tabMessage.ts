import type { FeedStatus } from '../ports/ChangeSource.js'

/** What tabs tell each other about the one connection they share. Each repeats whose it is. */
export type TabMessage = { scope: string; from: string; term: number } & (
  | { type: 'lead'; feeds: Readonly<Record<string, FeedStatus>> }
  | { type: 'status'; table: string; status: FeedStatus; reason?: string | undefined }
  | { type: 'change'; table: string; change: unknown }
  /** A follower: these tables, please. None: it goes. */
  | { type: 'want'; tables: readonly string[] }
)

/** Reads a message of another tab, perhaps of an older or newer page; null when it is none for `scope`. */
export function readTabMessage(message: unknown, scope: string): TabMessage | null {
  const { type, from, term, ...rest } = (message ?? {}) as Record<string, unknown>
  if (rest.scope !== scope || typeof from !== 'string' || typeof term !== 'number' || !Number.isFinite(term)) return null
  const isReadable =
    type === 'lead'
      ? typeof rest.feeds === 'object' && rest.feeds !== null
      : type === 'want'
        ? Array.isArray(rest.tables) && rest.tables.every((table) => typeof table === 'string')
        : (type === 'status' || type === 'change') && typeof rest.table === 'string'
  return isReadable ? (message as TabMessage) : null
}
