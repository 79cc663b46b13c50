import type { User } from '../identity/scopeName.js'
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
  channel(topic: string, options: { config: { private: boolean; broadcast: object } }): SupabaseChannelLike
  removeChannel(channel: SupabaseChannelLike): Promise<unknown>
  realtime: { setAuth(token?: string | null): Promise<void> }
}

export interface SupabaseChannelLike {
  /** "closed" until it is joined. */
  readonly state: string
  on(type: 'broadcast', filter: { event: string }, callback: (message: { payload?: unknown }) => void): unknown
  on(type: 'system', filter: object, callback: (payload: { status?: unknown; message?: unknown }) => void): unknown
  subscribe(callback: (status: string, error?: Error) => void): unknown
}

/** "realtime:" before it, a name has to fit into 255 bytes. */
const LONGEST_TOPIC_BYTES = 246

export interface SupabaseChangeSourceOptions {
  /** The host's own client, unmodified. Its other channels are left alone. */
  supabase: SupabaseLike
  clock: Clock
  random: Random
  /**
   * The token that says which channels may be joined, when the client has none of its own (no `auth` session and no
   * `accessToken` option). Without it the client's own way is used.
   */
  getAccessToken?: () => Promise<string | null>
}

/**
 * Broadcast from the database over the host's Supabase client: one private channel a table and organisation,
 * `sync:<table>:<tenant>`. Only changes come this way; gaps are the service's to repair.
 */
export function createSupabaseChangeSource(options: SupabaseChangeSourceOptions): ChangeSource {
  const feeds = new Set<SupabaseFeed>()
  const token = new SupabaseToken(options)
  let user: User | null = null

  return {
    setUser: (present) => {
      user = present
    },
    join: (table, handlers) => {
      if (user === null) throw new Error(`"${table}" was not joined: setUser has named nobody whose organisation's changes to hear.`)
      const topic = `sync:${table}:${user.tenant}`
      if (new TextEncoder().encode(topic).length > LONGEST_TOPIC_BYTES)
        throw new Error(`The database sends nothing on "${topic}": such a name is too long.`)
      const feed = new SupabaseFeed({ ...options, topic, handlers, token })
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
