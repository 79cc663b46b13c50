import type { Clock } from '../ports/Clock.js'
import { inTime } from '../retry/inTime.js'
import { describeError } from '../telemetry/report.js'
import type { SupabaseChangeSourceOptions } from './supabaseChangeSource.js'

/** As long as the queue waits for a token. Milliseconds. */
const LIMIT_MS = 20_000

type TokenOptions = Pick<SupabaseChangeSourceOptions, 'supabase' | 'getAccessToken'> & { clock: Clock }

/**
 * Hands the present token to the connection. A channel joined without it is told SUBSCRIBED all the same,
 * and row-level security then drops every change in silence.
 */
export class SupabaseToken {
  readonly #options: TokenOptions
  #asked = 0
  /** Which question's token the connection has; older ones come too late. */
  #given = 0

  constructor(options: TokenOptions) {
    this.#options = options
  }

  /** Undefined once the connection has the token, else why not. Never rejects, and ends in time whatever the host's function does. */
  async hand(): Promise<string | undefined> {
    const { supabase, getAccessToken, clock } = this.#options
    const turn = ++this.#asked
    try {
      if (!getAccessToken) {
        await inTime(supabase.realtime.setAuth(), clock, LIMIT_MS)
        return undefined
      }
      const token = await inTime(getAccessToken(), clock, LIMIT_MS)
      if (token === null) return 'no access token'
      if (turn < this.#given) return undefined
      this.#given = turn
      await inTime(supabase.realtime.setAuth(token), clock, LIMIT_MS)
      return undefined
    } catch (error) {
      return `the access token cannot be had now. ${describeError(error)}`
    }
  }
}
