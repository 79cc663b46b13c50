import type { ConnectivityView, Identity, SyncClient } from '@org/sync-core'

const loading: Identity = { state: 'loading' }
const online: ConnectivityView = {
  online: true,
  pendingCount: 0,
  waitsForServer: false,
  attentionCount: 0,
  waitingForSignIn: 0,
  durability: 'disk',
}
const idleTable = { state: 'idle', lastSyncedAt: null } as const
const none: readonly never[] = []
const nothing = () => undefined
const getNone = () => none
const subscribe = () => nothing
const unreachable = async () => 'unreachable' as const
const refuse = () => {
  throw new Error('There is no sync client on a server. Call it in an event handler or an effect.')
}

/** Stands in for the client while rendering on a server: knows nothing, sends nothing. */
export const idleClient: SyncClient = {
  submit: refuse,
  // Asked only in the moment of hydration; the real client is asked right after.
  read: () => new Promise(() => {}),
  getIdentity: () => loading,
  refreshIdentity: async () => loading,
  getMutation: nothing,
  getLatestInLane: nothing,
  getRow: nothing,
  getRows: getNone,
  getQueue: getNone,
  getConnectivity: () => online,
  subscribeIdentity: subscribe,
  subscribeLane: subscribe,
  subscribeMutation: subscribe,
  subscribeRow: subscribe,
  subscribeTable: subscribe,
  subscribeQueue: subscribe,
  dismiss: nothing,
  retry: nothing,
  ingest: nothing,
  destroy: nothing,
  cancel: unreachable,
  discard: unreachable,
  syncQueue: async () => {},
  signOut: async () => ({ unknownFate: 0 }),
  realtime: { subscribe, getSubscriptions: getNone, getState: () => idleTable, subscribeState: subscribe },
}
