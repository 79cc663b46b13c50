import type { AnyAction } from '@org/contracts/client'
import { type GetIdentity, Session } from '../identity/Session.js'
import { originName, type User } from '../identity/scopeName.js'
import { SyncError } from '../mutation/SyncError.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { openStorageSafely } from '../queue/openStorageSafely.js'
import type { RealtimeOptions } from '../realtime/RealtimeService.js'
import type { RealtimeController, RowChangeEvent } from '../realtime/RealtimeSyncService.js'
import { backoff } from '../retry/backoff.js'
import { inTime } from '../retry/inTime.js'
import type { ConnectivityView, MutationCallbacks, QueuedMutation, Submitted, SyncClient } from '../SyncClient.js'
import { errorText } from '../view/mutationError.js'
import type { ClientParts } from './ClientParts.js'
import { UserScope } from './UserScope.js'

export interface ClientOptions {
  parts: ClientParts
  read: SyncClient['read']
  realtimeOf: (onEcho: RealtimeOptions['onEcho']) => RealtimeController
  actions: Map<string, AnyAction>
  getIdentity: GetIdentity | undefined
  apiUrl: string
}

const EMPTY: readonly QueuedMutation[] = []
/** The checks without effect after which they come no more than twice a minute. */
const MOST_PATIENT = 7
const FLUSH_MS = 10_000

