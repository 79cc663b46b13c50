import type { ChangeSource, FeedHandlers } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'

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

const MAX_REJOIN_MS = 30_000

/** One channel a table over the host's Supabase client. Only changes come this way; gaps are the service's to repair. */
export function createSupabaseChangeSource(options: SupabaseChangeSourceOptions): ChangeSource {
  const feeds = new Set<Feed>()

  return {
    join: (table, handlers) => {
      const feed = createFeed({ ...options, table, handlers, authorize: () => authorize(options) })
      feeds.add(feed)
      return () => {
        feeds.delete(feed)
        feed.leave()
      }
    },
    refreshAuth: async () => {
      const authorized = await authorize(options)
      if (authorized) for (const feed of feeds) feed.retryNow()
    },
    close: () => {
      for (const feed of feeds) feed.leave()
      feeds.clear()
    },
  }
}

/**
 * Hands the present token to the connection. A channel joined without it is told SUBSCRIBED all the same,
 * and row-level security then drops every change in silence.
 */
async function authorize({ supabase, getAccessToken }: SupabaseChangeSourceOptions): Promise<boolean> {
  try {
    if (!getAccessToken) await supabase.realtime.setAuth()
    else {
      const token = await getAccessToken()
      if (token === null) return false
      await supabase.realtime.setAuth(token)
    }
    return true
  } catch {
    return false
  }
}

type Feed = ReturnType<typeof createFeed>

interface FeedOptions extends SupabaseChangeSourceOptions {
  table: string
  handlers: FeedHandlers
  authorize: () => Promise<boolean>
}

function createFeed({ supabase, clock, random, schema = 'public', table, handlers, authorize }: FeedOptions) {
  let left = false
  let channel: SupabaseChannelLike | null = null
  let rejoins = 0
  let cancelRejoin: (() => void) | null = null

  async function join(): Promise<void> {
    cancelRejoin = null
    const authorized = await authorize()
    if (left || channel) return
    if (!authorized) return lose('no access token')
    serial += 1
    try {
      // `channel(name)` returns an existing one of that name, the host's perhaps; so the name is never reused.
      follow(supabase.channel(`sync:${table}:${serial}`))
    } catch (error) {
      channel = null
      lose(String(error))
    }
  }

  function follow(own: SupabaseChannelLike): void {
    channel = own
    const isCurrent = () => !left && channel === own
    let subscribed = false
    let flowing = false
    own.on('postgres_changes', { event: '*', schema, table }, (change) => {
      if (isCurrent()) handlers.onChange(change)
    })
    own.on('system', {}, (payload) => {
      const { extension, status, message } = (payload ?? {}) as Record<string, unknown>
      if (!isCurrent() || extension !== 'postgres_changes') return
      flowing = status === 'ok'
      if (!flowing) handlers.onStatus('lost', String(message))
      else if (subscribed) handlers.onStatus('flowing')
    })
    own.subscribe((status, error) => {
      if (!isCurrent()) return
      subscribed = status === 'SUBSCRIBED'
      if (subscribed) {
        rejoins = 0
        handlers.onStatus('joined')
        if (flowing) handlers.onStatus('flowing')
        return
      }
      flowing = false
      if (status === 'CLOSED') return abandon()
      // The client itself joins this channel again; with a fresh token, if ours was the trouble.
      void authorize()
      handlers.onStatus('lost', error?.message ?? status)
    })
  }

  /** The client has removed the channel (an expired token does that) and will never join it again. */
  function abandon(): void {
    channel = null
    lose('the server closed the channel')
  }

  function lose(reason: string): void {
    const ceiling = Math.min(MAX_REJOIN_MS, 1_000 * 2 ** Math.min(rejoins, 5))
    rejoins += 1
    cancelRejoin = clock.setTimer(() => void join(), ceiling * (0.5 + random.uniform() / 2))
    handlers.onStatus('lost', reason)
  }

  void join()

  return {
    leave(): void {
      left = true
      cancelRejoin?.()
      if (channel) void supabase.removeChannel(channel)
      channel = null
    },
    retryNow(): void {
      if (!cancelRejoin) return
      cancelRejoin()
      void join()
    },
  }
}

// Per page, not per source: a source made anew for another user must not meet the former one's channels.
let serial = 0
