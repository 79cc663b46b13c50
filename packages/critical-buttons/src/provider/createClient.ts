import type { AnyAction } from '@org/contracts'
import type { SyncClient } from '@org/sync-core'
import type { SupabaseClient } from '@supabase/supabase-js'

/** How the buttons reach your API, and what your app knows that they do not. All optional. */
export interface CriticalButtonsOptions {
  /** Where the API is, for example "https://api.example.com". @default the page's own origin */
  apiUrl?: string
  /** A fresh access token, asked for before each attempt; null when signed out. @default the session cookie */
  getAccessToken?: () => Promise<string | null> | string | null
  /** Brings row changes by Supabase Realtime. @default by polling */
  supabase?: SupabaseClient
  /** Who is signed in, for teams whose API has no GET /api/session. */
  getIdentity?: () => Promise<{ actor: string; tenant: string } | null>
  /** Display name of a user id; undefined shows the id. */
  resolveUser?: (userId: string) => string | undefined
  /** Typed events about each mutation; never a message text, a token or a phone number. */
  onTelemetry?: (event: unknown) => void
  /** A team's own actions, so that ones stored by an earlier page load can be sent. */
  actions?: readonly AnyAction[]
  /** False for an API that does not echo `Idempotency-Key`. Then a captive portal's answer may count as success. @default true */
  requireKeyEcho?: boolean
}

/** Makes the client of a provider or of `configureCriticalButtons`. Browser only. */
export function createClient(options: CriticalButtonsOptions): SyncClient {
  throw new Error(`A client for ${options.apiUrl ?? 'this origin'} cannot be made yet; pass one to <CriticalButtonsProvider client={…}>.`)
}
