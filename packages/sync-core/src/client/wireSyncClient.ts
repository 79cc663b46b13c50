import { ACTIONS, type AnyAction, PATHS } from '@org/contracts/client'
import type { SupabaseChangeSourceOptions } from '../adapters/supabaseChangeSource.js'
import { ApiClient, type GetAccessToken } from '../identity/ApiClient.js'
import type { GetIdentity } from '../identity/Session.js'
import { uuidv7 } from '../mutation/uuidv7.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import type { Telemetry } from '../ports/Telemetry.js'
import type { Transport } from '../ports/Transport.js'
import { LazyRealtime } from '../realtime/LazyRealtime.js'
import type { RealtimeController } from '../realtime/RealtimeSyncService.js'
import type { SnapshotLoader } from '../realtime/snapshot.js'
import type { SyncClient } from '../SyncClient.js'
import { createEntityStore } from '../store/createEntityStore.js'
import { createListeners } from '../store/listeners.js'
import { Tabs } from '../tabs/Tabs.js'
import { LoopTimes } from '../telemetry/LoopTimes.js'
import { createReport } from '../telemetry/report.js'
import type { ClientParts } from './ClientParts.js'
import type { ConnectRealtimeOptions } from './connectRealtime.js'
import { createClient } from './createClient.js'
import { noteReached } from './noteReached.js'

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
  /** Loads the code that keeps rows true. @default a dynamic import, which bundlers make a chunk of its own */
  loadRealtime?: () => Promise<{ connectRealtime: (options: ConnectRealtimeOptions) => Promise<RealtimeController> }>
}

/** What a team tells its client. Everything is optional: without any, same origin, session cookie and polling. */
export interface SyncClientSettings {
  /** Origin and prefix of the API, for example "https://api.example.com". @default "", the page's own origin */
  apiUrl?: string
  /** A fresh access token, asked for at each attempt and never stored; null when signed out. @default the session cookie */
  getAccessToken?: GetAccessToken
  /** Who is signed in, for an API without GET /api/session. */
  getIdentity?: GetIdentity
  /** Brings row changes by Supabase Realtime. @default polling */
  supabase?: SupabaseChangeSourceOptions['supabase']
  /** Brings row changes another way; wins over `supabase`. */
  changeSource?: ChangeSource
  /** Reads all rows of a table, for tables of one's own. @default this API's lists */
  snapshot?: SnapshotLoader
  /** A team's own actions beside the built-in ones, so that those stored by an earlier page load can be sent. */
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

/** More would crowd out the page's own requests to the same origin. */
const MOST_IN_PARALLEL = 8

/**
 * Wires a client from given adapters; the one place where parts meet. `createSyncClient` does so with a browser's.
 * @throws {RangeError} when a limit is out of range
 */
export function wireSyncClient(settings: SyncClientSettings, adapters: ClientAdapters): SyncClient {
  const { clock, random, connectivity, locks } = adapters
  const telemetry = createTelemetry(settings.onTelemetry)
  const report = createReport({ telemetry, clock })
  const store = createEntityStore({ report })
  const { transport, reached } = noteReached(adapters.transport)
  const api = new ApiClient({ ...adapters, transport, getAccessToken: settings.getAccessToken })
  const loopTimes = new LoopTimes(clock, telemetry)
  const tabId = uuidv7(clock, random)
  const tabs = new Tabs({ tabId, locks, clock, connectivity, openTabChannel: adapters.tabChannel, report })
  const read: SyncClient['read'] = async (path, init) => {
    const answer = await api.request({ method: 'GET', path, signal: init?.signal })
    if (answer.kind === 'failure')
      throw new TypeError(`GET ${path} got no answer (${answer.reason}). Read it again when the network is back.`)
    return { status: answer.status, body: answer.json }
  }
  const actions = new Map<string, AnyAction>([...ACTIONS, ...(settings.actions ?? [])].map((action) => [action.name, action]))
  const parts: ClientParts = {
    api,
    clock,
    random,
    connectivity,
    locks,
    openStorage: adapters.storage,
    openTabChannel: adapters.tabChannel,
    store,
    report,
    loopTimes,
    listeners: createListeners(report),
    tabId,
    tabs,
    findAction: (name) => actions.get(name),
    limits: limitsOf(settings),
    requireKeyEcho: settings.requireKeyEcho ?? true,
  }
  return createClient({
    parts,
    actions,
    read,
    realtimeOf: (onEcho) => lazyRealtime({ parts, read, reached, onEcho, loadRealtime: adapters.loadRealtime }, settings),
    getIdentity: settings.getIdentity,
    apiUrl: settings.apiUrl ?? '',
  })
}

/** Realtime's code comes with the first watched table; without it everything else works. */
function lazyRealtime(
  { parts, read, reached, onEcho, loadRealtime = () => import('./connectRealtime.js') }: LazyParts,
  { changeSource, supabase, snapshot, getAccessToken }: SyncClientSettings,
): RealtimeController {
  return new LazyRealtime({
    ...parts,
    reached,
    probe: () => read(PATHS.syncChanges),
    load: async () => {
      const { connectRealtime } = await loadRealtime()
      const token = getAccessToken && (async () => (await getAccessToken({ forceRefresh: false })) ?? null)
      return connectRealtime({ ...parts, read, onEcho, changeSource, supabase, snapshot, getAccessToken: token })
    },
    onUnused: () => changeSource?.close(),
  })
}

interface LazyParts extends Pick<ClientAdapters, 'loadRealtime'>, Pick<ConnectRealtimeOptions, 'read' | 'onEcho'> {
  parts: ClientParts
  reached: Promise<void>
}

function limitsOf({ maxUnfinished = 1_000, maxBytes = 5_000_000, maxAttempts, parallel = 4 }: SyncClientSettings): ClientParts['limits'] {
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

declare global {
  /** `window.DEBUG_SYNC = true`, in a console too, logs each telemetry event: without a build, without a reload. */
  var DEBUG_SYNC: boolean | undefined
}

function createTelemetry(onTelemetry: Telemetry | undefined): Telemetry {
  return (event) => {
    if (globalThis.DEBUG_SYNC) console.log('[sync]', event.type, event)
    try {
      onTelemetry?.(event)
    } catch {
      // A team's telemetry must not break a mutation, and has nowhere to be reported to.
    }
  }
}
