import { PATHS } from '@org/contracts/client'
import { ApiClient } from '../identity/ApiClient.js'
import { mayStateSend } from '../identity/IdentityState.js'
import { IdentityTrouble } from '../identity/identityTrouble.js'
import { OriginMemory } from '../identity/OriginMemory.js'
import { ORIGIN_MESSAGES } from '../identity/originMessages.js'
import { originName } from '../identity/scopeName.js'
import { UserSession } from '../identity/UserSession.js'
import { WhoIsHere } from '../identity/WhoIsHere.js'
import { uuidv7 } from '../mutation/uuidv7.js'
import type { Platform } from '../ports/Platform.js'
import type { Telemetry } from '../ports/Telemetry.js'
import { Disk } from '../queue/Disk.js'
import { LazyRealtime } from '../realtime/LazyRealtime.js'
import type { SyncClient } from '../SyncClient.js'
import { createEntityStore } from '../store/createEntityStore.js'
import { createListeners } from '../store/listeners.js'
import { Tabs } from '../tabs/Tabs.js'
import { LoopTimes } from '../telemetry/LoopTimes.js'
import { createExplain, createReport } from '../telemetry/report.js'
import type { ClientParts } from './ClientParts.js'
import { ClientStatus } from './ClientStatus.js'
import { CurrentUser } from './CurrentUser.js'
import type { ConnectRealtimeOptions } from './connectRealtime.js'
import { createFacade } from './createFacade.js'
import { KnownActions } from './KnownActions.js'
import { type ClientAdapters, limitsOf, type SyncClientSettings } from './SyncClientSettings.js'
import { UserScope } from './UserScope.js'

/**
 * Wires a client from given adapters; the one place where parts meet, from the platform up to what components hold.
 * `createSyncClient` does so with a browser's.
 * @throws {RangeError} when a limit is out of range
 */
