import { createPollingChangeSource } from '../adapters/pollingChangeSource.js'
import type { SupabaseChangeSourceOptions, SupabaseLike } from '../adapters/supabaseChangeSource.js'
import { AnswerWatch, type WatchAnswers } from '../dispatch/AnswerWatch.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import { type RealtimeOptions, RealtimeService } from '../realtime/RealtimeService.js'
import type { RealtimeController } from '../realtime/RealtimeSyncService.js'
import { createRestSnapshot, type SnapshotLoader } from '../realtime/snapshot.js'
import { inTime } from '../retry/inTime.js'
import type { Tabs } from '../tabs/Tabs.js'
import { describeError } from '../telemetry/report.js'

/** Whatever is not there by then is done without. Milliseconds. */
const LOAD_LIMIT_MS = 20_000

export interface ConnectRealtimeOptions extends Omit<RealtimeOptions, 'source' | 'snapshot'> {
  /** Wins over `supabase`. */
  changeSource: ChangeSource | undefined
  supabase: SupabaseLike | undefined
  /** @default this API's lists */
  snapshot: SnapshotLoader | undefined
  getAccessToken: SupabaseChangeSourceOptions['getAccessToken'] | undefined
  tabs: Tabs
}

/** All that the page takes of this code. */
export interface RealtimeChunk {
  connectRealtime: (options: ConnectRealtimeOptions) => Promise<RealtimeController>
  watchAnswers: WatchAnswers
}

/** What a committed row proves of the click it names. */
export const watchAnswers: WatchAnswers = (options, hasten) => new AnswerWatch(options, hasten)

/** What keeps rows equal to the server's: code of its own, which a page loads with the first table it watches. */
export async function connectRealtime(options: ConnectRealtimeOptions, loadSupabase: LoadSupabase = () => import('./connectSupabase.js')) {
  const source = options.changeSource ?? (await sourceOf(options, loadSupabase))
  return new RealtimeService({ ...options, source, snapshot: options.snapshot ?? createRestSnapshot(options) })
}

type LoadSupabase = () => Promise<typeof import('./connectSupabase.js')>

async function sourceOf({ supabase, getAccessToken, ...rest }: ConnectRealtimeOptions, load: LoadSupabase): Promise<ChangeSource> {
  if (supabase === undefined) return createPollingChangeSource()
  try {
    const { connectSupabase } = await inTime(load(), rest.clock, LOAD_LIMIT_MS)
    return connectSupabase({ ...rest, supabase, ...(getAccessToken === undefined ? {} : { getAccessToken }) })
  } catch (error) {
    const message = `The code of Supabase Realtime could not be loaded, so changes are asked for every few seconds until the page is loaded anew. ${describeError(error)}`
    rest.report('CHUNK_MISSING', message)
    return createPollingChangeSource()
  }
}
