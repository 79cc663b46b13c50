import type { ChangeSource } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'
import { SupabaseFeed } from './SupabaseFeed.js'
import { SupabaseToken } from './supabaseToken.js'

/**
 * What is used of a client made by `createClient` of `@supabase/supabase-js` 2. Named here, so that a team
 * without Supabase compiles without its types.
 */
export interface SupabaseLike {
  channel(name: string): SupabaseChannelLike
  removeChannel(channel: SupabaseChannelLike): Promise<unknown>
  realtime: { setAuth(token?: string | null): Promise<void> }
}

export interface SupabaseChannelLike {
  on(type: 'postgres_changes', filter: { event: '*'; schema: string; table: string }, callback: (change: unknown) => void): unknown
  on(type: 'system', filter: object, callback: (payload: unknown) => void): unknown
  subscribe(callback: (status: string, error?: Error) => void): unknown
}

export interface SupabaseChangeSourceOptions {
  /** The host's own client, unmodified. Its other channels are left alone. */
  supabase: SupabaseLike
  clock: Clock
  random: Random
  /** Postgres schema of the tables. @default "public" */
  schema?: string
  /**
   * The token row-level security decides by, when the client has none of its own (no `auth` session and no
   * `accessToken` option). Without it the client's own way is used.
   */
  getAccessToken?: () => Promise<string | null>
}

/** One channel a table over the host's Supabase client. Only changes come this way; gaps are the service's to repair. */
export function createSupabaseChangeSource(options: SupabaseChangeSourceOptions): ChangeSource {
  const feeds = new Set<SupabaseFeed>()
  const token = new SupabaseToken(options)

  return {
    join: (table, handlers) => {
      const feed = new SupabaseFeed({ ...options, table, handlers, token })
      feeds.add(feed)
      feed.join()
      return () => {
        feeds.delete(feed)
        feed.leave()
      }
    },
    refreshAuth: async () => {
      const isHanded = (await token.hand()) === undefined
      if (isHanded) for (const feed of feeds) feed.retryNow()
    },
    close: () => {
      for (const feed of feeds) feed.leave()
      feeds.clear()
    },
  }
}
