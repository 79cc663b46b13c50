import type { AnyAction } from '@org/contracts/client'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { Platform } from '../ports/Platform.js'
import type { RealtimeController } from '../realtime/RealtimeSyncService.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { Listeners } from '../store/listeners.js'
import type { Tabs } from '../tabs/Tabs.js'
import type { LoopTimes } from '../telemetry/LoopTimes.js'
import type { ClientStatus } from './ClientStatus.js'
import type { Limits } from './SyncClientSettings.js'

/** What all users of one client share, and each user's part of it stands on. */
export interface ClientParts extends Platform {
  openStorage: OpenStorage
  store: EntityStore
  loopTimes: LoopTimes
  /** Keys: `lane:<name>`, `mutation:<id>`, `queue`, `identity`. */
  listeners: Listeners
  /** This page load, or this client in it. */
  tabId: string
  /** This tab among the others. */
  tabs: Tabs
  findAction: (name: string) => AnyAction | undefined
  /** A stored click waits for it. */
  needAction: (name: string) => void
  limits: Limits
  requireKeyEcho: boolean
  realtime: Pick<RealtimeController, 'nudge' | 'refreshAuth'>
  status: Pick<ClientStatus, 'queueChanged' | 'allChanged'>
}