export function wireSyncClient(settings: SyncClientSettings, adapters: ClientAdapters): SyncClient {
  const { clock, random, connectivity, locks, warn = (text) => console.warn(text) } = adapters
  const { apiUrl = '', getAccessToken, getIdentity } = settings
  const origin = originName(apiUrl)
  const limits = limitsOf(settings)

  // What everything stands on.
  const telemetry = createTelemetry(settings.onTelemetry)
  const explain = createExplain(adapters.loadExplanations ?? (() => import('../telemetry/explanations.js')), clock)
  const report = createReport({ telemetry, clock, explain })
  const platform: Platform = { clock, random, connectivity, locks, report }
  const listeners = createListeners(report)
  const tabId = uuidv7(clock, random)
  const tabs = new Tabs({ tabId, locks, clock, connectivity, openTabChannel: adapters.tabChannel, report })

  // Who is here.
  const api = new ApiClient({ transport: adapters.transport, locks, clock, getAccessToken })
  const memory = new OriginMemory({
    disk: new Disk({ name: `${origin}:origin`, openStorage: adapters.storage, clock, onLost: () => {} }),
    tabMemory: adapters.tabMemory,
    name: origin,
    onCounted: () => status.queueChanged(),
  })
  const trouble = new IdentityTrouble(async (reason, seen) => {
    const message = await explain('IDENTITY_UNAVAILABLE', { reason, ...(seen && { error: seen }) })
    warn(`[critical-buttons] ${message}`)
    report('IDENTITY_UNAVAILABLE', message, { reason })
    callSafely(() => settings.onIdentityError?.({ reason, message }))
  })
  const talk = tabs.talk(origin, ORIGIN_MESSAGES)
  const whoIsHere = new WhoIsHere({
    platform,
    api,
    getIdentity,
    memory,
    talk,
    onChange: (change) => {
      trouble.note(change)
      current.note(change)
      status.allChanged()
      if (mayStateSend(change.after) === 'yes' && mayStateSend(change.before) !== 'yes') realtime.refreshAuth()
    },
  })

  // The rows they may see, read once it is known for whom, and their changes: code that comes with the first watched
  // table; without it everything else works.
  const store = createEntityStore({ report })
  const actions = new KnownActions({
    given: settings.actions ?? [],
    report,
    onFound: (name) => current.scope?.reactions.understand(name),
  })
  const loopTimes = new LoopTimes(clock, telemetry)
  const read = readerOf(api, whoIsHere)
  const readRows: SyncClient['read'] = async (path, init) => {
    await whoIsHere.whenAnswered()
    if (mayStateSend(whoIsHere.state) === 'no') throw new TypeError(`GET ${path} was not sent: it is not known who is signed in.`)
    return read(path, init)
  }
  const { loadRealtime = () => import('./connectRealtime.js') } = adapters
  const realtime = new LazyRealtime({
    platform,
    reached: api.reached,
    probe: () => readRows(PATHS.syncChanges),
    load: async () => {
      const { connectRealtime } = await loadRealtime()
      const onEcho: ConnectRealtimeOptions['onEcho'] = (...seen) => current.scope?.reactions.echoed(...seen)
      const isOwn = (key: string) => current.scope?.queue.records.get(key)?.origin.tabId === tabId
      return connectRealtime({ ...platform, settings, tabs, store, read: readRows, onEcho, isOwn })
    },
    onUnused: () => settings.changeSource?.close(),
  })

  // What belongs to whoever is here, and how all this stands for components.
  const current = new CurrentUser({
    memory,
    open: (user) => new UserScope(user, new UserSession(user, whoIsHere), parts),
    onLeft: () => {
      store.purge()
      realtime.setUser(null)
    },
    onCame: (scope) => {
      realtime.setUser(scope.user)
      scope.dispatcher.start()
      status.allChanged()
    },
  })
  const status = new ClientStatus({ whoIsHere, current, memory, connectivity, store, listeners })
  const parts: ClientParts = {
    ...platform,
    openStorage: adapters.storage,
    store,
    loopTimes,
    listeners,
    tabId,
    tabs,
    findAction: actions.find,
    needAction: (name) => actions.need(name),
    limits,
    requireKeyEcho: settings.requireKeyEcho ?? true,
    realtime,
    status,
  }

  const stopHearing = connectivity.subscribe((event) => {
    whoIsHere.hear(event)
    current.scope?.hear(event)
    if (event === 'online' || event === 'offline') status.allChanged()
  })
  void whoIsHere.start()

  function destroy(): void {
    stopHearing()
    whoIsHere.close()
    current.close()
    realtime.destroy()
    memory.close()
    talk.close()
  }

  return createFacade({ clock, whoIsHere, current, status, actions, listeners, store, realtime, read, destroy })
}

function readerOf(api: ApiClient, whoIsHere: WhoIsHere): SyncClient['read'] {
  return async (path, init) => {
    const { user } = whoIsHere.state
    const answer = await api.request({ method: 'GET', path, signal: init?.signal })
    if (answer.kind === 'failure')
      throw new TypeError(`GET ${path} got no answer (${answer.reason}). Read it again when the network is back.`)
    if (user !== null && whoIsHere.state.user !== user)
      throw new TypeError(`GET ${path} was answered for somebody who has left meanwhile. Read it again for whoever is here.`)
    return { status: answer.status, body: answer.json }
  }
}

declare global {
  /** `window.DEBUG_SYNC = true`, in a console too, logs each telemetry event: without a build, without a reload. */
  var DEBUG_SYNC: boolean | undefined
}

function createTelemetry(onTelemetry: Telemetry | undefined): Telemetry {
  return (event) => {
    if (globalThis.DEBUG_SYNC) console.log('[sync]', event.type, event)
    callSafely(() => onTelemetry?.(event))
  }
}

function callSafely(tell: () => void): void {
  try {
    tell()
  } catch {
    // Whom a team has told of trouble must not make more of it, and has nowhere to be reported to.
  }
}