/** The client components hold on to: it stays while users come and go, and hands each call to the present one's scope. */
export function createClient({ parts, actions, getIdentity, apiUrl, read, realtimeOf }: ClientOptions): SyncClient {
  const { clock, connectivity, listeners, store, loopTimes } = parts
  let scope: UserScope | undefined
  let lastConnectivity: ConnectivityView | undefined
  let signInChecks = 0
  let cancelSignInCheck = () => {}

  const realtime = realtimeOf(echoed)
  const session = new Session({
    ...parts,
    getIdentity,
    openMemory: () => openStorageSafely(`${originName(apiUrl)}:user`, parts),
    onUser: switchTo,
    onChange: tellEveryone,
  })
  const tabs = parts.openTabChannel(originName(apiUrl))
  // Someone signed in or out in another tab: nobody may go on as the former user here.
  const stops = [connectivity.subscribe(hinted), tabs.subscribe(() => void session.refresh())]
  void session.start()

  function tellEveryone(): void {
    for (const key of listeners.keys()) listeners.run(key)
  }

  async function switchTo(user: User | null): Promise<void> {
    scope?.close()
    scope = undefined
    store.purge()
    realtime.setScope(null)
    tellEveryone()
    if (user === null) return
    scope = await UserScope.open(user, {
      ...parts,
      onAcknowledged,
      onSignInNeeded: signInNeeded,
      onActorMismatch: () => void refreshIdentity(),
    })
    realtime.setScope(scope.name)
    scope.dispatcher.start()
  }

  function onAcknowledged(): void {
    // Not as soon as it is tried again: while that is of no use, what is shown would come and go.
    if (signInChecks > 0) scope?.contextChanged()
    signInChecks = 0
    realtime.nudge()
  }

  function hinted(event: ConnectivityEvent): void {
    const isBack = event === 'online' || event === 'visible'
    if (isBack) session.hint()
    if (isBack && scope?.dispatcher.needsSignIn) void refreshIdentity()
    scope?.hear(event)
  }

  /** A committed change of a mutation was seen. */
  function echoed(mutationKey: string, source: 'realtime' | 'catch-up'): void {
    const record = scope?.queue.mirror.get(mutationKey)
    if (record === undefined) return
    loopTimes.echoed(mutationKey, record.action, source)
    // The server owns it (202) and its row has moved: ask now instead of waiting for the next turn.
    if (record.state === 'waiting') scope?.dispatcher.hasten([mutationKey])
  }

  /** There is no token, or it was refused: find out whether anyone is signed in, ever less often while that helps nothing. */
  function signInNeeded(): void {
    cancelSignInCheck()
    signInChecks = Math.min(signInChecks + 1, MOST_PATIENT)
    cancelSignInCheck = clock.setTimer(() => void refreshIdentity(), backoff(signInChecks, parts.random))
    scope?.contextChanged()
  }

  async function refreshIdentity() {
    const identity = await session.refresh()
    if (identity.state === 'signed-in') scope?.dispatcher.signedIn()
    realtime.refreshAuth()
    return identity
  }

  function submit(...[action, request, options = {}, callbacks]: Parameters<SyncClient['submit']>): Submitted<never> {
    if (!actions.has(action.name)) actions.set(action.name, action)
    if (scope === undefined || session.identity.state !== 'signed-in') {
      throw new SyncError('NOT_SIGNED_IN', errorText('NOT_SIGNED_IN'))
    }
    return scope.submit(action, request, options, callbacks as MutationCallbacks | undefined) as Submitted<never>
  }

  function withOwnTab(event: RowChangeEvent): RowChangeEvent {
    const key = event.origin.mutationKey
    const writer = key === null ? undefined : scope?.queue.mirror.get(key)
    return { ...event, origin: { ...event.origin, ownTab: writer?.origin.tabId === parts.tabId } }
  }

  function getConnectivity(): ConnectivityView {
    const queue = scope?.queue
    const next: ConnectivityView = {
      online: scope === undefined ? connectivity.isOnline() : !scope.outlook.isOffline,
      pendingCount: queue?.mirror.countClicks('queued', 'sending', 'waiting', 'blocked') ?? 0,
      attentionCount: queue === undefined ? 0 : queue.mirror.countClicks('dead', 'unknown') + queue.unreadable.length,
      durability: queue?.durability ?? 'disk',
    }
    if (JSON.stringify(next) !== JSON.stringify(lastConnectivity)) lastConnectivity = next
    return lastConnectivity ?? next
  }

  const takeBack = (verb: 'cancel' | 'discard') => async (id: string) =>
    scope === undefined ? 'unreachable' : scope.controls[verb](scope.views.resolve(id))

  async function signOut({ mode = 'keep', timeoutMs = FLUSH_MS }: Parameters<SyncClient['signOut']>[0] = {}): Promise<void> {
    if (scope !== undefined && mode === 'flush') await within(timeoutMs, scope.dispatcher.syncNow())
    if (scope !== undefined && mode === 'discard') {
      const { dispatcher, controls, views } = scope
      dispatcher.stop()
      await within(timeoutMs, Promise.all(views.list().map(({ id }) => controls.discard(id))))
    }
    await session.signOut()
    tabs.post({ type: 'user' })
  }

  function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
    return inTime(work, clock, timeoutMs).then(
      () => undefined,
      () => undefined,
    )
  }

  return {
    submit,
    getIdentity: () => session.identity,
    subscribeIdentity: (listener) => listeners.add('identity', listener),
    getMutation: (id) => scope?.views.get(id),
    getLatestInLane: (lane, actionName) => scope?.views.latestInLane(lane, actionName),
    subscribeLane: (lane, listener) => listeners.add(`lane:${lane}`, listener),
    subscribeMutation: (id, listener) => listeners.add(`mutation:${id}`, listener),
    adopt: (id, callbacks) => scope?.adopt(id, callbacks) ?? (() => {}),
    dismiss: (id) => void scope?.controls.dismiss(scope.views.resolve(id)),
    cancel: takeBack('cancel'),
    discard: takeBack('discard'),
    retry: (id) => scope?.retry(id),
    getRow: store.getRow,
    subscribeRow: store.subscribeRow,
    getRows: store.getRows,
    subscribeTable: store.subscribeTable,
    ingest: store.ingest,
    realtime: {
      getSubscriptions: () => realtime.getSubscriptions(),
      getState: (table) => realtime.getState(table),
      subscribeState: (listener) => realtime.subscribeState(listener),
      subscribe: (table, callback, options) => realtime.subscribe(table, (event) => callback(withOwnTab(event)), options),
    },
    getQueue: () => scope?.views.list() ?? EMPTY,
    getConnectivity,
    subscribeQueue: (listener) => listeners.add('queue', listener),
    syncQueue: async () => scope?.dispatcher.syncNow(),
    read,
    signOut,
    refreshIdentity,
    destroy: () => {
      for (const stop of stops.splice(0)) stop()
      cancelSignInCheck()
      session.close()
      scope?.close()
      scope = undefined
      realtime.destroy()
      tabs.close()
    },
  }
}
