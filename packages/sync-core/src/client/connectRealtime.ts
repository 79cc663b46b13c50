import { createPollingChangeSource } from '../adapters/pollingChangeSource.js'
import type { SupabaseLike } from '../adapters/supabaseChangeSource.js'
import { AnswerWatch, type WatchAnswers } from '../dispatch/AnswerWatch.js'
import type { GetAccessToken } from '../identity/ApiClient.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import { type RealtimeOptions, RealtimeService } from '../realtime/RealtimeService.js'
import type { RealtimeController } from '../realtime/RealtimeSyncService.js'
import { createRestSnapshot, type SnapshotLoader } from '../realtime/snapshot.js'
import type { ChangeOrigin } from '../realtime/TableCounters.js'
import { inTime } from '../retry/inTime.js'
import type { Tabs } from '../tabs/Tabs.js'
import { describeError } from '../telemetry/report.js'

/** Whatever is not there by then is done without. Milliseconds. */
const LOAD_LIMIT_MS = 20_000

/** What a team can set of it. */
export interface RealtimeSettings {
  /** Wins over `supabase`. */
  changeSource?: ChangeSource | undefined
  supabase?: SupabaseLike | undefined
  /** @default this API's lists */
  snapshot?: SnapshotLoader | undefined
  getAccessToken?: GetAccessToken | undefined
}

export interface ConnectRealtimeOptions extends Omit<RealtimeOptions, 'source' | 'snapshot' | 'onEcho'> {
  settings: RealtimeSettings
  tabs: Tabs
  /** A committed change of this mutation was seen for the first time. */
  onEcho: (mutationKey: string, source: ChangeOrigin, watchAnswers: WatchAnswers) => void
}

/** All that the page takes of this code. */
export interface RealtimeChunk {
  connectRealtime: (options: ConnectRealtimeOptions) => Promise<RealtimeController>
}

/** What a committed row proves of the click it names. */
const watchAnswers: WatchAnswers = (options, hasten) => new AnswerWatch(options, hasten)

/** What keeps rows equal to the server's: code of its own, which a page loads with the first table it watches. */
export async function connectRealtime(options: ConnectRealtimeOptions, loadSupabase: LoadSupabase = () => import('./connectSupabase.js')) {
  const { settings, onEcho } = options
  const source = settings.changeSource ?? (await sourceOf(options, loadSupabase))
  const snapshot = settings.snapshot ?? createRestSnapshot(options)
  return new RealtimeService({ ...options, source, snapshot, onEcho: (...seen) => onEcho(...seen, watchAnswers) })
}

type LoadSupabase = () => Promise<typeof import('./connectSupabase.js')>

async function sourceOf({ settings, ...rest }: ConnectRealtimeOptions, load: LoadSupabase): Promise<ChangeSource> {
  const { supabase, getAccessToken: token } = settings
  if (supabase === undefined) return createPollingChangeSource()
  try {
    const { connectSupabase } = await inTime(load(), rest.clock, LOAD_LIMIT_MS)
    const getAccessToken = token && (async () => (await token({ forceRefresh: false })) ?? null)
    return connectSupabase({ ...rest, supabase, ...(getAccessToken === undefined ? {} : { getAccessToken }) })
  } catch (error) {
    const message = `The code of Supabase Realtime could not be loaded, so changes are asked for every few seconds until the page is loaded anew. ${describeError(error)}`
    rest.report('CHUNK_MISSING', message)
    return createPollingChangeSource()
  }
}
