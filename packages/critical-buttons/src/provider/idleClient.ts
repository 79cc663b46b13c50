import type { ConnectivityView, Identity, RealtimeSyncService, SyncClient } from '@org/sync-core'

const LOADING: Identity = { state: 'loading' }
const ONLINE: ConnectivityView = { online: true, pendingCount: 0, attentionCount: 0, durability: 'disk' }
const IDLE_TABLE = { state: 'idle', lastSyncedAt: null } as const
const NOTHING: readonly never[] = []
const unsubscribe = () => {}
const subscribe = () => unsubscribe

const idleRealtime: RealtimeSyncService = {
  subscribe,
  getSubscriptions: () => NOTHING,
  getState: () => IDLE_TABLE,
  subscribeState: subscribe,
}

function refuse(verb: string): never {
  throw new Error(
    `${verb} was called while rendering on a server. Call it in an event handler or an effect, which run in the browser only.`,
  )
}

/** Stands in for the client while rendering on a server: knows nothing, sends nothing. */
export const idleClient: SyncClient = {
  submit: () => refuse('submit'),
  getIdentity: () => LOADING,
  subscribeIdentity: subscribe,
  getMutation: () => undefined,
  getLatestInLane: () => undefined,
  subscribeLane: subscribe,
  subscribeMutation: subscribe,
  dismiss: unsubscribe,
  cancel: async () => 'unreachable',
  retry: unsubscribe,
  getRow: () => undefined,
  subscribeRow: subscribe,
  getRows: () => NOTHING,
  subscribeTable: subscribe,
  ingest: unsubscribe,
  realtime: idleRealtime,
  getQueue: () => NOTHING,
  getConnectivity: () => ONLINE,
  subscribeQueue: subscribe,
  syncQueue: async () => {},
  discard: async () => 'unreachable',
  read: async () => refuse('read'),
  signOut: async () => {},
  refreshIdentity: async () => LOADING,
  destroy: unsubscribe,
}
