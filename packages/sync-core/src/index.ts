export type { ClientErrorCode } from '@org/contracts/client'
export type { ClientAdapters, SyncClientSettings } from './client/SyncClientSettings.js'
export { wireSyncClient } from './client/wireSyncClient.js'
export { createSyncClient, type SyncClientOptions } from './createSyncClient.js'
export type { GetAccessToken } from './identity/ApiClient.js'
export type { GetIdentity } from './identity/askWho.js'
export type { IdentityError } from './identity/identityTrouble.js'
export type { User } from './identity/scopeName.js'
export { SyncError } from './mutation/SyncError.js'
export { sameRequest } from './mutation/sameRequest.js'
export type { ChangeSource, FeedHandlers, FeedStatus } from './ports/ChangeSource.js'
export type { Clock } from './ports/Clock.js'
export type { Connectivity, ConnectivityEvent } from './ports/Connectivity.js'
export type { LockRequest, Locks } from './ports/Locks.js'
export type { MutationStorage, OpenStorage, StorageKey, StorageReader, StorageWrite } from './ports/MutationStorage.js'
export type { Random } from './ports/Random.js'
export type { OpenTabChannel, TabChannel } from './ports/TabChannel.js'
export type { TabMemory } from './ports/TabMemory.js'
export type { ClosureRecord, DiagnosticCode, Telemetry, TelemetryEvent } from './ports/Telemetry.js'
export type { Transport, TransportAnswer, TransportRequest } from './ports/Transport.js'
export type { RealtimeSyncService, RowChangeEvent, RowOrigin, SubscriptionInfo, TableState } from './realtime/RealtimeSyncService.js'
export type { SnapshotLoader } from './realtime/snapshot.js'
export type {
  ConnectivityView,
  ErrorOf,
  Identity,
  IdentityReason,
  MutationCallbacks,
  MutationError,
  MutationPhase,
  MutationProgress,
  MutationView,
  QueuedMutation,
  RowView,
  SignedOutResult,
  SubmitOptions,
  Submitted,
  SyncClient,
} from './SyncClient.js'
export { errorText } from './view/mutationError.js'
