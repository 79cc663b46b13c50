import type { AnyAction } from '@org/contracts/client'
import type { SupabaseChangeSourceOptions } from '../adapters/supabaseChangeSource.js'
import type { GetAccessToken } from '../identity/ApiClient.js'
import type { GetIdentity } from '../identity/askWho.js'
import type { IdentityError } from '../identity/identityTrouble.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import type { TabMemory } from '../ports/TabMemory.js'
import type { Telemetry } from '../ports/Telemetry.js'
import type { Transport } from '../ports/Transport.js'
import type { SnapshotLoader } from '../realtime/snapshot.js'
import type { LoadExplanations } from '../telemetry/report.js'
import type { RealtimeChunk } from './connectRealtime.js'

/** One implementation of each port. */
export interface ClientAdapters {
  clock: Clock
  random: Random
  /** Opens the durable store of one user. */
  storage: OpenStorage
  transport: Transport
  connectivity: Connectivity
  locks: Locks
  tabChannel: OpenTabChannel
  /** Remembers this tab's own user over a reload. @default none, as in a worker: the origin's last user is taken */
  tabMemory?: TabMemory | undefined
  /** Loads the code that keeps rows true. @default a dynamic import, which bundlers make a chunk of its own */
  loadRealtime?: (() => Promise<RealtimeChunk>) | undefined
  /** Loads the words of diagnostics. @default a dynamic import */
  loadExplanations?: LoadExplanations | undefined
  /** Where a developer reads what went wrong. @default console.warn */
  warn?: ((text: string) => void) | undefined
}

/** What a team tells its client. Everything is optional: without any, same origin, session cookie and polling. */
export interface SyncClientSettings {
  /** Origin and prefix of the API, for example "https://api.example.com". @default "", the page's own origin */
  apiUrl?: string
  /**
   * A fresh access token, asked for at each attempt and never stored. Null only when it is known that nobody is signed
   * in; throw while that is not known. @default the session cookie
   */
  getAccessToken?: GetAccessToken
  /** Who is signed in, for an API without GET /api/session. */
  getIdentity?: GetIdentity
  /**
   * For developers: called once for each cause that keeps it from being known who is signed in, beside one warning on
   * the console. People are told by the buttons.
   */
  onIdentityError?: (error: IdentityError) => void
  /**
   * Your Supabase client, unmodified: brings row changes on private channels that the database broadcasts to, without a
   * grant on any table. @default polling
   */
  supabase?: SupabaseChangeSourceOptions['supabase']
  /** Brings row changes another way, by Postgres Changes for example; wins over `supabase`. */
  changeSource?: ChangeSource
  /** Reads all rows of a table, for tables that this API does not list. @default this API's lists, those of tracked tables among them */
  snapshot?: SnapshotLoader
  /**
   * Actions whose buttons this page may not show, so that clicks of theirs, stored by an earlier page load, can be shown and
   * sent. The built-in ones are known without.
   */
  actions?: readonly AnyAction[]
  /** False for an API that does not echo `Idempotency-Key`: then any JSON counts as the server's answer, a captive portal's too. @default true */
  requireKeyEcho?: boolean
  /** Typed events about each mutation; never a request body, a token or a phone number. */
  onTelemetry?: Telemetry
  /** Unfinished mutations at most; the next click is refused with QUEUE_FULL. Integer ≥ 1. @default 1_000 */
  maxUnfinished?: number
  /** Size of their requests at most, in UTF-16 units of JSON. > 0. @default 5_000_000 */
  maxBytes?: number
  /** Attempts shown as "n of m" before the phase is `queued`. Integer ≥ 1. @default 5 */
  maxAttempts?: number
  /** Requests at once. Integer from 1 to 8. @default 4 */
  parallel?: number
}

export interface Limits {
  maxUnfinished: number
  maxBytes: number
  parallel: number
  maxAttempts: number | undefined
}

/** More would crowd out the page's own requests to the same origin. */
const MOST_IN_PARALLEL = 8

/** @throws {RangeError} when a limit is out of range */
export function limitsOf({ maxUnfinished = 1_000, maxBytes = 5_000_000, maxAttempts, parallel = 4 }: SyncClientSettings): Limits {
  atLeastOne('maxUnfinished', maxUnfinished)
  atLeastOne('maxBytes', maxBytes)
  if (maxAttempts !== undefined) atLeastOne('maxAttempts', maxAttempts)
  if (!(Number.isInteger(parallel) && parallel >= 1 && parallel <= MOST_IN_PARALLEL)) {
    throw new RangeError(`createSyncClient: parallel must be an integer from 1 to ${MOST_IN_PARALLEL}, received ${parallel}`)
  }
  return { maxUnfinished, maxBytes, maxAttempts, parallel }
}

function atLeastOne(name: string, value: number): void {
  if (!(value >= 1)) throw new RangeError(`createSyncClient: ${name} must be at least 1, received ${value}`)
}
