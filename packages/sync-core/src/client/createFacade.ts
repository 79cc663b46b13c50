import type { WhoIsHere } from '../identity/WhoIsHere.js'
import { SyncError } from '../mutation/SyncError.js'
import type { Clock } from '../ports/Clock.js'
import type { RealtimeController } from '../realtime/RealtimeSyncService.js'
import { inTime } from '../retry/inTime.js'
import type { MutationCallbacks, QueuedMutation, RowView, Submitted, SyncClient } from '../SyncClient.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { Listeners } from '../store/listeners.js'
import { errorText } from '../view/mutationError.js'
import type { ClientStatus } from './ClientStatus.js'
import type { CurrentUser } from './CurrentUser.js'
import type { KnownActions } from './KnownActions.js'

export interface FacadeOptions {
  clock: Clock
  whoIsHere: WhoIsHere
  current: CurrentUser
  status: ClientStatus
  actions: Pick<KnownActions, 'learn'>
  listeners: Listeners
  store: EntityStore
  realtime: RealtimeController
  read: SyncClient['read']
  destroy: () => void
}

const NO_CLICKS: readonly QueuedMutation[] = []
const NO_ROWS: readonly RowView[] = []
const LEAVE_MS = 10_000

/** The client components hold on to: it stays while users come and go, and hands each call to what belongs to the present one. */
export function createFacade(options: FacadeOptions): SyncClient {
  const { clock, whoIsHere, current, status, actions, listeners, store, realtime } = options
  const bounded = (work: Promise<unknown>, ms: number) => inTime(work, clock, ms).catch(() => undefined)

  function submit(...[action, request, settings = {}, callbacks]: Parameters<SyncClient['submit']>): Submitted<never> {
    actions.learn(action)
    if (current.scope === undefined || whoIsHere.state.isHidden) throw new SyncError('NOT_SIGNED_IN', errorText('NOT_SIGNED_IN'))
    return current.scope.submit(action, request, settings, callbacks as MutationCallbacks | undefined) as Submitted<never>
  }

  async function signOut({ mode = 'keep', timeoutMs = LEAVE_MS }: Parameters<SyncClient['signOut']>[0] = {}) {
    const { user } = whoIsHere.state
    if (mode !== 'keep') await bounded(current.whenSwitched(), timeoutMs)
    const { scope } = current
    if (mode === 'flush' && scope !== undefined) await bounded(scope.dispatcher.syncNow(), timeoutMs)
    const unknownFate = mode === 'discard' && scope !== undefined ? await scope.giveUpAll(timeoutMs) : 0
    whoIsHere.signOut(user)
    await bounded(current.whenSwitched(), timeoutMs)
    return { unknownFate }
  }

  async function refreshIdentity() {
    await whoIsHere.refresh()
    await current.whenSwitched()
    realtime.refreshAuth()
    return status.identity
  }

  async function syncQueue() {
    whoIsHere.hint()
    await current.scope?.dispatcher.syncNow()
  }

  return {
    submit,
    learn: (action) => actions.learn(action),
    getIdentity: () => status.identity,
    subscribeIdentity: (listener) => listeners.add('identity', listener),
    getMutation: (id) => current.scope?.views.get(id),
    getLatestInLane: (lane, actionName) => current.scope?.views.latestInLane(lane, actionName),
    subscribeLane: (lane, listener) => listeners.add(`lane:${lane}`, listener),
    subscribeMutation: (id, listener) => listeners.add(`mutation:${id}`, listener),
    adopt: (id, callbacks) => current.scope?.teller.adopt(id, callbacks),
    dismiss: (id) => void current.scope?.controls.dismiss(id),
    cancel: async (id) => current.scope?.controls.cancel(id) ?? 'unreachable',
    discard: async (id) => current.scope?.controls.discard(id) ?? 'unreachable',
    retry: (id) => current.scope?.controls.retry(id),
    getRow: (table, id) => (status.showsRows ? store.getRow(table, id) : undefined),
    subscribeRow: store.subscribeRow,
    getRows: (table) => (status.showsRows ? store.getRows(table) : NO_ROWS),
    subscribeTable: store.subscribeTable,
    // What comes late was loaded for somebody who has left.
    ingest: (table, rows) => void (current.scope && store.ingest(table, rows)),
    realtime: {
      getSubscriptions: () => realtime.getSubscriptions(),
      getState: (table) => realtime.getState(table),
      subscribeState: (listener) => realtime.subscribeState(listener),
      subscribe: (...given) => realtime.subscribe(...given),
    },
    getQueue: () => (status.showsRows && current.scope?.views.list()) || NO_CLICKS,
    getConnectivity: () => status.connectivity,
    subscribeQueue: (listener) => listeners.add('queue', listener),
    syncQueue,
    read: options.read,
    signOut,
    refreshIdentity,
    destroy: options.destroy,
  }
}
